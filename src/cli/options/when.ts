import { parseIsoMs } from "../../model/time.ts";

/** When the command was started, by the clock of this machine: all relative times of one command count from here. */
let started = Date.now();

/** Tells that a command starts. */
export function startCommandTime(): void {
  started = Date.now();
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What {@link parseWhen} accepts, for help and error messages. */
export const WHEN_FORMS =
  'a time such as 2026-03-01 or 2026-03-01T12:00 (UTC unless it has a zone), now, yesterday (24 hours ago), or a relative one such as -7d, -1h30m or "2 hours ago"';

/** Units of fixed length, by their names. */
const FIXED: ReadonlyMap<string, number> = new Map([
  ...named(SECOND, "s", "sec", "second"),
  ...named(MINUTE, "m", "min", "minute"),
  ...named(HOUR, "h", "hour"),
  ...named(DAY, "d", "day"),
  ...named(7 * DAY, "w", "week"),
]);

/** Units of the calendar in months, by their names. */
const MONTHS: ReadonlyMap<string, number> = new Map([...named(1, "mo", "month"), ...named(12, "y", "year")]);

function named(size: number, ...names: readonly string[]): [string, number][] {
  return names.flatMap((name) => (name.length > 2 ? [name, `${name}s`] : [name])).map((name) => [name, size]);
}

/** `-7d`, `+1h30m` */
const SIGNED = /^([+-])((?:\d+(?:mo|[smhdwy]))+)$/;
/** `2 hours ago` */
const AGO = /^(\d+)\s*([a-z]+)\s+ago$/;

/**
 * Parses a time of the command line: ISO 8601 (UTC unless it names a zone), `now`, `yesterday` (24 hours ago), `2 hours
 * ago`, or a signed distance from now such as `-7d` and `+1h30m`. Units are s, m (minutes), h, d, w, mo (months) and y;
 * months and years are those of the calendar, and the last day of a shorter month replaces a day that it lacks.
 *
 * @param now epoch milliseconds. Default: when the command was started
 * @returns epoch milliseconds; undefined for other text
 */
export function parseWhen(text: string, now = started): number | undefined {
  const word = text.trim().toLowerCase();
  if (word === "now") return now;
  if (word === "yesterday") return now - DAY;
  const [, sign, distance] = SIGNED.exec(word) ?? [];
  if (distance !== undefined) {
    const parts = [...distance.matchAll(/(\d+)([a-z]+)/g)];
    let time: number | undefined = now;
    for (const [, count, unit] of parts)
      if (time !== undefined) time = shifted(time, Number(`${sign}${count}`), unit!);
    return time;
  }
  const [, count, unit] = AGO.exec(word) ?? [];
  return unit === undefined ? parseIsoMs(text) : shifted(now, -Number(count), unit);
}

/**
 * Returns the time as the API takes it: text in ISO 8601 as it is, which may be finer than milliseconds; a relative time as
 * text of milliseconds. Undefined for other text.
 */
export function whenText(text: string, now = started): string | undefined {
  if (parseIsoMs(text) !== undefined) return text;
  const ms = parseWhen(text, now);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** Moves a time by some units. Undefined for an unknown unit, and for a time that no `Date` holds. */
function shifted(time: number, count: number, unit: string): number | undefined {
  const size = FIXED.get(unit);
  const months = MONTHS.get(unit);
  const moved = size !== undefined ? time + count * size : months && addMonths(time, count * months);
  return moved !== undefined && Number.isFinite(moved) && Math.abs(moved) <= 8.64e15 ? moved : undefined;
}

function addMonths(time: number, months: number): number {
  const date = new Date(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, lastDay));
}
