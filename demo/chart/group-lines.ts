/** What decides whether columns can share a y axis. */
export interface YExtent {
  unit: string | undefined;
  low: number;
  high: number;
}

/** How much two ranges overlap, from 0 (not at all) to 1 (equal). */
function overlap(a: YExtent, b: YExtent): number {
  const shared = Math.min(a.high, b.high) - Math.max(a.low, b.low);
  const whole = Math.max(a.high, b.high) - Math.min(a.low, b.low);
  return whole > 0 ? Math.max(0, shared) / whole : 1;
}

/** Columns of one unit belong together; where no unit is known, those whose values lie in much the same range. */
function canShareAxis(a: YExtent, b: YExtent): boolean {
  return a.unit === undefined && b.unit === undefined ? overlap(a, b) > 0.5 : a.unit === b.unit;
}

/** Sorts columns into panels, each with a y axis of its own. Keeps their order. */
export function groupLines<C extends YExtent>(columns: readonly C[]): C[][] {
  const panels: C[][] = [];
  for (const column of columns) {
    const panel = panels.find(([first]) => first && canShareAxis(first, column));
    if (panel) panel.push(column);
    else panels.push([column]);
  }
  return panels;
}
