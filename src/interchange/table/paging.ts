import type { ColumnData } from "../../model/column.ts";
import { concatRows, sliceRows } from "../../model/column-rows.ts";
import type { Frame } from "../../model/frame.ts";
import { compareKeys, firstUnsorted, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { compareRows, frameOf, indexOf, rowsIn, sorted, unsorted } from "./sort.ts";

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
  const pages = sort ? sortedPages(schema, source, pageLength) : source;
  for await (const { rows, next } of withNext(pages)) {
    const held = carried ? rowsIn(schema, carried) : 0;
    const data = carried ? join(schema, [carried, rows.data]) : rows.data;
    const total = held + rows.length;
    const index = indexOf(schema, data);
    const wrong = firstUnsorted(index, total);
    if (wrong >= 0)
      throw unsorted(schema, keyAt(index, wrong - 1), keyAt(index, wrong), rows.where(wrong - held));
    const last = keyAt(index, total - 1);
    const following = next && keyAt(indexOf(schema, next.data), 0);
    const order = following ? compareKeys(last, following) : -1;
    if (following && order > 0) throw unsorted(schema, last, following, next.where(0));
    const cut = order === 0 ? lastChange(index, total) : total;
    if (cut > 0) yield frameOf(schema, cut === total ? data : slice(schema, data, 0, cut));
    carried = cut < total ? slice(schema, data, cut, total) : undefined;
  }
}

/** Pages that have rows, and those that follow them. */
async function* withNext(source: AsyncIterable<Rows>): AsyncGenerator<{ rows: Rows; next?: Rows }> {
  let waiting: Rows | undefined;
  for await (const rows of source) {
    if (rows.length === 0) continue;
    if (waiting) yield { rows: waiting, next: rows };
    waiting = rows;
  }
  if (waiting) yield { rows: waiting };
}

/** All rows, in memory, put in order. */
async function* sortedPages(
  schema: Schema,
  source: AsyncIterable<Rows>,
  pageLength: number,
): AsyncGenerator<Rows> {
  const parts: (readonly ColumnData[])[] = [];
  for await (const { data } of source) parts.push(data);
  if (parts.length === 0) return;
  const data = sorted(schema, join(schema, parts));
  const rows = rowsIn(schema, data);
  for (let from = 0; from < rows; from += pageLength) {
    const to = Math.min(rows, from + pageLength);
    yield { length: to - from, data: slice(schema, data, from, to), where: (row) => `row ${from + row}` };
  }
}

/** The row where the last key begins. */
function lastChange(index: readonly ColumnData[], rows: number): number {
  for (let row = rows - 1; row > 0; row--) if (compareRows(index, row - 1, row) !== 0) return row;
  return 0;
}

const join = (schema: Schema, parts: readonly (readonly ColumnData[])[]): ColumnData[] =>
  schema.columns.map(({ dtype }, i) =>
    concatRows(
      parts.map((part) => part[i]!),
      dtype,
    ),
  );

const slice = (schema: Schema, data: readonly ColumnData[], from: number, to: number): ColumnData[] =>
  data.map((column, i) => sliceRows(column, schema.columns[i]!.dtype, from, to));
