import { daysToDate, SECONDS_PER_DAY } from "../../model/calendar.ts";
import { LakotaError } from "../../model/errors.ts";
import { parseOffset, secondsOfDay } from "../../model/time.ts";
import type { ParsedTime } from "./parsed-time.ts";

/**
 * How times are written in a column: `iso`; a count since 1970 UTC (`epoch-s`, `epoch-ms`, `epoch-us`,
 * `epoch-ns`, the first three may have decimals); or a pattern with the directives of strptime, as in
 * `%d/%m/%Y %H:%M`, and `%q` for the quarter. Without a day it is the first of the month or quarter.
 */
export type TimeFormat = "iso" | "epoch-s" | "epoch-ms" | "epoch-us" | "epoch-ns" | (string & {});

/** Parses a text into `time`. Returns false for a text that does not match the format. */
export type TextParser = (text: string, time: ParsedTime) => boolean;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** As in POSIX, `%b` and `%B` both accept long and short names. */
const MONTH = `january|february|march|april|june|july|august|september|october|november|december|${MONTHS.join("|")}`;

/** The pattern of each directive. Names of months and days are English. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: "[0-9]{4}",
  y: "[0-9]{2}",
  m: "[0-9]{1,2}",
  d: "[0-9]{1,2}",
  H: "[0-9]{1,2}",
  I: "[0-9]{1,2}",
  M: "[0-9]{1,2}",
  S: "[0-9]{1,2}",
  f: "[0-9]{1,9}",
  p: "[ap]\\.?m\\.?",
  b: MONTH,
  B: MONTH,
  j: "[0-9]{1,3}",
  q: "[1-4]",
  z: "z|utc|[+-][0-9]{2}(?::?[0-9]{2})?",
};
const WEEKDAYS = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?";

/** Returns the parser of a format. @throws `invalid-argument` for an unknown format or directive */
export function strptimeParser(format: Exclude<TimeFormat, "iso">): TextParser {
  const epoch = /^epoch-(s|ms|us|ns)$/.exec(format);
  return epoch ? epochParser({ s: 0, ms: 3, us: 6, ns: 9 }[epoch[1]!]!) : patternParser(format);
}

/** Parses counts of a unit that is `places` decimals of a second. */
function epochParser(places: number): TextParser {
  return (text, time) => {
    const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match) return false;
    const fraction = (match[3] ?? "").replace(/0+$/, "");
    if (places + fraction.length > 9) return false;
    const nanos = BigInt(match[2]! + fraction.padEnd(9 - places, "0")) * (match[1] === "-" ? -1n : 1n);
    time.seconds = Number((nanos - subSecond(nanos)) / 1_000_000_000n);
    time.nanos = Number(subSecond(nanos));
    time.digits = places + fraction.length;
    time.offset = 0;
    time.dateOnly = false;
    return Number.isSafeInteger(time.seconds);
  };
}

/** The remainder of a division by a second, also for times before 1970. */
const subSecond = (nanos: bigint) => ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;

function patternParser(format: string): TextParser {
  const formatError = (problem: string) =>
    new LakotaError(
      "invalid-argument",
      `The time format "${format}" ${problem}. Use iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or a pattern as in "%d/%m/%Y %H:%M:%S".`,
    );
  const used: string[] = [];
  const source = format.replace(/%(.)|[\\^$.*+?()[\]{}|]|\s+/g, (match, letter?: string) => {
    if (letter === undefined) return match.trim() === "" ? "\\s+" : `\\${match}`;
    if (letter === "%") return "%";
    if (/[aA]/.test(letter)) return WEEKDAYS;
    const directive = DIRECTIVES[letter];
    if (directive === undefined) throw formatError(`has %${letter}, an unknown directive`);
    if (used.includes(letter)) throw formatError(`has %${letter} twice`);
    used.push(letter);
    return `(?<${letter}>${directive})`;
  });
  const has = (letters: string) => [...letters].some((letter) => used.includes(letter));
  if (!has("Yy") || !has("jmbBq")) throw formatError("lacks the year or the month");
  if (has("q") && has("jmbBd")) throw formatError("has a quarter together with a month or a day");
  if (has("I") !== has("p")) throw formatError("needs %I and %p together");

  const pattern = new RegExp(`^${source}$`, "i");
  const dateOnly = !has("HI");
  return (text, time) => {
    const parts = pattern.exec(text)?.groups;
    if (!parts) return false;
    const { Y, y, j, f = "", z } = parts;
    // As in POSIX, two digits from 69 on are of the last century.
    const year = Y !== undefined ? Number(Y) : Number(y) + (Number(y) < 69 ? 2000 : 1900);
    const days =
      j === undefined
        ? daysToDate(year, monthOf(parts), Number(parts.d ?? 1))
        : Number(j) >= 1 && Number(j) <= daysToDate(year + 1, 1, 1) - daysToDate(year, 1, 1)
          ? daysToDate(year, 1, 1) + Number(j) - 1
          : Number.NaN;
    time.digits = f.length;
    time.nanos = Number(f.padEnd(9, "0"));
    time.offset = z === undefined ? undefined : parseOffset(z);
    time.dateOnly = dateOnly;
    time.seconds =
      days * SECONDS_PER_DAY +
      secondsOfDay(hourOf(parts), Number(parts.M ?? 0), Number(parts.S ?? 0), time.nanos);
    return !Number.isNaN(time.seconds);
  };
}

function monthOf({ m, b, B, q }: Record<string, string | undefined>): number {
  if (q !== undefined) return 3 * Number(q) - 2;
  const name = b ?? B;
  return name === undefined ? Number(m) : MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf({ H, I, p }: Record<string, string | undefined>): number {
  if (I === undefined) return Number(H ?? 0);
  const hour = Number(I);
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (/^p/i.test(p ?? "") ? 12 : 0);
}
