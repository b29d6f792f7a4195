import { castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { setRows, zeros } from "../../model/column-rows.ts";
import type { Column } from "../../model/schema.ts";

/** Items of a column whose number is not known beforehand. */
export interface ColumnBuilder<V> {
  push(value: V): void;
  /** The items so far, as a column; the next ones begin a new one. */
  take(): ColumnData;
}

const INITIAL_CAPACITY = 1024;

/** Items of all types that fit in a double. */
export class NumberColumnBuilder implements ColumnBuilder<number> {
  readonly #column: Column;
  #values = new Float64Array(INITIAL_CAPACITY);
  #rows = 0;

  constructor(column: Column) {
    this.#column = column;
  }

  push(value: number): void {
    if (this.#rows === this.#values.length) {
      const grown = new Float64Array(this.#rows * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#rows++] = value;
  }

  take(): ColumnData {
    const rows = this.#rows;
    this.#rows = 0;
    const { dtype } = this.#column;
    if (dtype.name === "float64") return this.#values.slice(0, rows);
    const out = zeros(dtype, rows);
    setRows(out, this.#values.subarray(0, rows), 0);
    return out;
  }
}

/** Items of 64 bits: whole numbers, times. */
export class BigIntColumnBuilder implements ColumnBuilder<bigint> {
  readonly #unsigned: boolean;
  /** Unsigned items are kept by their bits. */
  #values = new BigInt64Array(INITIAL_CAPACITY);
  #rows = 0;

  constructor(column: Column) {
    this.#unsigned = column.dtype.kind === "uint";
  }

  push(value: bigint): void {
    if (this.#rows === this.#values.length) {
      const grown = new BigInt64Array(this.#rows * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#rows++] = value;
  }

  take(): ColumnData {
    const taken = this.#values.slice(0, this.#rows);
    this.#rows = 0;
    return this.#unsigned ? new BigUint64Array(taken.buffer) : taken;
  }
}

/** Items that are neither: complex numbers, objects. */
export class ObjectColumnBuilder implements ColumnBuilder<unknown> {
  readonly #column: Column;
  #values: unknown[] = [];

  constructor(column: Column) {
    this.#column = column;
  }

  push(value: unknown): void {
    this.#values.push(value);
  }

  take(): ColumnData {
    const taken = this.#column.dtype.kind === "complex" ? this.#values.flat() : this.#values;
    this.#values = [];
    return castColumn(this.#column, taken);
  }
}
