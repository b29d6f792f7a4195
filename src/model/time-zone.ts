import { DAY, HOUR, MINUTE, SECOND } from "./calendar.ts";
import { LakotaError } from "./errors.ts";

/**
 * The meaning of a local time that a zone's clocks skip (the hour left out in spring) or show twice (the
 * repeated hour in autumn):
 * - `reject`: an error;
 * - `earlier`, `later`: that one of the two possible times;
 * - `order`: the earlier one of a repeated time if it comes after the time of the row before, else the later one; an
 *   error for a skipped time.
 */
export type ClockRule = "reject" | "earlier" | "later" | "order";

/** A period of constant offset, in epoch milliseconds. Neighbouring periods may have the same offset. */
interface Period {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Milliseconds by which the zone's clocks are ahead of UTC. */
  readonly offset: number;
}

const WEEK = 7 * DAY;
/** The range of `Date`, in milliseconds on either side of 1970. */
const FURTHEST = 8.64e15;
/** Cached weeks per zone; rows in random order would otherwise fill the memory. */
const MAX_WEEKS = 20_000;

const zones = new Map<string, TimeZone>();

/**
 * A time zone by its IANA name, such as `Europe/Brussels`. Times are in milliseconds: since the epoch for
 * UTC, and for local times what the clock shows, read as UTC.
 *
 * `Intl` takes microseconds to compute an offset, so offsets are cached by week: within one, clocks change
 * once at most.
 */
export class TimeZone {
  readonly name: string;
  readonly #format: Intl.DateTimeFormat;
  /** Offset at the beginning of a week, by the week's number. */
  readonly #offsets = new Map<number, number>();
  /** When the clocks change within a week, by its number. */
  readonly #changes = new Map<number, number>();
  #latest: Period = { from: Number.NaN, to: Number.NaN, offset: Number.NaN };

  private constructor(name: string) {
    this.name = name;
    this.#format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  }

  /** Returns the zone of a name. @throws `invalid-argument` for a name that the platform does not know. */
  static named(name: string): TimeZone {
    let zone = zones.get(name);
    if (zone) return zone;
    try {
      zone = new TimeZone(name);
    } catch (cause) {
      const message = `"${name}" is not a time zone. Use a name such as Europe/Brussels or UTC.`;
      throw new LakotaError("invalid-argument", message, { cause });
    }
    zones.set(name, zone);
    return zone;
  }

  /** Returns a period of constant offset around a time. */
  periodAt(utc: number): Period {
    const latest = this.#latest;
    if (utc >= latest.from && utc < latest.to) return latest;
    const week = Math.floor(utc / WEEK);
    const [from, to] = [week * WEEK, (week + 1) * WEEK];
    const [before, after] = [this.#offsetOf(week), this.#offsetOf(week + 1)];
    const change = before === after ? to : this.#changeIn(week, before);
    this.#latest = utc < change ? { from, to: change, offset: before } : { from: change, to, offset: after };
    return this.#latest;
  }

  /** Returns the milliseconds by which the zone's clocks are ahead of UTC. */
  offsetAt(utc: number): number {
    return this.periodAt(utc).offset;
  }

  /**
   * Converts a local time to UTC.
   *
   * @param earliest the first time, in UTC, that comes after the row before; for the rule `order`
   * @returns undefined for a time that `rule` rejects
   */
  toUtc(local: number, rule: ClockRule, earliest: number): number | undefined {
    const [a, b] = this.#candidates(local);
    if (a === b) return a;
    const shown = [a, b].filter((utc) => this.#shows(utc, local));
    if (shown.length === 1) return shown[0];
    if (rule === "earlier") return Math.min(a, b);
    if (rule === "later") return Math.max(a, b);
    if (rule === "reject" || shown.length === 0) return undefined;
    return Math.min(a, b) >= earliest ? Math.min(a, b) : Math.max(a, b);
  }

  /** Returns the first time at which the clocks show `local`, or the time of the change that skips it. */
  firstAt(local: number): number {
    const [a, b] = this.#candidates(local);
    if (this.#shows(a, local)) return a;
    return this.#shows(b, local) ? b : this.periodAt(a).from;
  }

  /** Returns `local` in UTC by the offset of the day before, and by that of the day after. */
  #candidates(local: number): [a: number, b: number] {
    return [local - this.offsetAt(local - DAY), local - this.offsetAt(local + DAY)];
  }

  #shows(utc: number, local: number): boolean {
    return utc + this.offsetAt(utc) === local;
  }

  #offsetOf(week: number): number {
    let offset = this.#offsets.get(week);
    if (offset === undefined) {
      if (this.#offsets.size >= MAX_WEEKS) this.#offsets.clear();
      offset = this.#computeOffset(week * WEEK);
      this.#offsets.set(week, offset);
    }
    return offset;
  }

  /** Finds the second at which the clocks change, by bisection. */
  #changeIn(week: number, before: number): number {
    const known = this.#changes.get(week);
    if (known !== undefined) return known;
    let [low, high] = [(week * WEEK) / SECOND, ((week + 1) * WEEK) / SECOND];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#computeOffset(middle * SECOND) === before) low = middle;
      else high = middle;
    }
    this.#changes.set(week, high * SECOND);
    return high * SECOND;
  }

  #computeOffset(utc: number): number {
    const text = this.#format.format(Math.min(FURTHEST, Math.max(-FURTHEST, utc)));
    const [, sign, hours, minutes, seconds = 0] = /([+-])(\d+):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
    if (sign === undefined) return 0; // "GMT"
    const offset = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
    return sign === "-" ? -offset : offset;
  }
}
