import { daysToMonth } from "../../model/calendar.ts";
import { type DType, parseDType, TIME_UNITS, type TimeUnit } from "../../model/dtype.ts";
import { asLakotaError } from "../../model/errors.ts";
import type { Literal } from "../../model/expression.ts";
import { NAT, toUnit, unitRatio } from "../../model/time.ts";
import { type Integers, integersIn, narrowed, type Values, type Vector } from "../columns/vector.ts";
import { isTime, type Program, queryError } from "./program.ts";

export const timeOf = (unit: TimeUnit): DType => parseDType(`datetime64[${unit}]`);
export const durationOf = (unit: TimeUnit): DType => parseDType(`timedelta64[${unit}]`);

/** Returns the finer of two units. */
export const finer = (a: TimeUnit, b: TimeUnit): TimeUnit =>
  TIME_UNITS.indexOf(a) >= TIME_UNITS.indexOf(b) ? a : b;

const isMonths = (unit: TimeUnit): boolean => unit === "Y" || unit === "M";

/** Whether lengths in one unit can be converted to the other: months have no fixed length. */
export const convertible = (a: TimeUnit, b: TimeUnit): boolean => a === b || isMonths(a) === isMonths(b);

/** Returns integers as floats if these hold all of them exactly. */
export function compact(data: Integers, times: boolean): Values {
  const floats = narrowed(data, times);
  return floats ? { form: "floats", data: floats } : { form: "integers", data };
}

/** Converts times or durations to a finer unit. Values out of its range become its first or last. */
export function inUnit(program: Program, unit: TimeUnit): Program {
  const from = program.dtype.unit!;
  if (from === unit) return program;
  const dtype = isTime(program) ? timeOf(unit) : durationOf(unit);
  const run: Program["run"] = (batch) => {
    const vector = program.run(batch);
    return { ...rescale(vector, from, unit), constant: vector.constant === true };
  };
  return { dtype, text: program.text, run };
}

function rescale(vector: Vector, from: TimeUnit, to: TimeUnit): Values {
  const months = isMonths(from) && !isMonths(to);
  const perYear = from === "Y" ? 12n : 1n;
  const ratio = months ? ratioOf("D", to) : from === "Y" ? perYear : ratioOf(from, to);
  if (vector.form === "floats" && !months) {
    const factor = Number(ratio);
    const data = new Float64Array(vector.data.length);
    let largest = 0;
    for (let i = 0; i < data.length; i++) {
      data[i] = vector.data[i]! * factor;
      if (Math.abs(data[i]!) > largest) largest = Math.abs(data[i]!);
    }
    if (largest <= Number.MAX_SAFE_INTEGER) return { form: "floats", data };
  }
  const scaled = (count: bigint) => {
    if (count === NAT) return NAT;
    return saturate(ratio * (months ? BigInt(daysToMonth(Number(count * perYear))) : count));
  };
  const counts = integersIn(vector) as ArrayLike<bigint>;
  return compact(BigInt64Array.from(counts, scaled), true);
}

const ratioOf = (coarse: TimeUnit, fine: TimeUnit): bigint =>
  coarse === fine ? 1n : unitRatio(coarse, fine)!;

function saturate(count: bigint): bigint {
  if (count >= -NAT) return -NAT - 1n;
  return count <= NAT ? NAT + 1n : count;
}

/** Fine to coarse. */
const EXACT_UNITS: readonly TimeUnit[] = ["ns", "us", "ms", "s"];

/**
 * Returns a constant as a time, in the coarsest unit that holds it exactly.
 *
 * @param unit what a bigint counts
 */
export function timeLiteral(value: Literal, unit: TimeUnit, text: string): Program {
  const [count, exact] = toExactCount(value, unit, text);
  const vector: Vector = { ...compact(BigInt64Array.of(count), true), constant: true };
  return { dtype: timeOf(exact), text, literal: value, run: () => vector };
}

function toExactCount(value: Literal, unit: TimeUnit, text: string): [count: bigint, unit: TimeUnit] {
  if (typeof value === "bigint") return [value, unit];
  if (typeof value === "boolean") throw queryError(text, `${value} is not a time.`);
  if (value === "NaT") return [NAT, unit];
  let last: unknown;
  for (const [i, fine] of EXACT_UNITS.entries()) {
    try {
      let count = toUnit(value, fine);
      let coarse = i;
      while (count !== NAT && coarse + 1 < EXACT_UNITS.length && count % 1000n === 0n) {
        count /= 1000n;
        coarse++;
      }
      return [count, EXACT_UNITS[coarse]!];
    } catch (error) {
      last = error; // out of the range of this unit, or not a time
    }
  }
  throw queryError(text, asLakotaError(last).message, last);
}

/** Returns `program` as a time. Beside a time of `unit`, a constant is one too. Undefined for other types. */
export function asTime(program: Program, unit: TimeUnit): Program | undefined {
  if (isTime(program)) return program;
  return program.literal === undefined ? undefined : timeLiteral(program.literal, unit, program.text);
}
