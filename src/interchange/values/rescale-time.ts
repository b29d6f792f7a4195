import type { TimeUnit } from "../../model/dtype.ts";
import { NAT, unitRatio } from "../../model/time.ts";
import { countOf, daysOf } from "./parsed-time.ts";

/**
 * Times or durations in another unit.
 *
 * @param unfit makes the error to throw for a count that the unit cannot hold exactly
 */
export function rescale(
  counts: BigInt64Array<ArrayBuffer>,
  from: TimeUnit,
  to: TimeUnit,
  unfit: (row: number, count: bigint) => Error,
): BigInt64Array<ArrayBuffer> {
  if (from === to) return counts;
  const times = unitRatio(from, to);
  const by = unitRatio(to, from);
  const out = new BigInt64Array(counts.length);
  for (let row = 0; row < out.length; row++) {
    const count = counts[row]!;
    if (count === NAT) {
      out[row] = NAT;
      continue;
    }
    const scaled = times ? count * times : by ? divideExactly(count, by) : convertByCalendar(count, from, to);
    if (scaled === undefined || scaled <= NAT || scaled >= -NAT) throw unfit(row, count);
    out[row] = scaled;
  }
  return out;
}

const divideExactly = (count: bigint, by: bigint) => (count % by === 0n ? count / by : undefined);

/** Where one of the units is a month or a year. */
function convertByCalendar(count: bigint, from: TimeUnit, to: TimeUnit): bigint | undefined {
  const perDay = unitRatio("D", from) ?? 1n;
  if (from === "Y" || from === "M") {
    const months = from === "Y" ? Number(count) * 12 : Number(count);
    const days = daysOf(1970 + Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
    return Number.isSafeInteger(days * 86_400) ? countOf(days * 86_400, 0, to) : undefined;
  }
  if (from === "W") return countOf(Number(count) * 7 * 86_400, 0, to);
  return count % perDay === 0n ? countOf(Number(count / perDay) * 86_400, 0, to) : undefined;
}
