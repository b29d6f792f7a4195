import type { Revision } from "lakota";

/** The place of a revision in the drawing of a history. */
export interface GraphNode {
  /** The lane that its dot is on, from 0. */
  lane: number;
  /** Lines from the row above to this row, by lane. */
  above: readonly GraphLine[];
  /** Lines from this row to the row below. */
  below: readonly GraphLine[];
}

/** A line from the middle of the row to its edge. */
export interface GraphLine {
  /** Lane at the dot's height. */
  lane: number;
  /** Lane at the edge of the row. */
  edge: number;
}

/**
 * Lays a history out in lanes, as git does: a line from each revision to those that it was built on. Revisions that
 * were made without knowing of each other are on lanes of their own.
 *
 * @param revisions newest first; parents that are not among them are left out
 */
export function layOut(revisions: readonly Pick<Revision, "id" | "parents">[]): GraphNode[] {
  const known = new Set(revisions.map(({ id }) => id));
  /** The revision that each lane leads to; undefined for a free lane. */
  let lanes: (string | undefined)[] = [];
  return revisions.map(({ id, parents }) => {
    const arriving = lanes.flatMap((wanted, lane) => (wanted === id ? [lane] : []));
    const lane = arriving[0] ?? freeLane(lanes);
    const passing = lanes.flatMap((wanted, at) => (wanted !== undefined && wanted !== id ? [at] : []));
    const next = lanes.map((wanted) => (wanted === id ? undefined : wanted));
    const targets = parents
      .filter((parent) => known.has(parent))
      .map((parent, i) => {
        const existing = next.indexOf(parent);
        if (existing >= 0) return existing;
        const at = i === 0 ? lane : freeLane(next);
        next[at] = parent;
        return at;
      });
    lanes = next;
    return {
      lane,
      above: [...arriving.map((edge) => ({ lane, edge })), ...passing.map((at) => ({ lane: at, edge: at }))],
      below: [...targets.map((edge) => ({ lane, edge })), ...passing.map((at) => ({ lane: at, edge: at }))],
    };
  });
}

function freeLane(lanes: readonly (string | undefined)[]): number {
  const free = lanes.indexOf(undefined);
  return free >= 0 ? free : lanes.length;
}
