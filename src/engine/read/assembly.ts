import { free } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import { concatRows, setRows, sliceRows, zeros } from "../../model/column-rows.ts";
import { lanes } from "../../model/dtype.ts";
import type { Column } from "../../model/schema.ts";
import { isTypedColumn } from "../../model/typed-column.ts";
import type { Take } from "./plan.ts";

/** Rows `from` (included) to `to` (excluded) of one segment's chunks. */
export interface Slice {
  from: number;
  to: number;
}

/** Returns what is left of each slice when only some rows are taken. Slices are in row order. */
export function trim(slices: readonly Slice[], { fromEnd, offset, rows }: Take): Slice[] {
  const total = slices.reduce((sum, { from, to }) => sum + to - from, 0);
  const stop = fromEnd ? Math.max(0, total - offset) : Math.min(total, offset + rows);
  const start = fromEnd ? Math.max(0, stop - rows) : Math.min(offset, stop);
  let at = 0;
  return slices.map(({ from, to }) => {
    const first = Math.max(0, start - at);
    const last = Math.min(to - from, stop - at);
    at += to - from;
    return { from: from + Math.min(first, to - from), to: from + Math.max(Math.min(first, to - from), last) };
  });
}

/**
 * Assembles the columns of a result from slices of decoded chunks. Copies each value once, or not at all if
 * one chunk is the result.
 */
export class Assembly {
  readonly rows: number;
  readonly #columns: readonly Column[];
  readonly #slices: readonly Slice[];
  /** Row of the result at which each slice starts. */
  readonly #starts: number[] = [];
  readonly #single: boolean;
  readonly #out: (ColumnData | undefined)[];
  readonly #parts: ColumnData[][];

  constructor(columns: readonly Column[], slices: readonly Slice[]) {
    this.#columns = columns;
    this.#slices = slices;
    let rows = 0;
    for (const { from, to } of slices) {
      this.#starts.push(rows);
      rows += to - from;
    }
    this.rows = rows;
    this.#single = slices.filter(({ from, to }) => to > from).length <= 1;
    this.#out = columns.map(() => undefined);
    this.#parts = columns.map(() => []);
  }

  /** Returns which rows of a segment are part of the result. */
  slice(segment: number): Slice {
    return this.#slices[segment]!;
  }

  /**
   * Adds a decoded chunk, and frees it once it was copied.
   *
   * @param column position of its column in the result
   * @param isPart whether `data` are only those rows of the chunk that are part of the result
   */
  put(segment: number, column: number, data: ColumnData, isPart = false): void {
    const slice = this.#slices[segment]!;
    const rows = slice.to - slice.from;
    if (rows <= 0) return;
    const [from, to] = isPart ? [0, rows] : [slice.from, slice.to];
    const { dtype } = this.#columns[column]!;
    const width = lanes(dtype);
    const whole = from === 0 && to * width === data.length;
    if (this.#single) this.#out[column] = whole ? data : sliceRows(data, dtype, from, to);
    else if (isTypedColumn(data)) {
      this.#out[column] ??= zeros(dtype, this.rows);
      setRows(this.#out[column], data.subarray(from * width, to * width), this.#starts[segment]! * width);
      if (data.byteLength === data.buffer.byteLength) free(data.buffer); // others are views of something else
    } else this.#parts[column]![segment] = whole ? data : sliceRows(data, dtype, from, to);
  }

  /** Returns the columns of the result. All chunks must have been added. */
  finish(): ColumnData[] {
    return this.#columns.map(({ dtype }, column) => {
      const parts = this.#parts[column]!.filter((part) => part !== undefined);
      return this.#out[column] ?? (parts.length > 0 ? concatRows(parts, dtype) : zeros(dtype, 0));
    });
  }
}
