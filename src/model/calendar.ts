export const SECOND = 1_000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Days since 1970-01-01 of the first of a month; months count from January 1970. */
export function daysToMonth(months: number): number {
  // Years begin in March, so that the day that some of them lack is the last one.
  const since = months + 1970 * 12 - 2;
  const year = Math.floor(since / 12);
  const month = since - year * 12;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return 365 * year + leapDays + Math.floor((153 * month + 2) / 5) - 719_468;
}

/** Months since January 1970 of a day. */
export function monthOfDay(days: number): number {
  const guess = Math.floor(days / 30.436875);
  for (let months = guess - 1; ; months++) if (daysToMonth(months + 1) > days) return months;
}
