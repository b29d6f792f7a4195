import type { Schema } from "../../model/schema.ts";

/** Cells in memory at a time: about 32 MiB of numbers. */
const PAGE_CELLS = 4 << 20;
/** Rows of the longest segment. */
const MAX_ROWS = 524_288;
/** Rows of a page while the number of columns is unknown. */
const DEFAULT_ROWS = 131_072;

/** Returns how many rows to write at a time: as many as make long segments in bounded memory. */
export function pageLengthOf(schema: Schema | undefined): number {
  if (!schema) return DEFAULT_ROWS;
  return Math.max(1, Math.min(MAX_ROWS, Math.floor(PAGE_CELLS / schema.columns.length)));
}
