import { type Floats, floatsIn, type Vector } from "../columns/vector.ts";
import { type Aggregator, type Grouped, grown } from "./aggregator.ts";

/** Returns the value at the fraction `part` (0 to 1) of the way from `low` to `high`. */
type Interpolate = (low: number, high: number, part: number) => number;

/** The interpolations of numpy. */
export const INTERPOLATIONS: Readonly<Record<string, Interpolate>> = {
  linear: (low, high, part) => between(low, high, part),
  lower: (low) => low,
  higher: (low, high, part) => (part > 0 ? high : low),
  nearest: (low, high, part) => (part > 0.5 ? high : low),
  midpoint: (low, high, part) => between(low, high, part > 0 ? 0.5 : 0),
};

function between(low: number, high: number, part: number): number {
  if (part === 0 || low === high) return low; // also where they are infinite
  if (!Number.isFinite(low) || !Number.isFinite(high)) return low + high;
  // From the nearer end, as numpy does.
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}

/** Holds every value until the end, at 12 bytes per row. */
export class Quantile implements Aggregator {
  readonly #q: number;
  readonly #interpolation: string;
  #values: Floats = new Float64Array(0);
  #groups = new Uint32Array(0);
  #length = 0;

  constructor(q: number, interpolation: string) {
    this.#q = q;
    this.#interpolation = interpolation;
  }

  add(vector: Vector, { of }: Grouped): void {
    const values = grown(this.#values, this.#length + of.length);
    const groups = grown(this.#groups, this.#length + of.length);
    const data = floatsIn(vector);
    const step = vector.constant ? 0 : 1;
    let length = this.#length;
    for (let row = 0; row < of.length; row++) {
      const value = data[row * step]!;
      if (Number.isNaN(value)) continue;
      values[length] = value;
      groups[length++] = of[row]!;
    }
    [this.#values, this.#groups, this.#length] = [values, groups, length];
  }

  finish(groups: number): Floats {
    // Counting sort by group; each group is then sorted by value.
    const ends = new Uint32Array(groups + 1);
    for (let i = 0; i < this.#length; i++) ends[this.#groups[i]! + 1]!++;
    for (let group = 0; group < groups; group++) ends[group + 1]! += ends[group]!;
    const next = ends.slice();
    const sorted = new Float64Array(this.#length);
    for (let i = 0; i < this.#length; i++) sorted[next[this.#groups[i]!]!++] = this.#values[i]!;
    return Float64Array.from({ length: groups }, (_, group) =>
      this.#of(sorted.subarray(ends[group], ends[group + 1]).sort()),
    );
  }

  #of(values: Floats): number {
    if (values.length === 0) return Number.NaN;
    const at = this.#q * (values.length - 1);
    const low = Math.floor(at);
    const high = Math.min(low + 1, values.length - 1);
    return INTERPOLATIONS[this.#interpolation]!(values[low]!, values[high]!, at - low);
  }
}
