import { castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { setRows, zeros } from "../../model/column-rows.ts";
import type { Column } from "../../model/schema.ts";

/** Collects the values of a column whose length is not known in advance. */
export interface ColumnBuilder<V> {
  push(value: V): void;
  /** Returns the values so far as a column, and starts a new one. */
  take(): ColumnData;
}

/** In rows. A file may have thousands of columns and few rows. */
const INITIAL_CAPACITY = 16;

/** For types whose values are exact as a double. */
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

/** For 64-bit integers, times and durations. */
export class BigIntColumnBuilder implements ColumnBuilder<bigint> {
  readonly #unsigned: boolean;
  /** Unsigned values are stored by their bits. */
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

/** For complex numbers, each a pair of numbers, and objects. */
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
