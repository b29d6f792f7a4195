import { fromWallClock, toWallClock } from "./time-zone.ts";

/** Hours, days, weeks, months and years. */
const UNITS = ["h", "d", "w", "m", "y"] as const;
type RelativeUnit = (typeof UNITS)[number];

/**
 * A range that ends with the last row, not now: the data may have ended years ago. In an address `-7d`, or `ytd` from
 * the beginning of the year in which the last row lies.
 */
export type RelativeRange = { kind: "last"; count: number; unit: RelativeUnit } | { kind: "year-to-date" };

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const isRelative = (range: { kind: string }): range is RelativeRange =>
  range.kind === "last" || range.kind === "year-to-date";

export const formatRelative = (range: RelativeRange): string =>
  range.kind === "last" ? `-${range.count}${range.unit}` : "ytd";

/** Parses `-7d`, also without the sign, and `ytd`. Undefined for other text. */
export function parseRelative(text: string): RelativeRange | undefined {
  if (text === "ytd") return { kind: "year-to-date" };
  const [, digits, name] = /^-?(\d{1,4})([hdwmy])$/.exec(text) ?? [];
  const unit = UNITS.find((each) => each === name);
  const count = Number(digits);
  return unit && count > 0 ? { kind: "last", count, unit } : undefined;
}

/** Returns the start of a range, by the calendar of a time zone. @param last time of the last row */
export function relativeStart(range: RelativeRange, last: number, zone: string): number {
  const wall = toWallClock(last, zone);
  if (range.kind === "year-to-date") return fromWallClock(Date.UTC(new Date(wall).getUTCFullYear(), 0), zone);
  const { count, unit } = range;
  switch (unit) {
    case "h":
      return last - count * HOUR;
    case "d":
      return fromWallClock(wall - count * DAY, zone);
    case "w":
      return fromWallClock(wall - 7 * count * DAY, zone);
    default:
      return fromWallClock(monthsBefore(wall, unit === "m" ? count : 12 * count), zone);
  }
}

/** Returns the same day of another month, or its last day if it has fewer. */
function monthsBefore(time: number, months: number): number {
  const date = new Date(time);
  const month = date.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  date.setUTCMonth(month, Math.min(date.getUTCDate(), lastDay));
  return date.getTime();
}
