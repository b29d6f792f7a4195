import { AbortGroup } from "../../async/abort-group.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import { compareValues, firstUnsorted, keyAt } from "../../model/key.ts";
import type { Column } from "../../model/schema.ts";
import { Progress } from "./progress.ts";
import type { ReadContext } from "./read-context.ts";

/** A group of chunk loads that report their progress together and are cancelled together. */
export interface Loading {
  context: ReadContext;
  group: AbortGroup;
  progress: Progress;
  /** Position of each column in a segment's digests. */
  positions: ReadonlyMap<Column, number>;
}

/** Starts an empty group. @param positions position of each column in a segment's digests */
export const loadingFor = (context: ReadContext, positions: Loading["positions"]): Loading => ({
  context,
  group: new AbortGroup(context.signal),
  progress: new Progress(context.onProgress),
  positions,
});

/** Returns the request for the chunk of one column of a segment. @param columns those of the schema */
export function chunkRequest(segment: Segment, column: Column, columns: readonly Column[]) {
  return {
    digest: segment.digests[columns.indexOf(column)]!,
    column,
    label: segment.label,
    rows: segment.length,
    exact: segment.exact,
    isPlausible: (data: ColumnData) =>
      columns.find(({ index }) => index) === column && plausibilityOf(column, data)(segment),
  };
}

/**
 * Returns a function that tells whether a chunk of the first index column that cannot be verified may belong to
 * a segment: it has its rows, and they are sorted and reach into its range.
 */
export function plausibilityOf(
  { dtype }: Pick<Column, "dtype">,
  data: ColumnData,
): (segment: Segment) => boolean {
  const rows = rowsOf(data, dtype);
  const isSorted = firstUnsorted([data], rows) < 0;
  const [first, last] = rows === 0 ? [] : [keyAt([data], 0)[0]!, keyAt([data], rows - 1)[0]!];
  return ({ length, lo, hi }) =>
    rows === length &&
    isSorted &&
    (first === undefined ||
      (compareValues(first, hi.key[0] ?? first) <= 0 && compareValues(last!, lo.key[0] ?? last!) >= 0));
}

/**
 * Loads the chunk of one column of a segment, with all its rows: those that a later write hides are included.
 *
 * @throws `corrupt` where its number of rows differs from what the commit says; as {@link ChunkLoader.load}
 */
export async function loadColumn(loading: Loading, segment: Segment, column: Column): Promise<ColumnData> {
  const { source, embedded, verifiedOnly } = loading.context;
  const request = chunkRequest(segment, column, [...loading.positions.keys()]);
  const data = await loading.group.run((signal) =>
    source.chunks.load({
      ...request,
      embedded: embedded.get(request.digest),
      verifiedOnly,
      signal,
      onBytes: (bytes, cached) => loading.progress.received(bytes, cached),
    }),
  );
  const rows = rowsOf(data, column.dtype);
  if (rows === segment.length) return data;
  throw new LakotaError(
    "corrupt",
    `Series "${segment.label}": a chunk of column "${column.name}" has ${rows} rows, but its commit says ${segment.length}.`,
  );
}
