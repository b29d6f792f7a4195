import type { Schema } from "../../model/schema.ts";

/** Numbers in memory at a time, more or less: 32 MiB. */
const PAGE_CELLS = 4 << 20;
/** Rows of the longest segment, and of pages of files whose width is not known yet. */
const MOST_ROWS = 524_288;
const UNKNOWN_WIDTH = 131_072;

/** How many rows to write at a time: long segments, little memory. */
export function pageLengthOf(schema: Schema | undefined): number {
  if (!schema) return UNKNOWN_WIDTH;
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(PAGE_CELLS / schema.columns.length)));
}
