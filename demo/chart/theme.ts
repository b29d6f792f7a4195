/** Colours and font of a chart, from the page's style sheet. */
export interface Theme {
  lines: string[];
  /** The same colours, translucent. */
  bands: string[];
  marks: Record<"added" | "changed" | "removed", string>;
  muted: string;
  grid: string;
  font: string;
}

export function panelTheme(element: Element): Theme {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const numbers = [1, 2, 3, 4, 5, 6];
  return {
    lines: numbers.map((n) => read(`--line-${n}`)),
    bands: numbers.map((n) => `${read(`--line-${n}`)}38`),
    marks: {
      added: `${read("--line-3")}30`,
      changed: `${read("--line-5")}38`,
      removed: `${read("--line-6")}30`,
    },
    // The style sheet gives these for light and dark, which a canvas does not understand.
    muted: resolvedColour("--muted"),
    grid: resolvedColour("--hairline"),
    font: `12px ${style.fontFamily}`,
  };
}

/** Returns a colour of the style sheet as other programs know it: `rgb(23, 24, 26)`, whatever it depends on. */
export function resolvedColour(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Dashes of lines beyond the number of colours, in CSS pixels, so that no two lines look the same. */
const DASHES: readonly number[][] = [
  [8, 4],
  [2, 3],
];

/** The dash of a line that shows another state of one that is drawn through. */
export const OTHER_STATE_DASH: number[] = [5, 4];

/** Returns the dash of a chart's line; undefined for one that is drawn through. */
export function dashOf(line: number): number[] | undefined {
  const round = Math.floor(line / 6);
  return round === 0 ? undefined : DASHES[(round - 1) % DASHES.length];
}
