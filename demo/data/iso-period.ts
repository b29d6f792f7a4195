import { fromWallClock } from "./time-zone.ts";

/** A period in epoch milliseconds: `stop` is the first millisecond after it. */
export interface Period {
  start: number;
  stop: number;
}

const ISO =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(?:Z|UTC|([+-]\d\d)(?::?([0-5]\d))?)?)?)?)?$/i;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Parses ISO 8601 text of any precision: `2001` is the whole year, `2001-03-05T06:30` the whole minute. Undefined for
 * other text, and for times that do not exist.
 *
 * @param zone time zone of a text that names none. Default: UTC, as in Lakota itself
 */
export function parsePeriod(text: string, zone = "UTC"): Period | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zoneHours = "0", zoneMinutes = "0"] = match;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const date = new Date(Date.UTC(y, m - 1, d));
  if (date.getUTCFullYear() !== y || date.getUTCMonth() !== m - 1) return undefined; // 02-30, 13-01
  const hasZone = hour !== undefined && /(Z|UTC|[+-]\d\d(:?[0-5]\d)?)$/i.test(text.trim().slice(10));
  const inZone = (start: number, stop: number): Period =>
    hasZone ? { start, stop } : { start: fromWallClock(start, zone), stop: fromWallClock(stop, zone) };
  if (month === undefined) return inZone(date.getTime(), Date.UTC(y + 1, 0));
  if (day === undefined) return inZone(date.getTime(), Date.UTC(y, m));
  const [h, min, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)];
  if (h > 23 || min > 59 || s > 59) return undefined;
  const ms = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const offset =
    Number(zoneHours) * HOUR + Number(`${zoneHours[0] === "-" ? "-" : ""}${zoneMinutes}`) * MINUTE;
  const start = date.getTime() + h * HOUR + min * MINUTE + s * 1000 + ms - offset;
  const length =
    hour === undefined
      ? DAY
      : minute === undefined
        ? HOUR
        : second === undefined
          ? MINUTE
          : 10 ** Math.max(0, 3 - fraction.length);
  return inZone(start, start + length);
}
