import type { TimeUnit } from "../../model/dtype.ts";
import { floorDivide } from "../../model/floor-divide.ts";
import { NAT } from "../../model/time.ts";
import { msPerUnit } from "../../model/time-units.ts";
import type { Floats, Values, Vector } from "../columns/vector.ts";
import { queryError } from "./program.ts";

/** The range of the calendar and of `Date`, in milliseconds on either side of 1970. */
export const FURTHEST = 8.64e15;

/** A span of time, in epoch milliseconds, with the value of all times in it. */
interface TimeSpan {
  from: number;
  /** Exclusive. */
  to: number;
  value: number;
}

/** The values of rows, dictionary-encoded. The first entry of `values`, NaN, is that of missing times. */
interface EncodedValues {
  codes: Uint32Array;
  values: number[];
}

/**
 * Finds the span of each time. Times are mostly sorted, so that the span of a row mostly holds for the next
 * row too and `find` is seldom called.
 */
export function timeSpans(
  vector: Vector,
  unit: TimeUnit,
  text: string,
  find: (ms: number) => TimeSpan,
): EncodedValues {
  const values = [Number.NaN];
  const scale = msPerUnit(unit)!;
  const perMs = Math.max(1, Math.round(1 / scale));
  const search = (ms: number): TimeSpan => {
    if (Math.abs(ms) > FURTHEST) throw queryError(text, "a time lies beyond the calendar (±275,760 years).");
    const span = find(ms);
    values.push(span.value);
    return span;
  };
  if (vector.form === "floats") {
    const codes = encodeFloats(vector.data, (count) => {
      const { from, to } = search(Math.floor(perMs > 1 ? count / perMs : count * scale));
      return perMs > 1 ? [from * perMs, to * perMs] : [from / scale, to / scale];
    });
    return { codes, values };
  }
  const data = vector.form === "integers" ? vector.data : new BigInt64Array(0);
  const codes = encodeIntegers(data, (count) => {
    const ms = perMs > 1 ? Number(floorDivide(count, BigInt(perMs))) : Number(count) * scale;
    const { from, to } = search(ms);
    const counts = (time: number) => BigInt(perMs > 1 ? time : Math.ceil(time / scale)) * BigInt(perMs);
    return [counts(from), counts(to)];
  });
  return { codes, values };
}

function encodeFloats(data: Floats, search: (count: number) => [from: number, to: number]): Uint32Array {
  const codes = new Uint32Array(data.length);
  let [from, to, code, last] = [Number.NaN, Number.NaN, 0, 0];
  for (let row = 0; row < data.length; row++) {
    const count = data[row]!;
    if (!(count >= from && count < to)) {
      const missing = Number.isNaN(count);
      [from, to] = missing ? [Number.NaN, Number.NaN] : search(count);
      code = missing ? 0 : ++last;
    }
    codes[row] = code;
  }
  return codes;
}

function encodeIntegers(
  data: ArrayLike<bigint>,
  search: (count: bigint) => [from: bigint, to: bigint],
): Uint32Array {
  const codes = new Uint32Array(data.length);
  let [from, to] = [1n, 0n];
  let [code, last] = [0, 0];
  for (let row = 0; row < data.length; row++) {
    const count = data[row]!;
    if (!(count >= from && count < to)) {
      const missing = count === NAT;
      [from, to] = missing ? [1n, 0n] : search(count);
      code = missing ? 0 : ++last;
    }
    codes[row] = code;
  }
  return codes;
}

/** Returns the value of each row. */
export const decodeValues = ({ codes, values }: EncodedValues): Floats => {
  const table = Float64Array.from(values);
  const out = new Float64Array(codes.length);
  for (let row = 0; row < out.length; row++) out[row] = table[codes[row]!]!;
  return out;
};

/** Converts the milliseconds of each row to counts of a unit, and adds those of `base`, if any. */
export function toCounts(
  encoded: EncodedValues,
  unit: TimeUnit,
  form: Vector["form"],
  base?: Vector,
): Values {
  const scale = msPerUnit(unit)!;
  const perMs = Math.max(1, Math.round(1 / scale));
  if (form === "floats") {
    const values = encoded.values.map((ms) => (perMs > 1 ? ms * perMs : ms / scale));
    const data = decodeValues({ codes: encoded.codes, values });
    if (base?.form === "floats") for (let row = 0; row < data.length; row++) data[row]! += base.data[row]!;
    return { form: "floats", data };
  }
  const values = encoded.values.map((ms) =>
    Number.isNaN(ms) ? NAT : perMs > 1 ? BigInt(ms) * BigInt(perMs) : BigInt(ms / scale),
  );
  const data = new BigInt64Array(encoded.codes.length);
  const added = base?.form === "integers" ? base.data : undefined;
  for (let row = 0; row < data.length; row++) {
    const value = values[encoded.codes[row]!]!;
    data[row] = added && value !== NAT ? value + added[row]! : value;
  }
  return { form: "integers", data };
}
