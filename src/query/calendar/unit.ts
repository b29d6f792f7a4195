import { DAY, daysToMonth, HOUR, MINUTE, monthOfDay, SECOND } from "../../model/calendar.ts";
import { ownEntry } from "../../model/own-entry.ts";

/** A calendar unit: a number of months, or a number of milliseconds counted from `origin`. */
export type Unit =
  | { readonly months: number }
  | { readonly months?: undefined; readonly ms: number; readonly origin: number };

const ms = (length: number, origin = 0): Unit => ({ ms: length, origin });
/** The first Monday: the epoch was a Thursday. */
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
const NAMES: Readonly<Record<string, string>> = {
  year: "Y",
  quarter: "Q",
  month: "M",
  week: "W",
  day: "D",
  hour: "h",
  minute: "m",
  second: "s",
};

/** Returns the unit that a text names; undefined for other text, and for parts of a day with a remainder. */
export function unitNamed(text: string): Unit | undefined {
  const [, factor, name] = /^(\d+)([hms])$/.exec(text) ?? [];
  if (name === undefined)
    return Object.hasOwn(UNITS, text) ? UNITS[text] : UNITS[ownEntry(NAMES, text) ?? ""];
  const length = Number(factor) * { h: HOUR, m: MINUTE, s: SECOND }[name as "h" | "m" | "s"];
  return length > 0 && DAY % length === 0 ? ms(length) : undefined;
}

/** Whether a unit stays one where clocks change within it. Of an hour that clocks show twice, each is a unit. */
export const spansChanges = (unit: Unit): boolean => unit.months !== undefined || unit.ms > HOUR;

/** Returns the beginning of the unit in which a time lies, without a time zone. */
export function floorTo(unit: Unit, time: number): number {
  if (unit.months === undefined) return Math.floor((time - unit.origin) / unit.ms) * unit.ms + unit.origin;
  return DAY * daysToMonth(Math.floor(monthOfDay(Math.floor(time / DAY)) / unit.months) * unit.months);
}

/** Returns the beginning of the unit after the one that begins at `start`. */
export function nextStart(unit: Unit, start: number): number {
  return unit.months === undefined
    ? start + unit.ms
    : DAY * daysToMonth(monthOfDay(start / DAY) + unit.months);
}
