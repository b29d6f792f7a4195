import type { TimeUnit } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { floorDivide } from "./floor-divide.ts";
import { msPerUnit, NAT } from "./time-units.ts";

export { NAT };

/** Returns the nanoseconds in one `unit`; undefined for years and months, which have no fixed length. */
function nsPerUnit(unit: TimeUnit): bigint | undefined {
  const ms = msPerUnit(unit);
  return ms === undefined ? undefined : BigInt(Math.round(ms * 1e6));
}

/**
 * A time: ISO 8601 text (UTC unless it names a zone), epoch milliseconds, a `Date`, or a bigint that counts
 * the column's own unit.
 */
export type TimeInput = string | number | bigint | Date;

/** A time as a count of a unit since 1970-01-01 UTC, rounded down. It may be out of the range of the unit. */
export interface UnitCount {
  readonly count: bigint;
  /** Whether nothing was lost by rounding. */
  readonly exact: boolean;
}

/**
 * Converts a time to a count of `unit` since 1970-01-01 UTC. Finer parts are floored; only a number of
 * milliseconds is rounded to the nearest micro- or nanosecond, so that the results of {@link unitToMs}
 * convert back (microseconds of this century exactly).
 *
 * @throws `invalid-argument` for text that is not ISO 8601, and for a time out of the range of the unit
 */
export function toUnit(time: TimeInput, unit: TimeUnit): bigint {
  const { count } = floorToUnit(time, unit);
  if (count >= NAT && count < -NAT) return count;
  throw outOfRange(time, unit);
}

/** Converts a time as {@link toUnit}, of any size. @throws `invalid-argument` for text that is not ISO 8601 */
export function floorToUnit(time: TimeInput, unit: TimeUnit): UnitCount {
  if (typeof time === "bigint") return { count: time, exact: true };
  if (typeof time === "string") {
    const ns = parseIso(time);
    if (ns === undefined) throw notATime(time);
    return fromNanoseconds(ns, unit);
  }
  const ms = typeof time === "number" ? time : time.getTime();
  if (Number.isNaN(ms)) return { count: NAT, exact: true };
  if (!Number.isFinite(ms)) throw outOfRange(time, unit);
  const scale = msPerUnit(unit);
  if (scale === undefined) return monthsOrYears(ms, unit);
  if (scale >= 1) return { count: BigInt(Math.floor(ms / scale)), exact: ms % scale === 0 }; // common: no bigint arithmetic
  const perMs = Math.round(1 / scale);
  const whole = Math.floor(ms);
  const count = BigInt(whole) * BigInt(perMs) + BigInt(Math.round((ms - whole) * perMs));
  return { count, exact: true };
}

function outOfRange(time: TimeInput, unit: TimeUnit): LakotaError {
  return new LakotaError("invalid-argument", `${String(time)} lies out of the range of datetime64[${unit}].`);
}

function fromNanoseconds(ns: bigint, unit: TimeUnit): UnitCount {
  const size = nsPerUnit(unit);
  if (size) return { count: floorDivide(ns, size), exact: ns % size === 0n };
  const { count, exact } = monthsOrYears(Number(floorDivide(ns, 1_000_000n)), unit);
  return { count, exact: exact && ns % 1_000_000n === 0n };
}

function monthsOrYears(ms: number, unit: TimeUnit): UnitCount {
  const date = new Date(Math.floor(ms));
  const years = date.getUTCFullYear() - 1970;
  if (Number.isNaN(years)) throw outOfRange(ms, unit);
  const count = BigInt(unit === "Y" ? years : years * 12 + date.getUTCMonth());
  return { count, exact: unitToMs(count, unit) === ms };
}

const ISO =
  /^(\d{4}|[+-]\d{4,6})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|[+-]\d\d(?::?[0-5]\d)?)?)?)?)?$/i;

/** The parts of an ISO 8601 text. The day may not exist. */
interface IsoParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Seconds since midnight; undefined for a date alone, NaN for a time that no clock shows. */
  readonly seconds: number | undefined;
  /** Digits of the fraction of a second. */
  readonly fraction: string;
  /** Seconds ahead of UTC; undefined for a text that names no zone. */
  readonly offset: number | undefined;
}

/** Parses ISO 8601 text; the date may be only a year, or a year and a month. Undefined for other text. */
export function parseIsoParts(text: string): IsoParts | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year, month = 1, day = 1, hour, minute = 0, second = 0, fraction = "", zone] = match;
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    seconds:
      hour === undefined
        ? undefined
        : secondsOfDay(Number(hour), Number(minute), Number(second), Number(fraction)),
    fraction,
    offset: zone === undefined ? undefined : parseOffset(zone),
  };
}

/**
 * Returns the seconds since midnight; NaN for a time that no clock shows. 24:00 is the end of a day, and
 * 23:59:60 a leap second.
 */
export function secondsOfDay(hour: number, minute: number, second: number, fraction: number): number {
  const endOfDay = hour === 24 && minute + second + fraction === 0;
  return (hour < 24 || endOfDay) && minute < 60 && second <= 60
    ? hour * 3600 + minute * 60 + second
    : Number.NaN;
}

/** Returns the seconds ahead of UTC of `Z`, `UTC`, `+01`, `+0100` or `+01:00`. */
export function parseOffset(zone: string): number {
  const [, sign, hours, minutes = 0] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return sign ? Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60) : 0;
}

/** Parses ISO 8601 text to nanoseconds since the epoch. Undefined for other text. */
function parseIso(text: string): bigint | undefined {
  const parts = parseIsoParts(text.trim());
  if (!parts) return undefined;
  const { year, month, day, seconds = 0, fraction, offset = 0 } = parts;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) return undefined; // 02-30, 13-01
  const ms = date.setTime(date.getTime() + (seconds - offset) * 1000);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/**
 * Parses ISO 8601 text to whole milliseconds since the epoch. Undefined for other text. A text that names no
 * zone is UTC, whatever the zone of the computer.
 */
export function parseIsoMs(text: string): number | undefined {
  const ns = parseIso(text);
  return ns === undefined ? undefined : Number(floorDivide(ns, 1_000_000n));
}

/** What {@link parseIsoMs} accepts, for error messages. */
export const ISO_EXAMPLES =
  "ISO 8601, as in 2026-03-01 or 2026-03-01T12:30:00Z (UTC unless the text names a zone)";

function notATime(text: string): LakotaError {
  return new LakotaError("invalid-argument", `"${text}" is not a time. Use ${ISO_EXAMPLES}.`);
}

/** Converts a count of `unit` to epoch milliseconds; NaT to NaN. */
export function unitToMs(count: bigint, unit: TimeUnit): number {
  if (count === NAT) return Number.NaN;
  const scale = msPerUnit(unit);
  if (scale !== undefined && scale >= 1) return Number(count) * scale;
  if (scale !== undefined) {
    // Whole milliseconds apart from the rest: as one double, a nanosecond count would be off by hundreds.
    const perMs = Math.round(1 / scale);
    return Number(count / BigInt(perMs)) + Number(count % BigInt(perMs)) / perMs;
  }
  return Date.UTC(1970, unit === "Y" ? Number(count) * 12 : Number(count));
}

/** Returns how many of `fine` make one `coarse`; undefined unless that is a whole number above 1. */
export function unitRatio(coarse: TimeUnit, fine: TimeUnit): bigint | undefined {
  const a = nsPerUnit(coarse);
  const b = nsPerUnit(fine);
  return a !== undefined && b !== undefined && a > b ? a / b : undefined;
}
