import { type TimeInterval, utcDay, utcHour, utcMonday, utcMonth, utcYear } from "d3-time";
import { fromWallClock, toWallClock } from "./time-zone.ts";

/** Units of the calendar by which rows can be grouped, as `floor` of `lakota/query` names them. */
export const CALENDAR_STEPS = ["hour", "day", "week", "month", "quarter", "year"] as const;
export type CalendarStep = (typeof CALENDAR_STEPS)[number];

export const isCalendarStep = (text: string): text is CalendarStep =>
  CALENDAR_STEPS.some((step) => step === text);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const INTERVALS: Readonly<Record<CalendarStep, TimeInterval | null>> = {
  hour: utcHour,
  day: utcDay,
  week: utcMonday,
  month: utcMonth,
  quarter: utcMonth.every(3),
  year: utcYear,
};

/** The shortest that each can be, in milliseconds. */
const LENGTHS: Readonly<Record<CalendarStep, number>> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 28 * DAY,
  quarter: 90 * DAY,
  year: 365 * DAY,
};

export const lengthOf = (step: CalendarStep): number => LENGTHS[step];

/** Returns the beginning of the unit in which a time lies, in a time zone. */
export function stepStart(time: number, step: CalendarStep, zone: string): number {
  return fromWallClock(Number(INTERVALS[step]!.floor(new Date(toWallClock(time, zone)))), zone);
}

/** Returns the beginning of the unit after the one in which a time lies. */
export function nextStep(time: number, step: CalendarStep, zone: string): number {
  const start = INTERVALS[step]!.floor(new Date(toWallClock(time, zone)));
  return fromWallClock(Number(INTERVALS[step]!.offset(start, 1)), zone);
}
