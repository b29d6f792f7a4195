import type uPlot from "uplot";

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
    muted: read("--muted"),
    grid: read("--hairline"),
    font: `12px ${style.fontFamily}`,
  };
}

const DAY = 86_400_000;

/**
 * Labels of a time axis, for uPlot. Each row: the smallest distance of labels in milliseconds that it applies
 * to, the label, and what is added to the first label of each year, month, day, hour, minute and second.
 */
export const TIME_LABELS: uPlot.Axis.Values = [
  [365 * DAY, "{YYYY}", null, null, null, null, null, null, 1],
  [28 * DAY, "{MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [DAY, "{D} {MMM}", "\n{YYYY}", null, null, null, null, null, 1],
  [60_000, "{HH}:{mm}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [1000, "{HH}:{mm}:{ss}", "\n{D} {MMM} {YYYY}", null, "\n{D} {MMM}", null, null, null, 1],
  [
    1,
    ":{ss}.{fff}",
    "\n{D} {MMM} {YYYY} {HH}:{mm}",
    null,
    "\n{D} {MMM} {HH}:{mm}",
    null,
    "\n{HH}:{mm}",
    null,
    1,
  ],
];
