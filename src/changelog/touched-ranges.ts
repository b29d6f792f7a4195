import { type Cut, compareCuts, type Interval } from "../model/key.ts";

/** A range of one series that a revision touched. */
export interface TouchedRange extends Interval {
  readonly label: string;
}

/** The ranges that one revision touched. They may overlap. */
export interface Touches<T> {
  readonly by: T;
  readonly ranges: readonly TouchedRange[];
}

/** A range of one series with everything that touched it. */
export interface OverlaidRange<T> extends TouchedRange {
  /** Latest first. Never empty. */
  readonly touchedBy: readonly T[];
}

/**
 * Splits overlapping touched ranges into disjoint ones, each with all that touched it.
 *
 * @param touches in order of time, earliest first
 * @returns the ranges of each label, sorted
 */
export function overlayTouchedRanges<T>(touches: readonly Touches<T>[]): Map<string, OverlaidRange<T>[]> {
  const byLabel = new Map<string, Edge[]>();
  touches.forEach(({ ranges }, order) => {
    for (const { label, lo, hi } of ranges) {
      if (compareCuts(lo, hi) >= 0) continue;
      const edges = byLabel.get(label);
      const own: Edge[] = [
        { at: lo, order, opens: 1 },
        { at: hi, order, opens: -1 },
      ];
      if (edges) edges.push(...own);
      else byLabel.set(label, own);
    }
  });
  const ownerOf = (order: number) => touches[order]!.by;
  return new Map([...byLabel].map(([label, edges]) => [label, sweep(label, edges, ownerOf)]));
}

/** Where a range begins or ends. */
interface Edge {
  at: Cut;
  /** Position of its owner in the order of time. */
  order: number;
  opens: 1 | -1;
}

function sweep<T>(label: string, edges: Edge[], ownerOf: (order: number) => T): OverlaidRange<T>[] {
  const out: OverlaidRange<T>[] = [];
  const open = new Map<number, number>(); // open ranges per owner: its ranges may overlap
  let last: { orders: string; hi: Cut } | undefined;
  edges.sort((a, b) => compareCuts(a.at, b.at));
  edges.forEach(({ at, order, opens }, i) => {
    const count = (open.get(order) ?? 0) + opens;
    if (count === 0) open.delete(order);
    else open.set(order, count);
    const hi = edges[i + 1]?.at;
    if (open.size === 0 || !hi || compareCuts(at, hi) === 0) return;
    const sorted = [...open.keys()].sort((a, b) => b - a);
    const orders = sorted.join();
    const before = out.at(-1);
    if (before && last?.orders === orders && compareCuts(last.hi, at) === 0)
      out[out.length - 1] = { ...before, hi };
    else out.push({ label, lo: at, hi, touchedBy: sorted.map(ownerOf) });
    last = { orders, hi };
  });
  return out;
}

/** Whether all of `b` lies in `a`. */
export const covers = (a: Interval, b: Interval): boolean =>
  compareCuts(a.lo, b.lo) <= 0 && compareCuts(a.hi, b.hi) >= 0;
