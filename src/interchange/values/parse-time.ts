import { SECOND } from "../../model/calendar.ts";
import type { TimeUnit } from "../../model/dtype.ts";
import type { ClockRule, TimeZone } from "../../model/time-zone.ts";
import { readIso, readIsoBytes } from "./iso8601.ts";
import { decodeLatin1 } from "./parse-number.ts";
import { countOf, newParsedTime, type ParsedTime, unitOf } from "./parsed-time.ts";
import { strptimeParser, type TextParser, type TimeFormat } from "./strptime.ts";
import { typeText } from "./type-text.ts";

export interface TimeParserOptions {
  format: TimeFormat;
  /** The zone of times that name none. Absent: UTC. */
  zone: TimeZone | undefined;
  clock: ClockRule;
}

/** Parses the times of one column, in the order of its rows. */
export class TimeParser {
  readonly #unit: TimeUnit;
  readonly #options: TimeParserOptions;
  /** Absent for ISO 8601. */
  readonly #parseText: TextParser | undefined;
  /** Filled in for each row, to allocate nothing. */
  readonly #time: ParsedTime = newParsedTime();
  /** The time of the row before: seconds of UTC, and nanoseconds. */
  #last = Number.NEGATIVE_INFINITY;
  #lastNanos = 0;

  constructor(unit: TimeUnit, options: TimeParserOptions) {
    this.#unit = unit;
    this.#options = options;
    this.#parseText = options.format === "iso" ? undefined : strptimeParser(options.format);
  }

  /** Returns a count of the unit; undefined for text that {@link TimeParser.expected} then explains. */
  parse(bytes: Uint8Array, start: number, end: number): bigint | undefined {
    const time = this.#time;
    const isTime = this.#parseText
      ? this.#parseText(decodeLatin1(bytes, start, end), time)
      : readIsoBytes(bytes, start, end, time) || readIso(decodeLatin1(bytes, start, end), time);
    if (!isTime) return undefined;
    const seconds = this.#toUtc(time);
    if (seconds === undefined) return undefined;
    const count = countOf(seconds, time.nanos, this.#unit);
    if (count === undefined) return undefined;
    this.#last = seconds;
    this.#lastNanos = time.nanos;
    return count;
  }

  /** Describes why `text` is refused, as the end of the sentence "`text` is not …". */
  expected(text: string): string {
    const { format, zone, clock } = this.#options;
    const time = newParsedTime();
    const isTime = this.#parseText ? this.#parseText(text, time) : readIso(text, time);
    if (!isTime) return format === "iso" ? "a time in ISO 8601" : `a time of the format ${format}`;
    if (this.#toUtc(time) === undefined) {
      return (
        `a time that the clocks of ${zone?.name} show exactly once (rule: ${clock}). ` +
        `Choose what it means with clock: "earlier", "later" or "order"`
      );
    }
    const finest = typeText(`datetime64[${unitOf(time)}]`);
    return `a time that datetime64[${this.#unit}] holds exactly (${finest} would, within its range)`;
  }

  #toUtc({ seconds, nanos, offset, dateOnly }: ParsedTime): number | undefined {
    if (offset !== undefined) return seconds - offset;
    const { zone, clock } = this.#options;
    // A date is the same date in every zone.
    if (zone === undefined || (dateOnly && /^[YMWD]$/.test(this.#unit))) return seconds;
    const earliest = nanos > this.#lastNanos ? this.#last : this.#last + 1;
    const utc = zone.toUtc(seconds * SECOND, clock, earliest * SECOND);
    return utc === undefined ? undefined : utc / SECOND;
  }
}
