/** The proleptic Gregorian calendar, and lengths of time in milliseconds. */

export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const SECONDS_PER_DAY = 86_400;

/** Returns the day on which a month begins, in days since 1970-01-01. Months count from January 1970. */
export function daysToMonth(months: number): number {
  // Years begin in March here, so that the leap day is the last day of its year.
  const since = months + 1970 * 12 - 2;
  const year = Math.floor(since / 12);
  const month = since - year * 12;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return 365 * year + leapDays + Math.floor((153 * month + 2) / 5) - 719_468;
}

/** Returns the month in which a day lies, in months since January 1970. */
export function monthOfDay(days: number): number {
  const guess = Math.floor(days / 30.436875);
  for (let months = guess - 1; ; months++) if (daysToMonth(months + 1) > days) return months;
}

/** Returns the days from 1970-01-01 to a date; NaN for a month or a day that does not exist. */
export function daysToDate(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1)) return Number.NaN;
  const months = (year - 1970) * 12 + month - 1;
  const first = daysToMonth(months);
  return day <= 28 || day <= daysToMonth(months + 1) - first ? first + day - 1 : Number.NaN;
}
