import { type ColumnData, isColumnData, type NamedColumn, rowsOf, type TypedColumn } from "./column.ts";
import { type DType, parseDType } from "./dtype.ts";
import { LakotaError, readArgument } from "./errors.ts";
import { FrameRows } from "./frame-rows.ts";
import { noColumn } from "./no-column.ts";
import { Strings } from "./strings.ts";

export type { NamedColumn };

/**
 * The values of a column as {@link Frame.get} returns them: a typed array, `string[]` for text, `unknown[]`
 * for objects.
 */
export type FrameColumn = TypedColumn | string[] | unknown[];

interface Part {
  dtype: DType;
  data: ColumnData;
  text?: string[];
}

/**
 * What a read returns: columns of equal length, in schema order, with rows sorted by the index. Its values are in the
 * columns; rows are made on demand.
 *
 * @example
 * const frame = await series.read({ numbers: true });
 * plot(frame.get("timestamp"), frame.get("value"));
 * for (const row of frame.slice(-10)) console.log(row.timestamp, row.value);
 */
export class Frame extends FrameRows {
  // Minifiers change the name of the class, but not this.
  static override readonly name = "Frame";
  /** Number of rows. */
  readonly length: number;
  /** Names of the columns, in schema order. */
  readonly columns: readonly string[];
  readonly #parts: Map<string, Part>;

  /** @throws `invalid-argument` for what is no column, or has other rows; `invalid-schema` for an unknown type */
  constructor(columns: readonly NamedColumn[]) {
    super();
    let rows: number | undefined;
    const partOf = ({ name, type, data }: NamedColumn): [string, Part] => {
      const dtype = parseDType(type);
      const own = isColumnData(data) ? rowsOf(data, dtype) : Number.NaN;
      rows ??= own;
      if (typeof name !== "string" || own !== rows || own % 1) throw TypeError();
      return [name, { dtype, data }];
    };
    this.#parts = readArgument(
      "columns must be a list of { name, type, data }, equally long.",
      () => new Map(columns.map(partOf)),
    );
    this.columns = [...this.#parts.keys()];
    this.length = rows ?? 0;
  }

  /**
   * Returns the values of a column. int64 and times are a `BigInt64Array` (times count the column's unit
   * since 1970 UTC), or with `numbers: true` a `Float64Array` (times in epoch milliseconds, missing ones
   * NaN). Booleans are a `Uint8Array` of 0 and 1. float16 is widened to `Float32Array`. Complex numbers take
   * two neighbouring numbers per row.
   *
   * @throws `invalid-argument` for a column that the frame does not have
   * @example
   * const frame = await series.read({ numbers: true });
   * frame.get("timestamp"); // Float64Array of epoch milliseconds
   */
  get(name: string): FrameColumn {
    const part = this.#part(name);
    if (!(part.data instanceof Strings)) return part.data;
    part.text ??= part.data.toArray();
    return part.text;
  }

  /**
   * Returns the name of the dtype that a column has in the repository, such as `datetime64[s]`.
   *
   * @throws `invalid-argument` for a column that the frame does not have
   * @example
   * frame.type("timestamp"); // "datetime64[s]"
   */
  type(name: string): string {
    return this.#part(name).dtype.name;
  }

  /**
   * Returns the values of a numeric column, for charts and arithmetic.
   *
   * @throws `invalid-argument` for a column that the frame does not have, or that holds bigints (read it with
   * `numbers: true`), text or objects
   * @example
   * const highest = frame.numbers("value").reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
   */
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
    if (!ArrayBuffer.isView(data) || data instanceof BigInt64Array || data instanceof BigUint64Array) {
      throw new LakotaError(
        "invalid-argument",
        `Column "${name}" (${this.type(name)}) has no plain numbers. Read with numbers: true.`,
      );
    }
    return data;
  }

  /** Returns the columns as they are sent between threads: text is UTF-8, not decoded yet. */
  parts(): NamedColumn[] {
    return this.columns.map((name) => ({ name, type: this.type(name), data: this.#part(name).data }));
  }

  #part(name: string) {
    const part = this.#parts.get(name);
    if (part) return part;
    throw noColumn(name, "frame", this.columns);
  }
}
