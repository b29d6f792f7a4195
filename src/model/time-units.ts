/**
 * The time units of numpy, from coarse to fine: how many characters at the end of `2026-03-01T12:30:15.123Z` each omits, and
 * its milliseconds. Years and months have no fixed length. The milliseconds of the last two are no exact numbers, but what they
 * are multiplied with is.
 */
const UNITS = {
  Y: [20],
  M: [17],
  W: [14, 604_800_000],
  D: [14, 86_400_000],
  h: [8, 3_600_000],
  m: [8, 60_000],
  s: [5, 1_000],
  ms: [1, 1],
  us: [1, 1e-3],
  ns: [1, 1e-6],
} as const;

export type TimeUnit = keyof typeof UNITS;

/** The time units of numpy, from coarse to fine. */
export const TIME_UNITS = Object.keys(UNITS) as readonly TimeUnit[];

/** "Not a time": numpy's missing value of datetimes and timedeltas. */
export const NAT = -(2n ** 63n);

/** Returns the milliseconds in one `unit`; undefined for years and months, which have no fixed length. */
export const msPerUnit = (unit: TimeUnit): number | undefined => UNITS[unit][1];

/** Whether times of a unit have an hour, and so a zone. */
export const hasClock = (unit: TimeUnit): boolean => UNITS[unit][0] < 9;

/**
 * Returns a time as ISO 8601 text with as many digits as its unit has, without a zone. Undefined for a time that this
 * text cannot represent.
 *
 * @param digits those after the milliseconds, for finer units
 */
export function isoText(ms: number, unit: TimeUnit, digits: string): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(+date) ? undefined : date.toISOString().slice(0, -UNITS[unit][0]) + digits;
}

/**
 * Splits a count of `unit` since 1970 UTC into whole milliseconds and the digits after them: three for microseconds, six for
 * nanoseconds, none for coarser units. Exact, unlike a number of milliseconds.
 */
export function splitCount(count: bigint, unit: TimeUnit): readonly [ms: number, digits: string] {
  const scale = msPerUnit(unit);
  if (scale === undefined || scale >= 1) {
    const units = Number(count);
    return [scale ? units * scale : Date.UTC(1970, unit === "Y" ? units * 12 : units), ""];
  }
  const perMs = unit === "us" ? 1_000n : 1_000_000n;
  const rest = ((count % perMs) + perMs) % perMs;
  return [Number((count - rest) / perMs), String(rest + perMs).slice(1)];
}
