import { daysToMonth, SECONDS_PER_DAY } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import { NAT, unitRatio } from "../../model/time.ts";
import { countOf } from "./parsed-time.ts";

/**
 * Converts times or durations to another unit.
 *
 * @param createError returns the error to throw for a count that the unit cannot represent exactly
 */
export function rescale(
  counts: BigInt64Array<ArrayBuffer>,
  from: TimeUnit,
  to: TimeUnit,
  createError: (row: number, count: bigint) => Error,
): BigInt64Array<ArrayBuffer> {
  if (from === to) return counts;
  const factor = unitRatio(from, to);
  const divisor = unitRatio(to, from);
  const out = new BigInt64Array(counts.length);
  for (let row = 0; row < out.length; row++) {
    const count = counts[row]!;
    if (count === NAT) {
      out[row] = NAT;
      continue;
    }
    const scaled = factor
      ? count * factor
      : divisor
        ? divideExactly(count, divisor)
        : convertByCalendar(count, from, to);
    if (scaled === undefined || scaled <= NAT || scaled >= -NAT) throw createError(row, count);
    out[row] = scaled;
  }
  return out;
}

const divideExactly = (count: bigint, divisor: bigint) =>
  count % divisor === 0n ? count / divisor : undefined;

/** For units without a fixed ratio: one of them is a month or a year. */
function convertByCalendar(count: bigint, from: TimeUnit, to: TimeUnit): bigint | undefined {
  const perDay = unitRatio("D", from) ?? 1n;
  if (from === "Y" || from === "M") {
    const months = from === "Y" ? Number(count) * 12 : Number(count);
    const seconds = daysToMonth(months) * SECONDS_PER_DAY;
    return Number.isSafeInteger(seconds) ? countOf(seconds, 0, to) : undefined;
  }
  if (from === "W") return countOf(Number(count) * 7 * SECONDS_PER_DAY, 0, to);
  return count % perDay === 0n ? countOf(Number(count / perDay) * SECONDS_PER_DAY, 0, to) : undefined;
}
