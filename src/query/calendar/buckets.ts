import { floorTo, following, isDays, type Unit } from "./unit.ts";
import type { Zone } from "./zone.ts";

/**
 * Calendar units along the axis of time. Times mostly come sorted, so the last answer mostly holds for the next row: it
 * holds from `from` to `to`, and only beyond is {@link find} to be called.
 */
export class Buckets {
  from = Number.NaN;
  /** Exclusive. */
  to = Number.NaN;
  /** When the unit began. */
  start = Number.NaN;
  /** What the clocks showed then, as if they were in UTC. */
  local = Number.NaN;
  readonly #unit: Unit;
  readonly #zone: Zone | undefined;

  constructor(unit: Unit, zone: Zone | undefined) {
    this.#unit = unit;
    this.#zone = zone;
  }

  /** @param time epoch milliseconds */
  find(time: number): void {
    const [unit, zone] = [this.#unit, this.#zone];
    if (!zone) {
      this.local = this.start = this.from = floorTo(unit, time);
      this.to = following(unit, this.start);
      return;
    }
    const { from, to, offset } = zone.at(time);
    this.local = floorTo(unit, time + offset);
    const next = following(unit, this.local) - offset;
    // Where clocks are changed, an hour may come twice: then they are two. A day is one, however long.
    this.start = isDays(unit) ? zone.firstAt(this.local) : this.#hour(time, offset);
    this.from = Math.max(from, this.local - offset);
    this.to = Math.min(to, next);
  }

  /** The beginning of an hour or less: where a change cuts it, that of the part that `time` lies in. */
  #hour(time: number, offset: number): number {
    let start = time;
    for (;;) {
      const period = this.#zone!.at(start);
      if (period.offset !== offset) return start + 1;
      if (this.local - offset >= period.from) return this.local - offset;
      start = period.from - 1;
    }
  }
}
