import { DAY, daysToMonth, HOUR, MINUTE, monthOfDay, SECOND } from "../../model/calendar.ts";

/** A stretch of the calendar: so many months, or so many milliseconds from `origin` on. */
export type Unit =
  | { readonly months: number }
  | { readonly months?: undefined; readonly ms: number; readonly origin: number };

const ms = (length: number, origin = 0): Unit => ({ ms: length, origin });
/** The epoch was a Thursday. */
const MONDAY = 4 * DAY;

const UNITS: Readonly<Record<string, Unit>> = {
  Y: { months: 12 },
  Q: { months: 3 },
  M: { months: 1 },
  W: ms(7 * DAY, MONDAY),
  D: ms(DAY),
  h: ms(HOUR),
  m: ms(MINUTE),
  s: ms(SECOND),
};
const WORDS: Readonly<Record<string, string>> = {
  year: "Y",
  quarter: "Q",
  month: "M",
  week: "W",
  day: "D",
  hour: "h",
  minute: "m",
  second: "s",
};

/** The unit that a text names; undefined where there is none, or where it would not fill a day. */
export function unitNamed(text: string): Unit | undefined {
  const [, times, name] = /^(\d+)([hms])$/.exec(text) ?? [];
  if (name === undefined) return Object.hasOwn(UNITS, text) ? UNITS[text] : UNITS[WORDS[text] ?? ""];
  const length = Number(times) * { h: HOUR, m: MINUTE, s: SECOND }[name as "h" | "m" | "s"];
  return length > 0 && DAY % length === 0 ? ms(length) : undefined;
}

/** Whether units of this length begin at midnight, whatever the clocks did in between. */
export const isDays = (unit: Unit): boolean => unit.months !== undefined || unit.ms % DAY === 0;

/** The beginning of the unit that a moment lies in, without a time zone. */
export function floorTo(unit: Unit, time: number): number {
  if (unit.months === undefined) return Math.floor((time - unit.origin) / unit.ms) * unit.ms + unit.origin;
  return DAY * daysToMonth(Math.floor(monthOfDay(Math.floor(time / DAY)) / unit.months) * unit.months);
}

/** The beginning of the unit after the one that begins at `start`. */
export function following(unit: Unit, start: number): number {
  return unit.months === undefined
    ? start + unit.ms
    : DAY * daysToMonth(monthOfDay(start / DAY) + unit.months);
}
