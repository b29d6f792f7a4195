import type { TimeUnit } from "./dtype.ts";
import { LakotaError } from "./errors.ts";

/** "Not a time": numpy's missing value of datetimes and timedeltas. */
export const NAT = -(2n ** 63n);

/** Nanoseconds in a unit; years and months have no fixed length. */
const NANOSECONDS: Partial<Record<TimeUnit, bigint>> = {
  W: 604_800_000_000_000n,
  D: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  ns: 1n,
};

/** What a time can be given as. ISO text without a zone is UTC; a number is epoch milliseconds; a bigint counts the column's own unit. */
export type TimeInput = string | number | bigint | Date;

/**
 * A time as a count of `unit` since 1970-01-01 UTC. Finer parts are floored; only a number of milliseconds goes to the
 * nearest micro- or nanosecond, so that what {@link unitToMs} gave comes back (microseconds of this century exactly).
 *
 * @throws `invalid-argument` for text that is no ISO 8601 time, and for a time too far from 1970 for the unit.
 */
export function toUnit(time: TimeInput, unit: TimeUnit): bigint {
  const count = countOf(time, unit);
  if (count >= NAT && count < -NAT) return count;
  throw outOfRange(time, unit);
}

function countOf(time: TimeInput, unit: TimeUnit): bigint {
  if (typeof time === "bigint") return time;
  if (typeof time === "string") return fromNanoseconds(parseIso(time), unit);
  const ms = typeof time === "number" ? time : time.getTime();
  if (Number.isNaN(ms)) return NAT;
  if (!Number.isFinite(ms)) throw outOfRange(time, unit);
  const scale = msPerUnit(unit);
  if (scale === undefined) return monthsOrYears(ms, unit);
  if (scale >= 1) return BigInt(Math.floor(ms / scale)); // the common case, and a fast one
  const perMs = Math.round(1 / scale);
  const whole = Math.floor(ms);
  return BigInt(whole) * BigInt(perMs) + BigInt(Math.round((ms - whole) * perMs));
}

function outOfRange(time: TimeInput, unit: TimeUnit): LakotaError {
  return new LakotaError("invalid-argument", `${String(time)} lies out of the range of datetime64[${unit}].`);
}

function fromNanoseconds(ns: bigint, unit: TimeUnit): bigint {
  const size = NANOSECONDS[unit];
  return size ? floorDivide(ns, size) : monthsOrYears(Number(floorDivide(ns, 1_000_000n)), unit);
}

function monthsOrYears(ms: number, unit: TimeUnit): bigint {
  const date = new Date(Math.floor(ms));
  const years = date.getUTCFullYear() - 1970;
  if (Number.isNaN(years)) throw outOfRange(ms, unit);
  return BigInt(unit === "Y" ? years : years * 12 + date.getUTCMonth());
}

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

const ISO =
  /^(\d{4}|[+-]\d{4,6})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9})\d*)?)?)?\s*(Z|[+-]\d\d(?::?[0-5]\d)?)?)?)?)?$/i;

/** Nanoseconds since the epoch of an ISO 8601 time, zone UTC where none is given. */
function parseIso(text: string): bigint {
  const match = ISO.exec(text.trim());
  if (!match) throw notATime(text);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((i) =>
    Number(match[i] ?? (i === 2 || i === 3 ? 1 : 0)),
  );
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  const fraction = BigInt((match[7] ?? "").padEnd(9, "0"));
  const midnight = minute === 0 && second === 0 && fraction === 0n; // which a day's end may be written as: 24:00
  if (date.getUTCMonth() !== month! - 1 || hour! > (midnight ? 24 : 23) || minute! > 59 || second! > 60) {
    throw notATime(text);
  }
  date.setUTCHours(hour!, minute!, second!);
  const zone = /^([+-])(\d\d):?(\d\d)?$/.exec(match[8] ?? "");
  const offset = zone ? (zone[1] === "-" ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) : 0;
  const ms = date.getTime() - offset * 60_000;
  if (Number.isNaN(ms)) throw notATime(text);
  return BigInt(ms) * 1_000_000n + fraction;
}

function notATime(text: string): LakotaError {
  return new LakotaError(
    "invalid-argument",
    `"${text}" is not a time. Use ISO 8601, as in 2026-03-01 or 2026-03-01T12:30:00Z.`,
  );
}

/** Epoch milliseconds of a count of `unit`; NaT gives NaN. */
export function unitToMs(count: bigint, unit: TimeUnit): number {
  if (count === NAT) return Number.NaN;
  const scale = msPerUnit(unit);
  if (scale !== undefined && scale >= 1) return Number(count) * scale;
  if (scale !== undefined) {
    // Whole milliseconds by themselves: as one double, a nanosecond count would be off by hundreds.
    const perMs = Math.round(1 / scale);
    return Number(count / BigInt(perMs)) + Number(count % BigInt(perMs)) / perMs;
  }
  const months = unit === "Y" ? Number(count) * 12 : Number(count);
  return Date.UTC(1970, months, 1);
}

/** Milliseconds in one `unit`; undefined for years and months. */
export function msPerUnit(unit: TimeUnit): number | undefined {
  const ns = NANOSECONDS[unit];
  return ns === undefined ? undefined : Number(ns) / 1e6;
}

/** How many of `fine` make one `coarse`, where that is a whole number. */
export function unitRatio(coarse: TimeUnit, fine: TimeUnit): bigint | undefined {
  const a = NANOSECONDS[coarse];
  const b = NANOSECONDS[fine];
  return a !== undefined && b !== undefined && a > b ? a / b : undefined;
}
