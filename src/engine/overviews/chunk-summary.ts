import type { Segment } from "../../changelog/segment-table.ts";
import type { Key } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { joinBlocks, type Summary } from "../../query/downsample/summary.ts";

/** Describes the rows of a stored chunk, so that a chart needs not decode it. */
export interface ChunkSummary {
  /** Keys of its first and last row. */
  readonly first: Key;
  readonly last: Key;
  /** Rows of each block but the last, which may have fewer: a power of two. */
  readonly rowsPerBlock: number;
  readonly blocks: Summary;
}

/** Returns a summary with longer blocks. @param rowsPerBlock a power of two, not below that of the summary */
export function withLongerBlocks(summary: ChunkSummary, rowsPerBlock: number): ChunkSummary {
  if (summary.rowsPerBlock === rowsPerBlock) return summary;
  return {
    ...summary,
    rowsPerBlock,
    blocks: joinBlocks(summary.blocks, rowsPerBlock / summary.rowsPerBlock),
  };
}

/**
 * Returns the name of the summary of one column of a segment: digests and types of the index columns and of the column,
 * since the same bytes decode to other numbers in another type.
 */
export function summaryName({ digests }: Segment, { columns, index }: Schema, y: Column): string {
  return [...index, y].map((column) => `${digests[columns.indexOf(column)]}-${column.dtype.name}`).join(".");
}
