import type { Collection, Frame, RangeChange, Revision } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { readState } from "../data/read-state.ts";
import { toX } from "../data/x-values.ts";
import { type ChangedRow, compareRows } from "./compare-rows.ts";
import { unionRanges } from "./ranges.ts";

/** Rows that are listed at most. */
export const MAX_LISTED = 200;
/** Rows of a range, of both states together, up to which they are compared one by one. */
const MAX_COMPARED = 20_000;
/** Marks for one range at most; beyond it, the whole range is one mark. */
const MAX_MARKS = 200;

/** One of the two states that are compared. */
export interface State {
  /** The revisions without which the state lacks something: one, or all heads of that time. */
  heads: readonly Revision[];
  /** The moment before which it is read; undefined for the current state. */
  before: string | undefined;
}

/** What differs between two states. */
export interface StateComparison {
  marks: ChangeMark[];
  /** The first rows that differ, at most {@link MAX_LISTED}. */
  rows: ChangedRow[];
  counts: Record<RangeChange["kind"], number>;
  /** False where a range had too many rows to compare each: then there may be more of them. */
  exact: boolean;
}

/**
 * Compares two states of some series. Ranges that differ are known from the revisions; only their rows are read, up to a
 * limit.
 */
export async function compareStates(
  collection: Collection,
  labels: readonly string[],
  [from, to]: readonly [State, State],
  signal: AbortSignal,
): Promise<StateComparison> {
  const pairs = from.heads.flatMap((a) => to.heads.map((b) => [a, b] as const));
  const changes = await Promise.all(
    pairs.filter(([a, b]) => a.id !== b.id).map(([a, b]) => collection.diff(a, b, { labels, signal })),
  );
  // Of several heads, each lacks what only the others wrote: the rows tell what is different in the merged states.
  const ranges: ComparedRange[] =
    pairs.length > 1
      ? unionRanges(changes.flat()).map((range) => ({ ...range, closed: "both" }))
      : changes.flat();
  const found: StateComparison = {
    marks: [],
    rows: [],
    counts: { added: 0, changed: 0, removed: 0 },
    exact: true,
  };
  // One after another: what is listed first is read first, and the rest only as far as it is needed.
  for (const range of ranges) await compareRange(collection, range, [from, to], found, signal);
  return found;
}

type ComparedRange = Omit<RangeChange, "kind" | "rows">;

async function compareRange(
  collection: Collection,
  range: ComparedRange,
  [from, to]: readonly [State, State],
  found: StateComparison,
  signal: AbortSignal,
): Promise<void> {
  const { label, start, stop, closed } = range;
  const series = collection.series(label);
  const bounds = { closed, ...(start.length > 0 && { start }), ...(stop.length > 0 && { stop }), signal };
  const [old, current] = [
    { ...bounds, ...readState(from.before) },
    { ...bounds, ...readState(to.before) },
  ];
  const [oldRows, newRows] = await Promise.all([series.length(old), series.length(current)]);
  if (oldRows + newRows === 0) return;
  const one = oldRows === 0 ? "added" : newRows === 0 ? "removed" : undefined;
  const isWhole = oldRows + newRows <= MAX_COMPARED;
  const room = MAX_LISTED - found.rows.length;
  // Rows that only one state has need not be compared.
  const limit = one ? { limit: Math.max(1, room) } : isWhole ? {} : { limit: MAX_COMPARED / 2 };
  const [a, b] = await Promise.all([
    oldRows > 0 ? series.read({ ...old, ...limit }) : undefined,
    newRows > 0 ? series.read({ ...current, ...limit }) : undefined,
  ]);
  const { rows, runs } = compareRows(collection.schema, label, a, b, isWhole || one !== undefined);
  found.rows.push(...rows.slice(0, Math.max(0, room)));
  if (one) {
    found.counts[one] += oldRows + newRows;
    found.marks.push({ kind: one, range: markOf(range, a ?? b) });
    return;
  }
  for (const { kind } of rows) found.counts[kind]++;
  found.exact &&= isWhole;
  if (isWhole && runs.length <= MAX_MARKS) found.marks.push(...runs);
  else found.marks.push({ kind: "changed", range: markOf(range, a) });
}

/** Returns a range on the x axis; open ends reach as far as the chart. */
function markOf(
  { start: [first], stop: [last] }: ComparedRange,
  frame: Frame | undefined,
): ChangeMark["range"] {
  const type = frame?.type(frame.columns[0]!) ?? "";
  return [
    first === undefined ? Number.NEGATIVE_INFINITY : toX(first, type),
    last === undefined ? Number.POSITIVE_INFINITY : toX(last, type),
  ];
}
