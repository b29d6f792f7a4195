import type { TimeUnit } from "../../model/dtype.ts";
import { NAT } from "../../model/time.ts";

/**
 * A time as it is written: the clock's reading, and the zone if one is told. Filled in by the readers of text, which use
 * one moment again and again.
 */
export interface ParsedTime {
  /** Since 1970-01-01 00:00 by the clock that was read. */
  seconds: number;
  /** Past those seconds. */
  nanos: number;
  /** Seconds by which the clock is ahead of UTC; undefined where the text does not tell. */
  offset: number | undefined;
  /** Digits of the fraction, as written. */
  digits: number;
  /** No time of day is told. */
  dateOnly: boolean;
}

export const newParsedTime = (): ParsedTime => ({
  seconds: 0,
  nanos: 0,
  offset: undefined,
  digits: 0,
  dateOnly: false,
});

const DAY = 86_400;

/** Days from 1970-01-01, proleptic Gregorian. NaN for a day that the month lacks. */
export function daysOf(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1 || day > lengthOf(year, month)) return Number.NaN;
  // Years that begin in March have their leap day at the end.
  const y = month > 2 ? year : year - 1;
  const era = Math.floor(y / 400);
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const yearOfEra = y - era * 400;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

function lengthOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Seconds of a day's time; NaN for what no clock shows. 24:00 ends a day, and 23:59:60 is a leap second. */
export function secondsOfDay(hour: number, minute: number, second: number, nanos: number): number {
  const ends = hour === 24 && minute === 0 && second === 0 && nanos === 0;
  if ((hour > 23 && !ends) || minute > 59 || second > 60) return Number.NaN;
  return hour * 3600 + minute * 60 + second;
}

/** The coarsest of the usual units that holds what was written. */
export function unitOf({ dateOnly, digits }: Pick<ParsedTime, "dateOnly" | "digits">): TimeUnit {
  if (dateOnly) return "D";
  return digits === 0 ? "s" : digits <= 3 ? "ms" : digits <= 6 ? "us" : "ns";
}

const NANOS_PER: Partial<Record<TimeUnit, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };
const SECONDS_PER: Partial<Record<TimeUnit, number>> = { W: 7 * DAY, D: DAY, h: 3600, m: 60 };

/** `seconds` and `nanos` since the epoch as a count of `unit`; undefined where it would lose something, or overflow. */
export function countOf(seconds: number, nanos: number, unit: TimeUnit): bigint | undefined {
  const fine = NANOS_PER[unit];
  if (fine !== undefined) {
    if (nanos % fine !== 0) return undefined;
    const perSecond = 1e9 / fine;
    const count = seconds * perSecond + nanos / fine;
    if (Number.isSafeInteger(count)) return BigInt(count);
    const exact = BigInt(seconds) * BigInt(perSecond) + BigInt(nanos / fine);
    return exact > NAT && exact < -NAT ? exact : undefined;
  }
  const coarse = SECONDS_PER[unit];
  if (coarse !== undefined) {
    return nanos === 0 && seconds % coarse === 0 ? BigInt(seconds / coarse) : undefined;
  }
  const date = new Date(seconds * 1000);
  const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  if (nanos !== 0 || daysOf(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) * DAY !== seconds)
    return undefined;
  if (unit === "M") return BigInt(months);
  return months % 12 === 0 ? BigInt(months / 12) : undefined;
}
