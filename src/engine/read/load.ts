import { AbortGroup } from "../../async/abort-group.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";
import { Progress } from "./progress.ts";
import type { ReadContext } from "./read.ts";

/** What loads chunks together: they are counted and end as one. */
export interface Loading {
  context: ReadContext;
  group: AbortGroup;
  progress: Progress;
  /** Where in a segment's digests each column stands. */
  positions: ReadonlyMap<Column, number>;
}

/** Begins with nothing. @param positions where in a segment's digests each column stands */
export const loadingFor = (context: ReadContext, positions: Loading["positions"]): Loading => ({
  context,
  group: new AbortGroup(context.signal),
  progress: new Progress(context.onProgress),
  positions,
});

/** The chunk of a column of a segment, as it is stored: some of its rows may not be visible. */
export async function loadColumn(of: Loading, segment: Segment, column: Column): Promise<ColumnData> {
  const { source, embedded } = of.context;
  const digest = segment.digests[of.positions.get(column)!]!;
  const data = await of.group.run((signal) =>
    source.chunks.load({
      digest,
      column,
      embedded: embedded.get(digest),
      signal,
      onBytes: (bytes, cached) => of.progress.received(bytes, cached),
    }),
  );
  const rows = rowsOf(data, column.dtype);
  if (rows === segment.length) return data;
  throw new LakotaError(
    "corrupt",
    `Series "${segment.label}": a chunk of column "${column.name}" has ${rows} rows where its commit says ${segment.length}.`,
  );
}
