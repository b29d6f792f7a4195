import { daysToDate, SECONDS_PER_DAY } from "../../model/calendar.ts";
import { parseIsoParts, secondsOfDay } from "../../model/time.ts";
import type { ParsedTime } from "./parsed-time.ts";

const ZERO = 48;

/**
 * Parses the usual form of ISO 8601, `2020-01-31` or `2020-01-31T12:30[:15[.123]][Z|+01:00]` (or a space for
 * the T), without decoding the bytes to text. Returns false for all else, including the rarer forms that
 * {@link readIso} parses.
 */
export function readIsoBytes(bytes: Uint8Array, start: number, end: number, time: ParsedTime): boolean {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const days = daysToDate(year, twoDigits(bytes, start + 5), twoDigits(bytes, start + 8));
  time.nanos = 0;
  time.digits = 0;
  time.offset = undefined;
  time.dateOnly = end - start === 10;
  time.seconds = days * SECONDS_PER_DAY;
  if (time.dateOnly) return !Number.isNaN(days);

  const separator = bytes[start + 10];
  if ((separator !== 84 && separator !== 32) || end - start < 16 || bytes[start + 13] !== 58) return false;
  let at = start + 16;
  let second = 0;
  if (at < end && bytes[at] === 58) {
    if (end - at < 3) return false;
    second = twoDigits(bytes, at + 1);
    at += 3;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at;
      let fraction = 0;
      for (; at < end && isDigit(bytes[at]!); at++)
        if (at - first < 9) fraction = fraction * 10 + bytes[at]! - ZERO;
      time.digits = Math.min(at - first, 9);
      for (let i = first + 9; i < at; i++) if (bytes[i] !== ZERO) return false; // finer than nanoseconds
      if (time.digits === 0) return false;
      time.nanos = fraction * 10 ** (9 - time.digits);
    }
  }
  const hour = twoDigits(bytes, start + 11);
  time.seconds += secondsOfDay(hour, twoDigits(bytes, start + 14), second, time.nanos);
  if (Number.isNaN(time.seconds)) return false;
  if (at === end) return true;
  if (bytes[at] === 90) time.offset = 0;
  else if (end - at === 6 && (bytes[at] === 43 || bytes[at] === 45) && bytes[at + 3] === 58) {
    const minutes = twoDigits(bytes, at + 4);
    if (!(minutes < 60)) return false;
    time.offset = (twoDigits(bytes, at + 1) * 3600 + minutes * 60) * (bytes[at] === 45 ? -1 : 1);
    return !Number.isNaN(time.offset);
  }
  return at + 1 === end && time.offset === 0;
}

const isDigit = (byte: number) => byte >= ZERO && byte <= 57;

/** Returns a number of two digits; NaN for other bytes. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const a = bytes[at]! - ZERO;
  const b = bytes[at + 1]! - ZERO;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN;
}

/** Parses all supported forms of ISO 8601, including years and months alone, and years of six digits. */
export function readIso(text: string, time: ParsedTime): boolean {
  const parts = parseIsoParts(text);
  if (!parts) return false;
  const { year, month, day, seconds, fraction, offset } = parts;
  if (/^[+-]\d{4,5}(?!\d)/.test(text)) return false; // a signed number or a code rather than a year
  if (/[1-9]/.test(fraction.slice(9))) return false; // finer than nanoseconds
  time.digits = Math.min(fraction.length, 9);
  time.nanos = Number(fraction.slice(0, 9).padEnd(9, "0"));
  time.offset = offset;
  time.dateOnly = seconds === undefined;
  time.seconds = daysToDate(year, month, day) * SECONDS_PER_DAY + (seconds ?? 0);
  return !Number.isNaN(time.seconds);
}
