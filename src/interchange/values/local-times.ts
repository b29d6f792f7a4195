import type { TimeUnit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { floorDivide, NAT, unitRatio } from "../../model/time.ts";
import type { ClockRule, TimeZone } from "../../model/time-zone.ts";

/** How times without a zone are understood. */
export interface ZoneOptions {
  /** The zone of times that tell none, such as `Europe/Brussels`. Default UTC. */
  timeZone?: string;
  /** What hours mean that the zone's clocks skip or repeat. Default `reject`: see {@link ClockRule}. */
  clock?: ClockRule;
}

/**
 * Counts of `unit` by a zone's clocks as counts since the epoch. Units of a day and longer stay as they are.
 *
 * @throws `invalid-frame`, naming the row, for a time that `clock` rejects
 */
export function fromLocal(
  counts: ArrayLike<unknown>,
  unit: TimeUnit,
  zone: TimeZone,
  clock: ClockRule,
  where: (row: number) => string,
): ArrayLike<unknown> {
  const perSecond = unitRatio("s", unit) ?? 1n;
  const seconds = unit === "s" ? 1n : (unitRatio(unit, "s") ?? 1n);
  if (/^[YMWD]$/.test(unit)) return counts;
  let last = Number.NEGATIVE_INFINITY;
  return Array.from(counts, (count, row) => {
    if (typeof count !== "bigint" || count === NAT) return count;
    const whole = floorDivide(count, perSecond);
    const utc = zone.toUtc(Number(whole * seconds), clock, last);
    if (utc === undefined) {
      throw new LakotaError(
        "invalid-frame",
        `At ${where(row)}, ${new Date(Number(whole * seconds) * 1000).toISOString().slice(0, -5)} is no time that the clocks of ` +
          `${zone.name} show exactly once (rule: ${clock}). Choose what it means with clock: "earlier", "later" or "order".`,
      );
    }
    last = utc;
    return (BigInt(utc) / seconds) * perSecond + (count - whole * perSecond);
  });
}
