/** Colours and type of a chart, from the page's style sheet. */
export interface Theme {
  lines: string[];
  /** The same colours, translucent. */
  bands: string[];
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
    muted: read("--muted"),
    grid: read("--hairline"),
    font: `12px ${style.fontFamily}`,
  };
}
