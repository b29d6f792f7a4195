import type { ColumnData } from "../model/column.ts";
import { concatRows, indexValue, sliceRows, takeRows } from "../model/column-rows.ts";
import { LakotaError } from "../model/errors.ts";
import { Frame } from "../model/frame.ts";
import { compareValues, firstUnsorted } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";

/** Rows as a reader finds them: columns in the order of the schema, and where they stand in the source. */
export interface Rows {
  readonly length: number;
  readonly data: readonly ColumnData[];
  /** Names a row for people: `line 17`. */
  where(row: number): string;
}

export interface CutOptions {
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
export async function* framesOf(
  schema: Schema,
  source: AsyncIterable<Rows>,
  { pageLength, sort }: CutOptions,
): AsyncGenerator<Frame> {
  let carried: readonly ColumnData[] | undefined;
  for await (const { rows, last } of withLast(sort ? sortedPages(schema, source, pageLength) : source)) {
    const held = carried ? rowsIn(schema, carried) : 0;
    const data = carried ? join(schema, [carried, rows.data]) : rows.data;
    const total = held + rows.length;
    const index = indexOf(schema, data);
    const wrong = firstUnsorted(index, total);
    if (wrong >= 0) throw unsorted(schema, index, wrong, rows.where(wrong - held));
    // What follows may have more rows of the last key.
    const cut = last ? total : lastChange(index, total);
    if (cut > 0) yield frame(schema, cut === total ? data : slice(schema, data, 0, cut));
    carried = cut < total ? slice(schema, data, cut, total) : undefined;
  }
}

/** Pages that have rows, and whether more follow. */
async function* withLast(source: AsyncIterable<Rows>): AsyncGenerator<{ rows: Rows; last: boolean }> {
  let waiting: Rows | undefined;
  for await (const rows of source) {
    if (rows.length === 0) continue;
    if (waiting) yield { rows: waiting, last: false };
    waiting = rows;
  }
  if (waiting) yield { rows: waiting, last: true };
}

/** All rows, in memory, put in order; rows of one key stay in the order in which they came. */
async function* sortedPages(
  schema: Schema,
  source: AsyncIterable<Rows>,
  pageLength: number,
): AsyncGenerator<Rows> {
  const parts: (readonly ColumnData[])[] = [];
  for await (const { data } of source) parts.push(data);
  if (parts.length === 0) return;
  const data = join(schema, parts);
  const rows = rowsIn(schema, data);
  const index = indexOf(schema, data);
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  if (firstUnsorted(index, rows) >= 0) order.sort((a, b) => compareRows(index, a, b));
  for (let from = 0; from < rows; from += pageLength) {
    const page = order.subarray(from, from + pageLength);
    yield {
      length: page.length,
      data: data.map((column, i) => takeRows(column, schema.columns[i]!.dtype, page)),
      where: (row) => `row ${from + row}`,
    };
  }
}

function compareRows(index: readonly ColumnData[], a: number, b: number): number {
  for (const column of index) {
    const order = compareValues(indexValue(column, a), indexValue(column, b));
    if (order !== 0) return order;
  }
  return 0;
}

/** The row where the last key begins. */
function lastChange(index: readonly ColumnData[], rows: number): number {
  for (let row = rows - 1; row > 0; row--) if (compareRows(index, row - 1, row) !== 0) return row;
  return 0;
}

const indexOf = (schema: Schema, data: readonly ColumnData[]): ColumnData[] =>
  data.filter((_, i) => schema.columns[i]!.index);

/** Counted by an index column, which has one item a row. */
const rowsIn = (schema: Schema, data: readonly ColumnData[]): number => indexOf(schema, data)[0]!.length;

const join = (schema: Schema, parts: readonly (readonly ColumnData[])[]): ColumnData[] =>
  schema.columns.map(({ dtype }, i) =>
    concatRows(
      parts.map((part) => part[i]!),
      dtype,
    ),
  );

const slice = (schema: Schema, data: readonly ColumnData[], from: number, to: number): ColumnData[] =>
  data.map((column, i) => sliceRows(column, schema.columns[i]!.dtype, from, to));

const frame = (schema: Schema, data: readonly ColumnData[]): Frame =>
  new Frame(schema.columns.map(({ name, dtype }, i) => ({ name, type: dtype.name, data: data[i]! })));

function unsorted(schema: Schema, index: readonly ColumnData[], row: number, where: string): LakotaError {
  const key = (at: number) => index.map((column) => String(indexValue(column, at))).join(", ");
  const names = schema.index.map(({ name }) => `"${name}"`).join(", ");
  return new LakotaError(
    "unsorted",
    `The rows are not in the order of ${names}: at ${where}, ${key(row)} comes after ${key(row - 1)}. ` +
      "Sort them, or set sort: true, which takes all rows in memory.",
  );
}
