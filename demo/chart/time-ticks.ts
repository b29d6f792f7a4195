import {
  type CountableTimeInterval,
  type TimeInterval,
  utcDay,
  utcHour,
  utcMillisecond,
  utcMinute,
  utcMonday,
  utcMonth,
  utcSecond,
  utcYear,
} from "d3-time";
import { fromWallClock, toWallClock } from "../data/time-zone.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365.25 * DAY;
/** What the label of a year needs of the space that any label may need. */
const YEAR_SPACE = 0.6;

type Unit = "year" | "month" | "day" | "hour" | "minute" | "second" | "millisecond";

/** Distances of ticks, from short to long: at round times of the calendar. */
const STEPS: readonly [milliseconds: number, interval: CountableTimeInterval, count: number, unit: Unit][] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map(
    (count) => [count, utcMillisecond, count, "millisecond"] as [number, CountableTimeInterval, number, Unit],
  ),
  [SECOND, utcSecond, 1, "second"],
  [5 * SECOND, utcSecond, 5, "second"],
  [15 * SECOND, utcSecond, 15, "second"],
  [30 * SECOND, utcSecond, 30, "second"],
  [MINUTE, utcMinute, 1, "minute"],
  [5 * MINUTE, utcMinute, 5, "minute"],
  [15 * MINUTE, utcMinute, 15, "minute"],
  [30 * MINUTE, utcMinute, 30, "minute"],
  [HOUR, utcHour, 1, "hour"],
  [3 * HOUR, utcHour, 3, "hour"],
  [6 * HOUR, utcHour, 6, "hour"],
  [12 * HOUR, utcHour, 12, "hour"],
  [DAY, utcDay, 1, "day"],
  [7 * DAY, utcMonday, 1, "day"],
  [30.44 * DAY, utcMonth, 1, "month"],
  [91.31 * DAY, utcMonth, 3, "month"],
  [182.62 * DAY, utcMonth, 6, "month"],
  [YEAR, utcYear, 1, "year"],
];

/** Round times on an axis, as the clocks of a zone show them. */
export interface TimeTicks {
  at: number[];
  /** One or two lines each: below a time, the day, month or year that begins there. */
  labels: string[];
}

/**
 * Returns round times between two.
 *
 * @param least distance between two ticks, in milliseconds
 * @param resolution of the data: no tick is finer, such as an hour between days
 * @param zone whose clocks show round times
 */
export function timeTicks(
  low: number,
  high: number,
  least: number,
  resolution: number,
  zone = "UTC",
): TimeTicks {
  const wanted = Math.max(least, Math.min(resolution, DAY));
  const step = STEPS.find(([length]) => length >= wanted);
  const interval = step ? every(step[1], step[2]) : utcYear.every(roundYears((wanted * YEAR_SPACE) / YEAR));
  const unit = step?.[3] ?? "year";
  const [from, to] = [low, high].map((time) => new Date(toWallClock(time, zone)));
  const shown = (interval?.range(from!, new Date(Number(to) + 1)) ?? []).map(Number);
  const labels = shown.map((time, i) => label(time, shown[i - 1], unit));
  // Where clocks skip an hour, two round times may be one.
  const at = shown.map((time) => fromWallClock(time, zone));
  const isNext = (i: number) => i === 0 || at[i]! > at[i - 1]!;
  return { at: at.filter((_, i) => isNext(i)), labels: labels.filter((_, i) => isNext(i)) };
}

function every(interval: CountableTimeInterval, count: number): TimeInterval | null {
  return count === 1 ? interval : interval.every(count);
}

/** Returns 1, 2, 5, 10, 20, 50, …: the shortest that is at least this many. */
function roundYears(least: number): number {
  const scale = 10 ** Math.floor(Math.log10(least));
  return Math.ceil(scale * ([1, 2, 5].find((n) => n * scale >= least) ?? 10));
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @param before the tick before; undefined for the first */
function label(time: number, before: number | undefined, unit: Unit): string {
  const date = new Date(time);
  const iso = date.toISOString();
  const year = String(date.getUTCFullYear());
  const month = MONTHS[date.getUTCMonth()]!;
  const day = `${date.getUTCDate()} ${month}`;
  const differs = (length: number) =>
    before === undefined ||
    new Date(before).toISOString().slice(0, -24 + length) !== iso.slice(0, -24 + length);
  const second = (text: string, shown: boolean) => (shown ? `\n${text}` : "");
  switch (unit) {
    case "year":
      return year;
    case "month":
      return month + second(year, differs(4));
    case "day":
      return day + second(year, differs(4));
    case "hour":
    case "minute":
      return iso.slice(-13, -8) + second(before === undefined ? `${day} ${year}` : day, differs(10));
    case "second":
      return iso.slice(-13, -5) + second(before === undefined ? `${day} ${year}` : day, differs(10));
    default:
      return iso.slice(-8, -1).replace(/^/, ":") + second(`${day} ${iso.slice(-13, -8)}`, differs(16));
  }
}
