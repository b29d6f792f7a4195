import { AbortGroup } from "../../async/abort-group.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
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

/**
 * Loads the chunk of one column of a segment, with all its rows: those that a later write hides are included.
 *
 * @throws `corrupt` where its number of rows differs from what the commit says; as {@link ChunkLoader.load}
 */
export async function loadColumn(loading: Loading, segment: Segment, column: Column): Promise<ColumnData> {
  const { source, embedded } = loading.context;
  const digest = segment.digests[loading.positions.get(column)!]!;
  const data = await loading.group.run((signal) =>
    source.chunks.load({
      digest,
      column,
      embedded: embedded.get(digest),
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
