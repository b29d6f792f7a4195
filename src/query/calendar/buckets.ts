import type { TimeZone } from "../../model/time-zone.ts";
import { floorTo, nextStart, spansChanges, type Unit } from "./unit.ts";

/**
 * The calendar unit of a time. Times are mostly sorted, so the last result is kept: it holds for times in
 * `from` … `to`, and {@link find} needs to be called only beyond.
 */
export class Buckets {
  from = Number.NaN;
  /** Exclusive. */
  to = Number.NaN;
  /** When the unit began, in epoch milliseconds. */
  start = Number.NaN;
  /** The local time at which the unit began, read as UTC. */
  local = Number.NaN;
  readonly #unit: Unit;
  readonly #zone: TimeZone | undefined;

  /** @param zone absent: UTC */
  constructor(unit: Unit, zone: TimeZone | undefined) {
    this.#unit = unit;
    this.#zone = zone;
  }

  /** @param time epoch milliseconds */
  find(time: number): void {
    const [unit, zone] = [this.#unit, this.#zone];
    if (!zone) {
      this.local = this.start = this.from = floorTo(unit, time);
      this.to = nextStart(unit, this.start);
      return;
    }
    const { from, to, offset } = zone.periodAt(time);
    this.local = floorTo(unit, time + offset);
    const next = nextStart(unit, this.local) - offset;
    this.start = spansChanges(unit) ? zone.firstAt(this.local) : this.#startOfHour(zone, time, offset);
    this.from = Math.max(from, this.local - offset);
    this.to = Math.min(to, next);
  }

  /**
   * Returns when a unit of an hour or less began; if clocks change within it, when the part began in which
   * `time` lies.
   */
  #startOfHour(zone: TimeZone, time: number, offset: number): number {
    let start = time;
    for (;;) {
      const period = zone.periodAt(start);
      if (period.offset !== offset) return start + 1;
      if (this.local - offset >= period.from) return this.local - offset;
      start = period.from - 1;
    }
  }
}
