import { type ColumnData, rowsOf, type TypedColumn } from "./column.ts";
import { type DType, parseDType } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { Strings } from "./strings.ts";

/** A column as a caller gets it: a typed array; `string[]` for text; `unknown[]` for objects. */
export type FrameColumn = TypedColumn | string[] | unknown[];

/** One column of a frame with the dtype that its items have in the repository. */
export interface NamedColumn {
  name: string;
  /** Such as `float64` or `datetime64[s]`. */
  type: string;
  data: ColumnData;
}

/**
 * Columns of equal length, in schema order, rows sorted by the index. What a read returns.
 *
 * @example
 * const frame = await series.read({ numbers: true });
 * plot(frame.get("timestamp"), frame.get("value"));
 */
export class Frame {
  /** Rows. */
  readonly length: number;
  /** Names, in schema order. */
  readonly columns: readonly string[];
  readonly #parts: Map<string, { dtype: DType; data: ColumnData; text?: string[] }>;

  constructor(columns: readonly NamedColumn[]) {
    this.columns = columns.map((column) => column.name);
    this.#parts = new Map(columns.map(({ name, type, data }) => [name, { dtype: parseDType(type), data }]));
    const first = columns[0];
    this.length = first ? rowsOf(first.data, parseDType(first.type)) : 0;
  }

  /**
   * The values of a column. int64 and times are a `BigInt64Array` (times count the column's unit since
   * 1970 UTC), or with `numbers: true` a `Float64Array` (times in epoch milliseconds, missing ones NaN). Booleans are a
   * `Uint8Array` of 0 and 1; float16 is widened to `Float32Array`; complex numbers take two neighbours a row.
   *
   * @throws `invalid-argument` for a column that was not read.
   */
  get(name: string): FrameColumn {
    const part = this.#part(name);
    if (!(part.data instanceof Strings)) return part.data;
    part.text ??= part.data.toArray();
    return part.text;
  }

  /** The dtype that a column has in the repository, such as `datetime64[s]`. */
  type(name: string): string {
    return this.#part(name).dtype.name;
  }

  /** A column of numbers, for charts. @throws `invalid-argument` where the column has none (read with `numbers: true`). */
  numbers(
    name: string,
  ):
    | Float64Array
    | Float32Array
    | Int32Array
    | Uint32Array
    | Int16Array
    | Uint16Array
    | Int8Array
    | Uint8Array {
    const data = this.#part(name).data;
    if (
      data instanceof Strings ||
      Array.isArray(data) ||
      data instanceof BigInt64Array ||
      data instanceof BigUint64Array
    ) {
      throw new LakotaError(
        "invalid-argument",
        `Column "${name}" (${this.type(name)}) has no plain numbers. Read with numbers: true.`,
      );
    }
    return data;
  }

  /** The columns in the form that crosses threads: text still in UTF-8. */
  parts(): NamedColumn[] {
    return this.columns.map((name) => ({ name, type: this.type(name), data: this.#part(name).data }));
  }

  #part(name: string) {
    const part = this.#parts.get(name);
    if (part) return part;
    throw new LakotaError(
      "invalid-argument",
      `No column "${name}" in this frame. It has: ${this.columns.join(", ")}.`,
    );
  }
}
