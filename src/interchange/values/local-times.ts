import { SECOND } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { floorDivide } from "../../model/floor-divide.ts";
import { NAT, unitRatio } from "../../model/time.ts";
import type { ClockRule, TimeZone } from "../../model/time-zone.ts";

/** How times without a zone are understood. */
export interface ZoneOptions {
  /** The zone of times that name none, such as `Europe/Brussels`. Default UTC. */
  timeZone?: string;
  /** The meaning of times that the zone's clocks skip or repeat. Default `reject`: see {@link ClockRule}. */
  clock?: ClockRule;
}

/**
 * Converts counts of `unit` from a zone's local time to UTC. Units of a day and longer stay as they are.
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
  if (/^[YMWD]$/.test(unit)) return counts;
  const perSecond = unitRatio("s", unit) ?? 1n;
  const seconds = unitRatio(unit, "s") ?? 1n;
  let last = Number.NEGATIVE_INFINITY;
  let lastFraction = 0n;
  return Array.from(counts, (count, row) => {
    if (typeof count !== "bigint" || count === NAT) return count;
    const whole = floorDivide(count, perSecond);
    const local = Number(whole * seconds) * SECOND;
    const fraction = count - whole * perSecond;
    const utc = zone.toUtc(local, clock, fraction > lastFraction ? last : last + SECOND);
    if (utc === undefined) {
      throw new LakotaError(
        "invalid-frame",
        `At ${where(row)}, ${new Date(local).toISOString().slice(0, -5)} is not a time that the clocks of ` +
          `${zone.name} show exactly once (rule: ${clock}). Choose what it means with clock: "earlier", "later" or "order".`,
      );
    }
    last = utc;
    lastFraction = fraction;
    return (BigInt(utc / SECOND) / seconds) * perSecond + fraction;
  });
}
