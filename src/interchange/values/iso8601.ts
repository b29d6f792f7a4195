import { daysOf, type ParsedTime, secondsOfDay } from "./parsed-time.ts";

const DAY = 86_400;
const ZERO = 48;

/**
 * Reads the usual form of ISO 8601, `2020-01-31`, `2020-01-31T12:30[:15[.123]][Z|+01:00]` (or a space for the T), without
 * making text of it. False for all else: {@link readIso} then tries the rarer forms.
 */
export function readIsoBytes(bytes: Uint8Array, start: number, end: number, moment: ParsedTime): boolean {
  if (end - start < 10 || bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return false;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const days = daysOf(year, two(bytes, start + 5), two(bytes, start + 8));
  moment.nanos = 0;
  moment.digits = 0;
  moment.offset = undefined;
  moment.dateOnly = end - start === 10;
  moment.seconds = days * DAY;
  if (moment.dateOnly) return !Number.isNaN(days);

  const separator = bytes[start + 10];
  if ((separator !== 84 && separator !== 32) || end - start < 16 || bytes[start + 13] !== 58) return false;
  let at = start + 16;
  let second = 0;
  if (at < end && bytes[at] === 58) {
    if (end - at < 3) return false;
    second = two(bytes, at + 1);
    at += 3;
    if (at < end && (bytes[at] === 46 || bytes[at] === 44)) {
      const first = ++at;
      let fraction = 0;
      for (; at < end && isDigit(bytes[at]!); at++)
        if (at - first < 9) fraction = fraction * 10 + bytes[at]! - ZERO;
      moment.digits = at - first;
      // What lies beyond nanoseconds can only be left out if it says nothing.
      for (let i = first + 9; i < at; i++) if (bytes[i] !== ZERO) return false;
      if (moment.digits === 0) return false;
      moment.nanos = fraction * 10 ** Math.max(0, 9 - moment.digits);
    }
  }
  moment.seconds += secondsOfDay(two(bytes, start + 11), two(bytes, start + 14), second, moment.nanos);
  if (Number.isNaN(moment.seconds)) return false;
  if (at === end) return true;
  if (bytes[at] === 90) moment.offset = 0;
  else if (end - at === 6 && (bytes[at] === 43 || bytes[at] === 45) && bytes[at + 3] === 58) {
    const minutes = two(bytes, at + 4);
    if (!(minutes < 60)) return false;
    moment.offset = (two(bytes, at + 1) * 3600 + minutes * 60) * (bytes[at] === 45 ? -1 : 1);
    return !Number.isNaN(moment.offset);
  }
  return at + 1 === end && moment.offset === 0;
}

const isDigit = (byte: number) => byte >= ZERO && byte <= 57;

/** A number of two digits; NaN where there are none. */
function two(bytes: Uint8Array, at: number): number {
  const a = bytes[at]! - ZERO;
  const b = bytes[at + 1]! - ZERO;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : Number.NaN;
}

const ISO =
  /^(\d{4}|[+-]\d{6})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9})0*)?)?)?\s*([Zz]|UTC|[+-]\d\d(?::?[0-5]\d)?)?)?)?)?$/;

/** Reads all forms of ISO 8601 that are known here, also years and months alone, and years of six digits. */
export function readIso(text: string, moment: ParsedTime): boolean {
  const match = ISO.exec(text);
  if (!match) return false;
  const [, year, month = "1", day = "1", hour, minute = "0", second = "0", fraction = "", zone] = match;
  moment.digits = fraction.length;
  moment.nanos = Number(fraction.padEnd(9, "0"));
  moment.offset = zone === undefined ? undefined : offsetOf(zone);
  moment.dateOnly = hour === undefined;
  moment.seconds =
    daysOf(Number(year), Number(month), Number(day)) * DAY +
    secondsOfDay(Number(hour ?? 0), Number(minute), Number(second), moment.nanos);
  return !Number.isNaN(moment.seconds);
}

/** Seconds ahead of UTC that `Z`, `+01`, `+0100` or `+01:00` means. */
export function offsetOf(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (!match) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60);
}
