import type { Expected, ExpectedFrame, Query } from "./golden.ts";

/**
 * What three golden repositories should read as, where Python sees one of two heads only. Their series end up the
 * same: `merged` is what Python shows once it merged them.
 */
interface Merged {
  collections: { shared: { series: Record<string, ExpectedFrame> } };
}
interface Diverged {
  heads: string[];
  head_contents: Record<string, Record<string, ExpectedFrame>>;
}

const ALL_COLLECTIONS = ["from-one", "from-two", "shared"];

/** Returns `expected` for a reader that merges all heads. `goldens` returns the expectations of a repository by name. */
export function ideal(expected: Expected, goldens: (name: string) => unknown): Expected {
  const merged = (goldens("f_merged") as Merged).collections.shared.series;
  const diverged = goldens("f_diverged") as Diverged;
  // The last write to `u` came after the merge.
  const u = diverged.head_contents[diverged.heads[1]!]!.u!;
  switch (expected.name) {
    case "f_diverged":
      return withSeries(expected, { ...merged, u });
    case "f_merged_same_ms":
      return withSeries(expected, merged);
    case "f_merged":
      return { ...expected, queries: expected.queries.map((query) => atMerge(query, merged, u)) };
    default:
      return expected;
  }
}

function withSeries(expected: Expected, series: Record<string, ExpectedFrame>): Expected {
  const shared = { ...expected.collections.shared!, ls: Object.keys(series).sort(), series };
  const queries = expected.queries.map((query) => {
    const frame = series[query.series]!;
    if (query.op === "tail") return { ...query, expect: rows(inRange(frame, query), -query.args.length!) };
    if (query.op === "paginate") return { ...query, expect_pages: paginate(frame, query.args.step!) };
    return { ...query, expect: select(inRange(frame, query), query) };
  });
  return {
    ...expected,
    collections_ls: ALL_COLLECTIONS,
    collections: { ...expected.collections, shared },
    queries,
  };
}

/** Between the two revisions that a merge leaves, and right before them, Python shows one head of the two. */
const BETWEEN = ["1a20acb1c82", "1a20acb1c9a", "1a20acb1ca1"];

function atMerge(query: Query, merged: Record<string, ExpectedFrame>, u: ExpectedFrame): Query {
  if (!BETWEEN.includes(query.args.before ?? "")) return query;
  if (query.series === "s") return { ...query, expect: merged.s! };
  const uIsThere = query.args.before !== BETWEEN[0];
  return query.series === "u" && uIsThere ? { ...query, expect: u } : query;
}

/** The plain meaning of a range: the rows whose key lies in it. */
function inRange(frame: ExpectedFrame, { args }: Query): ExpectedFrame {
  const { start, stop, closed = "LEFT" } = args;
  const left = closed === "LEFT" || closed === "BOTH";
  const right = closed === "RIGHT" || closed === "BOTH";
  const keep = frame.columns.timestamp!.values!.flatMap((value, row) => {
    const [key, lo, hi] = [Number(value), Number(start?.[0] ?? -Infinity), Number(stop?.[0] ?? Infinity)];
    const above = key > lo || (left && key === lo);
    const below = key < hi || (right && key === hi);
    return above && below ? [row] : [];
  });
  const offset = args.offset ?? 0;
  const limit = args.limit ?? keep.length;
  return pick(frame, keep.slice(offset, offset + limit));
}

function select(frame: ExpectedFrame, { args }: Query): ExpectedFrame {
  const names = args.select === undefined ? Object.keys(frame.columns) : [args.select].flat();
  const columns = Object.entries(frame.columns).filter(([name]) => names.includes(name));
  return { ...frame, columns: Object.fromEntries(columns) };
}

const rowNumbers = (frame: ExpectedFrame): number[] => Array.from({ length: frame.length }, (_, row) => row);

const rows = (frame: ExpectedFrame, from: number): ExpectedFrame =>
  pick(frame, rowNumbers(frame).slice(from));

function paginate(frame: ExpectedFrame, step: number): ExpectedFrame[] {
  const starts = rowNumbers(frame).filter((row) => row % step === 0);
  return starts.map((start) => pick(frame, rowNumbers(frame).slice(start, start + step)));
}

function pick(frame: ExpectedFrame, which: number[]): ExpectedFrame {
  const columns = Object.entries(frame.columns).map(([name, { dt, values }]) => [
    name,
    { dt, length: which.length, values: which.map((row) => values![row]) },
  ]);
  return { length: which.length, columns: Object.fromEntries(columns) };
}
