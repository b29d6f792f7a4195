import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import { NAT } from "../../model/time.ts";
import { columnOf, type Floats, floatsIn, numbersIn, type Vector } from "../columns/vector.ts";
import { FLOAT64, INT64, tooLarge } from "../operators/arithmetic.ts";
import { type Aggregator, type Blocks, type Grouped, grown } from "./aggregator.ts";

/** The number of rows, missing values included. */
export class Count implements Aggregator {
  #counts = new Float64Array(0);

  add(_: Vector | undefined, { of, count }: Grouped): void {
    const counts = grown(this.#counts, count);
    for (let row = 0; row < of.length; row++) counts[of[row]!]!++;
    this.#counts = counts;
  }

  addBlocks({ rows }: Blocks, { of, count }: Grouped): void {
    const counts = grown(this.#counts, count);
    for (let block = 0; block < of.length; block++) counts[of[block]!]! += rows[block]!;
    this.#counts = counts;
  }

  finish(groups: number): ColumnData {
    return columnOf(this.#counts.subarray(0, groups), INT64);
  }
}

/** A sum of floats, added in the order of the rows: the same however they are split into batches. */
export class FloatSum implements Aggregator {
  #sums: Floats = new Float64Array(0);

  add(values: Vector, { of, count }: Grouped): void {
    const sums = grown(this.#sums, count);
    const data = floatsIn(values);
    const step = values.constant ? 0 : 1;
    for (let row = 0; row < of.length; row++) {
      const value = data[row * step]!;
      if (!Number.isNaN(value)) sums[of[row]!]! += value;
    }
    this.#sums = sums;
  }

  finish(groups: number): Floats {
    return this.#sums.slice(0, groups);
  }
}

/** An exact sum of integers or durations. */
export class IntegerSum implements Aggregator {
  readonly #dtype: DType;
  readonly #text: string;
  /** The part of the sum not yet in {@link IntegerSum.#large}: at most 2⁵³, so that float64 is exact. */
  #small: Floats = new Float64Array(0);
  readonly #large = new Map<number, bigint>();

  constructor(dtype: DType, text: string) {
    this.#dtype = dtype;
    this.#text = text;
  }

  add(values: Vector, { of, count }: Grouped): void {
    this.#small = grown(this.#small, count);
    const data = numbersIn(values);
    const step = values.constant ? 0 : 1;
    if (data instanceof Float64Array) this.#addFloats(data, step, of);
    else {
      for (let row = 0; row < of.length; row++) {
        const value = data[row * step]!;
        if (this.#dtype.unit === undefined || value !== NAT) this.#carry(of[row]!, value);
      }
    }
  }

  addBlocks({ summary }: Blocks, groups: Grouped): void {
    this.add({ form: "floats", data: summary.sum }, groups);
  }

  finish(groups: number): ColumnData {
    return columnOf(
      Array.from({ length: groups }, (_, group) => {
        const sum = this.total(group);
        if (BigInt.asIntN(64, sum) !== sum) throw tooLarge(this.#text, sum);
        return sum;
      }),
      this.#dtype,
    );
  }

  total(group: number): bigint {
    return (this.#large.get(group) ?? 0n) + BigInt(this.#small[group]!);
  }

  #addFloats(data: Floats, step: number, groups: Uint32Array): void {
    const small = this.#small;
    for (let row = 0; row < groups.length; row++) {
      const value = data[row * step]!;
      const sum = small[groups[row]!]! + value;
      if (Math.abs(sum) <= Number.MAX_SAFE_INTEGER) small[groups[row]!] = sum;
      else if (!Number.isNaN(value)) {
        this.#carry(groups[row]!, BigInt(small[groups[row]!]!));
        small[groups[row]!] = value;
      }
    }
  }

  #carry(group: number, value: bigint): void {
    this.#large.set(group, (this.#large.get(group) ?? 0n) + value);
  }
}

/** The mean, without missing values; NaN for a group without values. */
export class Mean implements Aggregator {
  readonly #sum: FloatSum | IntegerSum;
  #counts = new Float64Array(0);

  /** @param integers whether to sum exactly */
  constructor(integers: boolean, text: string) {
    this.#sum = integers ? new IntegerSum(INT64, text) : new FloatSum();
  }

  add(values: Vector, groups: Grouped): void {
    this.#sum.add(values, groups);
    const counts = grown(this.#counts, groups.count);
    const data = numbersIn(values);
    const step = values.constant ? 0 : 1;
    if (data instanceof Float64Array)
      for (let row = 0; row < groups.of.length; row++)
        counts[groups.of[row]!]! += Number.isNaN(data[row * step]!) ? 0 : 1;
    else for (let row = 0; row < groups.of.length; row++) counts[groups.of[row]!]!++;
    this.#counts = counts;
  }

  addBlocks(blocks: Blocks, { of, count }: Grouped): void {
    if (this.#sum instanceof IntegerSum) this.#sum.addBlocks(blocks, { of, count });
    const counts = grown(this.#counts, count);
    for (let block = 0; block < of.length; block++) counts[of[block]!]! += blocks.summary.count[block]!;
    this.#counts = counts;
  }

  finish(groups: number): ColumnData {
    const sum = this.#sum;
    const sums =
      sum instanceof FloatSum
        ? sum.finish(groups)
        : Float64Array.from({ length: groups }, (_, group) => Number(sum.total(group)));
    return columnOf(
      sums.map((total, group) => total / this.#counts[group]!),
      FLOAT64,
    );
  }
}
