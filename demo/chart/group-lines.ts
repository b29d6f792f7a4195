/** Times its own range that the axis of a line may have, so that its course can still be seen. */
const MAX_SCALE = 50;

/** What determines whether lines can share a y axis. */
export interface YExtent {
  unit: string | undefined;
  column: string;
  bool: boolean;
  low: number;
  high: number;
}

/** Returns the overlap of two ranges, from 0 (disjoint) to 1 (equal). */
function overlap(a: YExtent, b: YExtent): number {
  const shared = Math.min(a.high, b.high) - Math.max(a.low, b.low);
  const union = Math.max(a.high, b.high) - Math.min(a.low, b.low);
  return union > 0 ? Math.max(0, shared) / union : 1;
}

/**
 * Lines of the same unit share an axis. Without units, lines of one column do, unless one would be flat beside the other,
 * and those whose ranges overlap by more than half.
 */
function canShareAxis(a: YExtent, b: YExtent): boolean {
  if (a.bool || b.bool) return a.bool && b.bool;
  if (a.unit !== undefined || b.unit !== undefined) return a.unit === b.unit;
  return overlap(a, b) > 0.5 || (a.column === b.column && isReadable(a, b));
}

function isReadable(a: YExtent, b: YExtent): boolean {
  const union = Math.max(a.high, b.high) - Math.min(a.low, b.low);
  return [a, b].every(({ low, high }) => high === low || union <= MAX_SCALE * (high - low));
}

/** Groups lines into panels, each with one y axis. Keeps their order. */
export function groupLines<C extends YExtent>(columns: readonly C[]): C[][] {
  const panels: C[][] = [];
  for (const column of columns) {
    const panel = panels.find(([first]) => first && canShareAxis(first, column));
    if (panel) panel.push(column);
    else panels.push([column]);
  }
  return panels;
}
