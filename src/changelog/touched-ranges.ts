import { type Cut, compareCuts, type Interval } from "../model/key.ts";

/** A range of one series that a revision touched. */
export interface TouchedRange extends Interval {
  readonly label: string;
}

/** A range of one series, and which of the claims on it stand one behind the other. */
export interface OverlaidRange<T> extends TouchedRange {
  /** Who claimed it, latest first. Never empty. */
  readonly touchedBy: readonly T[];
}

/**
 * The claims as disjoint ranges, sorted by label and range, each with all who claimed it.
 *
 * @param claims those who come later in it are the later ones
 */
export function overlayTouchedRanges<T>(
  claims: readonly { by: T; claims: readonly TouchedRange[] }[],
): Map<string, OverlaidRange<T>[]> {
  const byLabel = new Map<string, Edge[]>();
  claims.forEach(({ claims: list }, order) => {
    for (const { label, lo, hi } of list) {
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
  const who = (order: number) => claims[order]!.by;
  return new Map([...byLabel].map(([label, edges]) => [label, sweep(label, edges, who)]));
}

interface Edge {
  at: Cut;
  order: number;
  opens: 1 | -1;
}

function sweep<T>(label: string, edges: Edge[], who: (order: number) => T): OverlaidRange<T>[] {
  const out: OverlaidRange<T>[] = [];
  const open = new Map<number, number>(); // one may claim a range twice
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
    else out.push({ label, lo: at, hi, touchedBy: sorted.map(who) });
    last = { orders, hi };
  });
  return out;
}

/** Whether all of `b` lies in `a`. */
export const covers = (a: Interval, b: Interval): boolean =>
  compareCuts(a.lo, b.lo) <= 0 && compareCuts(a.hi, b.hi) >= 0;
