import { daysToMonth, monthOfDay, SECONDS_PER_DAY } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import { NAT } from "../../model/time.ts";

/** A time as it was written: local time, and the offset if the text has one. Parsers reuse one object. */
export interface ParsedTime {
  /** Local time, in seconds since 1970-01-01 00:00. */
  seconds: number;
  /** Nanoseconds past those seconds. */
  nanos: number;
  /** Seconds by which local time is ahead of UTC; undefined for a text that names no zone. */
  offset: number | undefined;
  /** Digits of the fraction, as written. */
  digits: number;
  /** Whether the text has no time of day. */
  dateOnly: boolean;
}

export const newParsedTime = (): ParsedTime => ({
  seconds: 0,
  nanos: 0,
  offset: undefined,
  digits: 0,
  dateOnly: false,
});

/** Returns the coarsest of the usual units that holds a time exactly. */
export function unitOf({ dateOnly, digits }: Pick<ParsedTime, "dateOnly" | "digits">): TimeUnit {
  if (dateOnly) return "D";
  return digits === 0 ? "s" : digits <= 3 ? "ms" : digits <= 6 ? "us" : "ns";
}

const NANOS_PER: Partial<Record<TimeUnit, number>> = { s: 1e9, ms: 1e6, us: 1e3, ns: 1 };
const SECONDS_PER: Partial<Record<TimeUnit, number>> = {
  W: 7 * SECONDS_PER_DAY,
  D: SECONDS_PER_DAY,
  h: 3600,
  m: 60,
};

/** Converts a time since the epoch to a count of `unit`; undefined where that would round or overflow. */
export function countOf(seconds: number, nanos: number, unit: TimeUnit): bigint | undefined {
  const nanosPerUnit = NANOS_PER[unit];
  if (nanosPerUnit !== undefined) {
    if (nanos % nanosPerUnit !== 0) return undefined;
    const perSecond = 1e9 / nanosPerUnit;
    const count = seconds * perSecond + nanos / nanosPerUnit;
    if (Number.isSafeInteger(count)) return BigInt(count);
    const exact = BigInt(seconds) * BigInt(perSecond) + BigInt(nanos / nanosPerUnit);
    return exact > NAT && exact < -NAT ? exact : undefined;
  }
  const secondsPerUnit = SECONDS_PER[unit];
  if (secondsPerUnit !== undefined) {
    return nanos === 0 && seconds % secondsPerUnit === 0 ? BigInt(seconds / secondsPerUnit) : undefined;
  }
  const days = seconds / SECONDS_PER_DAY;
  const months = monthOfDay(days);
  if (nanos !== 0 || daysToMonth(months) !== days) return undefined;
  if (unit === "M") return BigInt(months);
  return months % 12 === 0 ? BigInt(months / 12) : undefined;
}
