import type { ColumnData } from "../../model/column.ts";
import { concatRows, sliceRows } from "../../model/column-rows.ts";
import type { Frame } from "../../model/frame.ts";
import { compareKeys, firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { compareRows, indexColumns, rowCount, sortRows, toFrame, unsortedError } from "./sort.ts";

/** Rows as a reader finds them: columns in the order of the schema, and where they stand in the source. */
export interface RowBatch {
  readonly length: number;
  readonly data: readonly ColumnData[];
  /** Names a row for people: `line 17`. */
  location(row: number): string;
}

export interface PagingOptions {
  /** Rows a frame, about. */
  pageLength: number;
  /** Whether to put rows in the order of the index. That takes all of them in memory. */
  sort: boolean;
}

/**
 * Makes frames of rows, in the order of the index. A frame ends between two keys, never between rows of one key: a write
 * replaces the keys from its first to its last row, and would remove the other half.
 *
 * @throws `unsorted`, naming the row, where `sort` is not set.
 */
export async function* paginate(
  schema: Schema,
  source: AsyncIterable<RowBatch>,
  { pageLength, sort }: PagingOptions,
): AsyncGenerator<Frame> {
  let carried: readonly ColumnData[] | undefined;
  const pages = sort ? sortedBatches(schema, source, pageLength) : source;
  for await (const { rows, next } of withNext(pages)) {
    const held = carried ? rowCount(schema, carried) : 0;
    const data = carried ? concatColumns(schema, [carried, rows.data]) : rows.data;
    const total = held + rows.length;
    const index = indexColumns(schema, data);
    const wrong = firstUnsorted(index, total);
    if (wrong >= 0)
      throw unsortedError(schema, keyAt(index, wrong - 1), keyAt(index, wrong), rows.location(wrong - held));
    const last = keyAt(index, total - 1);
    const following = next && keyAt(indexColumns(schema, next.data), 0);
    const order = following ? compareKeys(last, following) : -1;
    if (following && order > 0) throw unsortedError(schema, last, following, next.location(0));
    const cut = order === 0 ? lastKeyStart(index, total) : total;
    if (cut > 0) yield toFrame(schema, cut === total ? data : sliceColumns(schema, data, 0, cut));
    carried = cut < total ? sliceColumns(schema, data, cut, total) : undefined;
  }
}

/** Pages that have rows, and those that follow them. */
async function* withNext(
  source: AsyncIterable<RowBatch>,
): AsyncGenerator<{ rows: RowBatch; next?: RowBatch }> {
  let waiting: RowBatch | undefined;
  for await (const rows of source) {
    if (rows.length === 0) continue;
    if (waiting) yield { rows: waiting, next: rows };
    waiting = rows;
  }
  if (waiting) yield { rows: waiting };
}

/** All rows, in memory, put in order. */
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

/** The row where the last key begins. */
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
