import { DAY } from "../../model/calendar.ts";

/** A stretch of time in which the clocks of a zone are `offset` milliseconds ahead of UTC. */
export interface Period {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly offset: number;
}

/** Clocks are changed and changed back no sooner than this. */
const CELL = 7 * DAY;
/** What `Date` can hold. */
const FURTHEST = 8.64e15;

/**
 * The clocks of a time zone, as the platform's own tables have them. Asking these takes microseconds, so what they said
 * is kept, cell by cell of a week.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  /** Offset at the beginning of a cell, by its number. */
  readonly #offsets = new Map<number, number>();
  /** When the clocks change in a cell, where they do. */
  readonly #changes = new Map<number, number>();

  /** @throws RangeError where the platform knows no such zone. */
  constructor(name: string) {
    const two = "2-digit";
    this.#format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", {
      timeZone: name,
      hourCycle: "h23",
      era: "short",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
  }

  /** The zone of a name; undefined where the platform knows none. */
  static named(name: string): Zone | undefined {
    const known = zones.get(name);
    if (known) return known;
    try {
      const zone = new Zone(name);
      zones.set(name, zone);
      return zone;
    } catch {
      return undefined;
    }
  }

  /** A period around a moment; the zone may have the same offset before and after it. */
  at(time: number): Period {
    const cell = Math.floor(time / CELL);
    const [from, to] = [cell * CELL, (cell + 1) * CELL];
    const [before, after] = [this.#offsetOf(cell), this.#offsetOf(cell + 1)];
    if (before === after) return { from, to, offset: before };
    const change = this.#changeIn(cell);
    return time < change ? { from, to: change, offset: before } : { from: change, to, offset: after };
  }

  /** The first moment at which the clocks show `local`, or later where they skip it. */
  firstAt(local: number): number {
    const before = local - this.at(local - DAY).offset;
    const period = this.at(before);
    if (before + period.offset === local) return before;
    // A change lies between: either `local` comes after it, or it was skipped.
    const after = local - this.at(local + DAY).offset;
    return after + this.at(after).offset === local ? after : period.from;
  }

  #offsetOf(cell: number): number {
    let offset = this.#offsets.get(cell);
    if (offset === undefined) {
      offset = this.#ask(cell * CELL);
      this.#offsets.set(cell, offset);
    }
    return offset;
  }

  #changeIn(cell: number): number {
    const known = this.#changes.get(cell);
    if (known !== undefined) return known;
    const before = this.#offsetOf(cell);
    let [low, high] = [(cell * CELL) / 1000, ((cell + 1) * CELL) / 1000];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#ask(middle * 1000) === before) low = middle;
      else high = middle;
    }
    this.#changes.set(cell, high * 1000);
    return high * 1000;
  }

  /** The offset at a whole second. */
  #ask(time: number): number {
    const moment = Math.min(FURTHEST, Math.max(-FURTHEST, time));
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of this.#format.formatToParts(moment)) parts[type] = value;
    const year = parts.era?.startsWith("B") ? 1 - Number(parts.year) : Number(parts.year);
    const local = new Date(0);
    local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
    local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
    return local.getTime() - moment;
  }
}

const zones = new Map<string, Zone>();
