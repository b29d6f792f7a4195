import type { ColumnData } from "../../model/column.ts";
import { concatRows, sliceRows } from "../../model/column-rows.ts";
import type { Frame } from "../../model/frame.ts";
import { compareKeys, firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { compareRows, indexColumns, rowCount, sortRows, toFrame, unsortedError } from "./sort.ts";

/** Consecutive rows as a reader decodes them, before they are split into frames at keys. */
export interface RowBatch {
  readonly length: number;
  /** Columns in the order of the schema. */
  readonly data: readonly ColumnData[];
  /** Returns the location of a row in the source for error messages, such as `line 17`. */
  location(row: number): string;
}

export interface PagingOptions {
  /** Approximate number of rows per frame. */
  pageLength: number;
  /** Whether to sort the rows by the index, which buffers all of them in memory. */
  sort: boolean;
}

/**
 * Converts batches of rows to frames in the order of the index. A frame ends between two keys, never between
 * rows of the same key: a write replaces the range from its first to its last key, so the next frame would
 * overwrite the rows of that key in this one.
 *
 * @throws `unsorted`, naming the row, for rows out of order where `sort` is false
 */
export async function* paginate(
  schema: Schema,
  source: AsyncIterable<RowBatch>,
  { pageLength, sort }: PagingOptions,
): AsyncGenerator<Frame> {
  let carried: readonly ColumnData[] | undefined;
  const batches = sort ? sortedBatches(schema, source, pageLength) : source;
  for await (const { batch, next } of withNext(batches)) {
    const carriedRows = carried ? rowCount(schema, carried) : 0;
    const data = carried ? concatColumns(schema, [carried, batch.data]) : batch.data;
    const total = carriedRows + batch.length;
    const index = indexColumns(schema, data);
    const wrong = firstUnsorted(index, total);
    if (wrong >= 0) {
      const location = batch.location(wrong - carriedRows);
      throw unsortedError(schema, keyAt(index, wrong - 1), keyAt(index, wrong), location);
    }
    const last = keyAt(index, total - 1);
    const following = next && keyAt(indexColumns(schema, next.data), 0);
    const order = following ? compareKeys(last, following) : -1;
    if (following && order > 0) throw unsortedError(schema, last, following, next.location(0));
    const end = order === 0 ? lastKeyStart(index, total) : total;
    if (end > 0) yield toFrame(schema, end === total ? data : sliceColumns(schema, data, 0, end));
    carried = end < total ? sliceColumns(schema, data, end, total) : undefined;
  }
}

/** Yields each batch that has rows, together with the one after it. */
async function* withNext(
  source: AsyncIterable<RowBatch>,
): AsyncGenerator<{ batch: RowBatch; next?: RowBatch }> {
  let previous: RowBatch | undefined;
  for await (const batch of source) {
    if (batch.length === 0) continue;
    if (previous) yield { batch: previous, next: batch };
    previous = batch;
  }
  if (previous) yield { batch: previous };
}

/** Buffers and sorts all rows, then yields them `pageLength` at a time. */
async function* sortedBatches(
  schema: Schema,
  source: AsyncIterable<RowBatch>,
  pageLength: number,
): AsyncGenerator<RowBatch> {
  const parts: (readonly ColumnData[])[] = [];
  for await (const { data } of source) parts.push(data);
  if (parts.length === 0) return;
  const data = sortRows(schema, concatColumns(schema, parts));
  const rows = rowCount(schema, data);
  for (let from = 0; from < rows; from += pageLength) {
    const to = Math.min(rows, from + pageLength);
    yield {
      length: to - from,
      data: sliceColumns(schema, data, from, to),
      location: (row) => `row ${from + row}`,
    };
  }
}

/** Returns the first row of the last key. */
function lastKeyStart(index: readonly ColumnData[], rows: number): number {
  for (let row = rows - 1; row > 0; row--) if (compareRows(index, row - 1, row) !== 0) return row;
  return 0;
}

const concatColumns = (schema: Schema, parts: readonly (readonly ColumnData[])[]): ColumnData[] =>
  schema.columns.map(({ dtype }, i) =>
    concatRows(
      parts.map((part) => part[i]!),
      dtype,
    ),
  );

const sliceColumns = (schema: Schema, data: readonly ColumnData[], from: number, to: number): ColumnData[] =>
  data.map((column, i) => sliceRows(column, schema.columns[i]!.dtype, from, to));
