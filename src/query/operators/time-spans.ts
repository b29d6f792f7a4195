import type { TimeUnit } from "../../model/dtype.ts";
import { floorDivide, msPerUnit, NAT } from "../../model/time.ts";
import type { Floats, Values, Vector } from "../columns/vector.ts";
import { queryError } from "./program.ts";

/** What `Date` and calendars can tell, in milliseconds either side of 1970. */
const FURTHEST = 8.64e15;

/** A stretch of time, in epoch milliseconds, and a number that belongs to all of it. */
interface Stretch {
  from: number;
  /** Exclusive. */
  to: number;
  value: number;
}

/** For each row the position of its value in a list, whose first one, NaN, is that of missing times. */
interface Found {
  at: Uint32Array;
  values: number[];
}

/**
 * Finds the stretch of each time. Times mostly come sorted, so a stretch mostly holds for the next row too, and `find` is
 * called seldom.
 */
export function timeSpans(
  vector: Vector,
  unit: TimeUnit,
  text: string,
  find: (ms: number) => Stretch,
): Found {
  const values = [Number.NaN];
  const scale = msPerUnit(unit)!;
  const perMs = Math.max(1, Math.round(1 / scale));
  const search = (ms: number): Stretch => {
    if (Math.abs(ms) > FURTHEST) throw queryError(text, "a time lies beyond the calendar (±275,760 years).");
    const stretch = find(ms);
    values.push(stretch.value);
    return stretch;
  };
  if (vector.form === "floats") {
    const at = inFloats(vector.data, (count) => {
      const { from, to } = search(Math.floor(perMs > 1 ? count / perMs : count * scale));
      return perMs > 1 ? [from * perMs, to * perMs] : [from / scale, to / scale];
    });
    return { at, values };
  }
  const data = vector.form === "integers" ? vector.data : new BigInt64Array(0);
  const at = inIntegers(data, (count) => {
    const ms = perMs > 1 ? Number(floorDivide(count, BigInt(perMs))) : Number(count) * scale;
    const { from, to } = search(ms);
    const counts = (time: number) => BigInt(perMs > 1 ? time : Math.ceil(time / scale)) * BigInt(perMs);
    return [counts(from), counts(to)];
  });
  return { at, values };
}

function inFloats(data: Floats, search: (count: number) => [from: number, to: number]): Uint32Array {
  const at = new Uint32Array(data.length);
  let [from, to, now, last] = [Number.NaN, Number.NaN, 0, 0];
  for (let row = 0; row < data.length; row++) {
    const count = data[row]!;
    if (!(count >= from && count < to)) {
      const missing = Number.isNaN(count);
      [from, to] = missing ? [Number.NaN, Number.NaN] : search(count);
      now = missing ? 0 : ++last;
    }
    at[row] = now;
  }
  return at;
}

function inIntegers(
  data: ArrayLike<bigint>,
  search: (count: bigint) => [from: bigint, to: bigint],
): Uint32Array {
  const at = new Uint32Array(data.length);
  let [from, to] = [1n, 0n];
  let [now, last] = [0, 0];
  for (let row = 0; row < data.length; row++) {
    const count = data[row]!;
    if (!(count >= from && count < to)) {
      const missing = count === NAT;
      [from, to] = missing ? [1n, 0n] : search(count);
      now = missing ? 0 : ++last;
    }
    at[row] = now;
  }
  return at;
}

/** The value of each row. */
export const pick = ({ at, values }: Found): Floats => {
  const table = Float64Array.from(values);
  const out = new Float64Array(at.length);
  for (let row = 0; row < out.length; row++) out[row] = table[at[row]!]!;
  return out;
};

/** Milliseconds of each row as counts of a unit; added to the counts of `onto`, if it is given. */
export function inCounts(found: Found, unit: TimeUnit, form: Vector["form"], onto?: Vector): Values {
  const scale = msPerUnit(unit)!;
  const perMs = Math.max(1, Math.round(1 / scale));
  if (form === "floats") {
    const values = found.values.map((ms) => (perMs > 1 ? ms * perMs : ms / scale));
    const data = pick({ at: found.at, values });
    if (onto?.form === "floats") for (let row = 0; row < data.length; row++) data[row]! += onto.data[row]!;
    return { form: "floats", data };
  }
  const values = found.values.map((ms) =>
    Number.isNaN(ms) ? NAT : perMs > 1 ? BigInt(ms) * BigInt(perMs) : BigInt(ms / scale),
  );
  const data = new BigInt64Array(found.at.length);
  const base = onto?.form === "integers" ? onto.data : undefined;
  for (let row = 0; row < data.length; row++) {
    const value = values[found.at[row]!]!;
    data[row] = base && value !== NAT ? value + base[row]! : value;
  }
  return { form: "integers", data };
}
