import type { ColumnData } from "../../model/column.ts";
import type { DType } from "../../model/dtype.ts";
import { encodeStrings } from "../../model/encode-strings.ts";
import { compareStrings } from "../../model/key.ts";
import type { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { columnOf, type Floats, type Integers, numbersIn, type Vector } from "../columns/vector.ts";
import { textOrder } from "../operators/compare.ts";
import type { Aggregator, Blocks, Grouped } from "./aggregator.ts";

/** Which value of a group is kept. Missing ones never are. */
export type Extreme = "min" | "max" | "first" | "last";

/** The kept value of each group; NaN if it has none yet. */
type State = (number | bigint)[];

/** Loops over rows, with a step of `step` in the data. */
const LOOPS: Readonly<
  Record<Extreme, (state: State, data: Floats, step: number, groups: Uint32Array) => void>
> = {
  min(state, data, step, groups) {
    for (let row = 0; row < groups.length; row++) {
      const value = data[row * step]!;
      if (!(state[groups[row]!]! <= value) && !Number.isNaN(value)) state[groups[row]!] = value;
    }
  },
  max(state, data, step, groups) {
    for (let row = 0; row < groups.length; row++) {
      const value = data[row * step]!;
      if (!(state[groups[row]!]! >= value) && !Number.isNaN(value)) state[groups[row]!] = value;
    }
  },
  first(state, data, step, groups) {
    for (let row = 0; row < groups.length; row++) {
      if (Number.isNaN(state[groups[row]!])) state[groups[row]!] = data[row * step]!;
    }
  },
  last(state, data, step, groups) {
    for (let row = 0; row < groups.length; row++) {
      const value = data[row * step]!;
      if (!Number.isNaN(value)) state[groups[row]!] = value;
    }
  },
};

/** Whether a value replaces the kept one of its group. */
const REPLACES: Readonly<Record<Extreme, (value: bigint, kept: number | bigint) => boolean>> = {
  min: (value, kept) => !(kept <= value),
  max: (value, kept) => !(kept >= value),
  first: (_, kept) => Number.isNaN(kept),
  last: () => true,
};

/** Which field of a summary has the value. */
const FIELDS = { min: "low", max: "high", first: "first", last: "last" } as const;

/** The extreme of numbers, times and booleans. */
export class ExtremeNumbers implements Aggregator {
  readonly #which: Extreme;
  readonly #dtype: DType;
  readonly #state: State = [];

  constructor(which: Extreme, dtype: DType) {
    this.#which = which;
    this.#dtype = dtype;
  }

  add(values: Vector, { of, count }: Grouped): void {
    while (this.#state.length < count) this.#state.push(Number.NaN);
    const data = numbersIn(values);
    const step = values.constant ? 0 : 1;
    if (data instanceof Float64Array) LOOPS[this.#which](this.#state, data, step, of);
    else this.#addIntegers(data, step, of);
  }

  /** The extremes of the blocks, NaN for a block without values, are added as values are. */
  addBlocks({ summary }: Blocks, groups: Grouped): void {
    const kept = summary[FIELDS[this.#which]];
    const data = Float64Array.from(kept, (value, block) => (summary.count[block] === 0 ? Number.NaN : value));
    this.add({ form: "floats", data }, groups);
  }

  finish(): ColumnData {
    return columnOf(this.#state, this.#dtype);
  }

  #addIntegers(data: Integers, step: number, groups: Uint32Array): void {
    const replaces = REPLACES[this.#which];
    const times = this.#dtype.unit !== undefined;
    for (let row = 0; row < groups.length; row++) {
      const value = data[row * step]!;
      if (times && value === NAT) continue;
      if (replaces(value, this.#state[groups[row]!]!)) this.#state[groups[row]!] = value;
    }
  }
}

/** The extreme of text, by code point. */
export class ExtremeText implements Aggregator {
  readonly #which: Extreme;
  readonly #state: string[] = [];

  constructor(which: Extreme) {
    this.#which = which;
  }

  add(values: Vector, { of, count }: Grouped): void {
    if (values.form !== "text") return;
    const best = new Int32Array(count).fill(-1);
    const step = values.constant ? 0 : 1;
    for (let row = 0; row < of.length; row++) {
      const group = of[row]!;
      if (best[group] === -1 || this.#isBetter(values.data, row * step, best[group]!))
        best[group] = row * step;
    }
    for (let group = 0; group < count; group++) {
      if (best[group]! < 0) continue;
      const value = values.data.at(best[group]!);
      const kept = this.#state[group];
      if (kept === undefined || this.#replaces(compareStrings(value, kept))) this.#state[group] = value;
    }
  }

  finish(): ColumnData {
    return encodeStrings(this.#state);
  }

  #isBetter(text: Strings, row: number, best: number): boolean {
    if (this.#which === "first" || this.#which === "last") return this.#which === "last";
    return this.#replaces(textOrder(text, row, text, best));
  }

  /**
   * Whether a later value replaces the kept one.
   *
   * @param order of the two: below 0 if the later one is less
   */
  #replaces(order: number): boolean {
    if (this.#which === "first" || this.#which === "last") return this.#which === "last";
    return this.#which === "min" ? order < 0 : order > 0;
  }
}
