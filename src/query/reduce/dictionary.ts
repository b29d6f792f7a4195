import type { ColumnData, IndexValue } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import type { DType } from "../../model/dtype.ts";
import { encodeStrings } from "../../model/encode-strings.ts";
import { LakotaError } from "../../model/errors.ts";
import { compareValues } from "../../model/key.ts";
import { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { columnOf, numbersIn, type Vector } from "../columns/vector.ts";
import { textOrder } from "../operators/compare.ts";

/** The most entries that a `Map` holds. */
export const MAX_CODES = 2 ** 24 - 1;

/** Dictionary encoding of a key: distinct values are numbered in the order in which they first appear. */
export class Dictionary {
  readonly #dtype: DType;
  readonly #codes = new Map<IndexValue, number>();
  readonly #values: IndexValue[] = [];

  constructor(dtype: DType) {
    this.#dtype = dtype;
  }

  get count(): number {
    return this.#values.length;
  }

  /** Returns the code of each row. Runs of equal values are looked up once. */
  encode(vector: Vector, rows: number): Uint32Array<ArrayBuffer> {
    const codes = new Uint32Array(rows);
    const toEncode = vector.constant ? Math.min(1, rows) : rows;
    if (vector.form === "text") this.#encodeText(vector.data, codes, toEncode);
    else this.#encodeNumbers(numbersIn(vector), codes, toEncode);
    return toEncode < rows ? codes.fill(codes[0]!) : codes;
  }

  /** Returns the rank of each code by its value: numbers by value, missing ones last, text by code point. */
  ranks(): Uint32Array {
    const values = this.#values;
    const order = Array.from(values.keys()).sort((a, b) => compareValues(values[a]!, values[b]!));
    const ranks = new Uint32Array(order.length);
    for (const [rank, code] of order.entries()) ranks[code] = rank;
    return ranks;
  }

  /** Returns the values of codes as a column. */
  column(codes: readonly number[]): ColumnData {
    const values = codes.map((code) => this.#values[code]!);
    const text = values.filter((value) => typeof value === "string");
    if (zeros(this.#dtype, 0) instanceof Strings) return encodeStrings(text);
    return columnOf(
      values.filter((value) => typeof value !== "string"),
      this.#dtype,
    );
  }

  #encodeText(text: Strings, codes: Uint32Array, rows: number): void {
    let code = 0;
    for (let row = 0; row < rows; row++) {
      if (row === 0 || textOrder(text, row, text, row - 1) !== 0) code = this.#code(text.at(row));
      codes[row] = code;
    }
  }

  #encodeNumbers(data: ArrayLike<number | bigint>, codes: Uint32Array, rows: number): void {
    let last: number | bigint | undefined;
    let code = 0;
    for (let row = 0; row < rows; row++) {
      const value = data[row]!;
      if (value !== last) {
        last = value;
        code = this.#code(toKey(value, this.#dtype));
      }
      codes[row] = code;
    }
  }

  #code(value: IndexValue): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.#values.length;
      if (code === MAX_CODES) throw tooManyGroups();
      this.#codes.set(value, code);
      this.#values.push(value);
    }
    return code;
  }
}

/** Returns a value that is equal in a `Map` for equal numbers of any form. */
function toKey(value: number | bigint, { unit }: DType): number | bigint {
  if (typeof value === "number") return value;
  if (unit && value === NAT) return Number.NaN;
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

export const tooManyGroups = () =>
  new LakotaError(
    "invalid-argument",
    'There are more than 16 million groups. Group by coarser values, such as (floor self.timestamp "D").',
  );
