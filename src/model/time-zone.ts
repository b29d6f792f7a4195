import { LakotaError } from "./errors.ts";

/**
 * What a reading of the clock means that the zone's clocks never showed (the hour that is left out in spring) or showed twice
 * (the hour that comes again in autumn):
 * - `reject`: an error;
 * - `earlier`, `later`: of the two times that it may mean;
 * - `order`: where it was shown twice, the earlier one unless rows would go back in time; where never, an error.
 */
export type ClockRule = "reject" | "earlier" | "later" | "order";

const QUARTER = 900;
const HOUR = 3600;
const DAY = 86_400;

/** Most offsets that are remembered; more come from rows in no order. */
const REMEMBERED = 20_000;

/** A time zone by its IANA name, such as `Europe/Brussels`: from the clock on its walls to UTC and back. Times are in seconds. */
export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** By quarter of an hour of UTC: within one, offsets hardly ever change. NaN where one does. */
  readonly #offsets = new Map<number, number>();
  /** By hour of the wall clock: the one offset that it can have; NaN near a change. */
  readonly #hours = new Map<number, number>();

  /** @throws `invalid-argument` for a name that the platform does not know. */
  constructor(name: string) {
    this.name = name;
    try {
      this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
    } catch (cause) {
      const message = `"${name}" is no time zone. Use a name such as Europe/Brussels or UTC.`;
      throw new LakotaError("invalid-argument", message, { cause });
    }
  }

  /** Seconds by which the zone's clocks are ahead of UTC. */
  offsetAt(utc: number): number {
    const quarter = Math.floor(utc / QUARTER);
    let offset = this.#offsets.get(quarter);
    if (offset === undefined) {
      const first = this.#ask(quarter * QUARTER);
      offset = first === this.#ask((quarter + 1) * QUARTER - 1) ? first : Number.NaN;
      remember(this.#offsets, quarter, offset);
    }
    return Number.isNaN(offset) ? this.#ask(utc) : offset;
  }

  /** UTC of a reading of the clock; undefined where `rule` rejects it. `last` is the time of the row before. */
  toUtc(wall: number, rule: ClockRule, last: number): number | undefined {
    const hour = Math.floor(wall / HOUR);
    let only = this.#hours.get(hour);
    if (only === undefined) {
      const before = this.offsetAt(hour * HOUR - DAY);
      only = before === this.offsetAt((hour + 1) * HOUR + DAY) ? before : Number.NaN;
      remember(this.#hours, hour, only);
    }
    if (!Number.isNaN(only)) return wall - only;

    const a = wall - this.offsetAt(wall - DAY);
    const b = wall - this.offsetAt(wall + DAY);
    const right = [a, b].filter((utc) => utc + this.offsetAt(utc) === wall);
    if (right.length === 1 || a === b) return right[0];
    if (rule === "earlier") return Math.min(a, b);
    if (rule === "later") return Math.max(a, b);
    if (rule === "reject" || right.length === 0) return undefined;
    return Math.min(a, b) > last ? Math.min(a, b) : Math.max(a, b);
  }

  #ask(utc: number): number {
    const parts = this.#format.formatToParts(utc * 1000);
    const text = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
    const match = /([+-])(\d+):(\d\d)(?::(\d\d))?/.exec(text);
    if (!match) return 0;
    const seconds = Number(match[2]) * HOUR + Number(match[3]) * 60 + Number(match[4] ?? 0);
    return match[1] === "-" ? -seconds : seconds;
  }
}

function remember(map: Map<number, number>, key: number, value: number): void {
  if (map.size >= REMEMBERED) map.clear();
  map.set(key, value);
}
