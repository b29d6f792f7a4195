const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Round lengths of time. Steps are counted from 1970, which began on a Thursday, so weeks do too. */
const TIME_STEPS: readonly [milliseconds: number, name: string][] = [
  [SECOND, "second"],
  [10 * SECOND, "10 seconds"],
  [MINUTE, "minute"],
  [5 * MINUTE, "5 minutes"],
  [15 * MINUTE, "15 minutes"],
  [HOUR, "hour"],
  [3 * HOUR, "3 hours"],
  [DAY, "day"],
  [2 * DAY, "2 days"],
  [7 * DAY, "week"],
  [28 * DAY, "4 weeks"],
  [91 * DAY, "13 weeks"],
  [365.25 * DAY, "year"],
];

export interface Step {
  width: number;
  /** Completes "mean of each …". */
  name: string;
}

/** Returns the shortest round step of an x axis that is at least `least` long. */
export function roundStep(least: number, time: boolean): Step {
  const known = time ? TIME_STEPS.find(([length]) => length >= least) : undefined;
  if (known) return { width: known[0], name: known[1] };
  const scale = 10 ** Math.floor(Math.log10(least));
  const width = scale * ([1, 2, 5].find((n) => n * scale >= least) ?? 10);
  return { width, name: time ? `${Math.round(width / (365.25 * DAY))} years` : String(width) };
}
