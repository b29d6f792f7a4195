import type { TimeUnit } from "../../model/dtype.ts";
import type { ClockRule, TimeZone } from "../../model/time-zone.ts";
import { readIso, readIsoBytes } from "./iso8601.ts";
import { decodeLatin1 } from "./parse-number.ts";
import { countOf, newParsedTime, type ParsedTime, unitOf } from "./parsed-time.ts";
import { type MomentReader, strptimeParser, type TimeFormat } from "./strptime.ts";
import { typeText } from "./type-text.ts";

/** How times of a column are to be understood. */
export interface TimeRules {
  format: TimeFormat;
  /** Of times that tell no zone. Absent: UTC. */
  zone: TimeZone | undefined;
  clock: ClockRule;
}

/** Reads the times of one column, row after row. */
export class TimeParser {
  readonly #unit: TimeUnit;
  readonly #rules: TimeRules;
  readonly #read: MomentReader | undefined;
  readonly #moment: ParsedTime = newParsedTime();
  #last = Number.NEGATIVE_INFINITY;

  constructor(unit: TimeUnit, rules: TimeRules) {
    this.#unit = unit;
    this.#rules = rules;
    this.#read = rules.format === "iso" ? undefined : strptimeParser(rules.format);
  }

  parse(bytes: Uint8Array, start: number, end: number): bigint | undefined {
    const moment = this.#moment;
    const found = this.#read
      ? this.#read(decodeLatin1(bytes, start, end), moment)
      : readIsoBytes(bytes, start, end, moment) || readIso(decodeLatin1(bytes, start, end), moment);
    if (!found) return undefined;
    const seconds = this.#utc(moment);
    if (seconds === undefined) return undefined;
    const count = countOf(seconds, moment.nanos, this.#unit);
    if (count !== undefined) this.#last = seconds;
    return count;
  }

  /** What is wrong with `text`: no time, too fine a time, or one that the clocks of the zone do not show. */
  wanted(text: string): string {
    const { format, zone, clock } = this.#rules;
    const moment = newParsedTime();
    const found = this.#read ? this.#read(text, moment) : readIso(text, moment);
    if (!found) return format === "iso" ? "a time in ISO 8601" : `a time of the format ${format}`;
    if (this.#utc(moment) === undefined) {
      return (
        `a time that the clocks of ${zone?.name} show exactly once (rule: ${clock}). ` +
        `Choose what it means with clock: "earlier", "later" or "order"`
      );
    }
    const finest = typeText(`datetime64[${unitOf(moment)}]`);
    return `a time that datetime64[${this.#unit}] holds exactly (${finest} would, within its range)`;
  }

  #utc({ seconds, offset, dateOnly }: ParsedTime): number | undefined {
    if (offset !== undefined) return seconds - offset;
    const { zone, clock } = this.#rules;
    // A day is the same day everywhere.
    if (zone === undefined || (dateOnly && /^[YMWD]$/.test(this.#unit))) return seconds;
    return zone.toUtc(seconds, clock, this.#last);
  }
}
