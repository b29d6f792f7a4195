import { LakotaError } from "../../model/errors.ts";
import { offsetOf } from "./iso8601.ts";
import { daysOf, type ParsedTime, secondsOfDay } from "./parsed-time.ts";

/**
 * How times are written in a column: `iso`; a count since 1970 UTC (`epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, the
 * first three may have decimals); or a pattern with the directives of strptime, as in `%d/%m/%Y %H:%M`.
 */
export type TimeFormat = "iso" | "epoch-s" | "epoch-ms" | "epoch-us" | "epoch-ns" | (string & {});

/** Reads one text. False where it is not of the format. */
export type MomentReader = (text: string, moment: ParsedTime) => boolean;

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONG_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december";

/** What each directive matches; its value is read below. Names of months and days are English. */
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
  b: MONTHS.join("|"),
  B: LONG_MONTHS,
  j: "[0-9]{1,3}",
  z: "z|utc|[+-][0-9]{2}(?::?[0-9]{2})?",
};
const DAYS = "(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?";

/** @throws `invalid-argument` for a format that is none. */
export function strptimeParser(format: Exclude<TimeFormat, "iso">): MomentReader {
  const epoch = /^epoch-(s|ms|us|ns)$/.exec(format);
  return epoch ? epochReader({ s: 0, ms: 3, us: 6, ns: 9 }[epoch[1]!]!) : patternReader(format);
}

/** Counts of a unit with `places` decimals of a second. */
function epochReader(places: number): MomentReader {
  return (text, moment) => {
    const match = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!match) return false;
    const fraction = (match[3] ?? "").replace(/0+$/, "");
    if (places + fraction.length > 9) return false;
    const nanos = BigInt(match[2]! + fraction.padEnd(9 - places, "0")) * (match[1] === "-" ? -1n : 1n);
    moment.seconds = Number((nanos - positive(nanos)) / 1_000_000_000n);
    moment.nanos = Number(positive(nanos));
    moment.digits = places + fraction.length;
    moment.offset = 0;
    moment.dateOnly = false;
    return Number.isSafeInteger(moment.seconds);
  };
}

const positive = (nanos: bigint) => ((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;

function patternReader(format: string): MomentReader {
  const wrong = (text: string) =>
    new LakotaError(
      "invalid-argument",
      `The time format "${format}" ${text}. Use iso, epoch-s, epoch-ms, epoch-us, epoch-ns, or a pattern as in "%d/%m/%Y %H:%M:%S".`,
    );
  const used: string[] = [];
  const source = format.replace(/%(.)|[\\^$.*+?()[\]{}|]|\s+/g, (found, letter?: string) => {
    if (letter === undefined) return found.trim() === "" ? "\\s+" : `\\${found}`;
    if (letter === "%") return "%";
    if (/[aA]/.test(letter)) return DAYS;
    const matched = DIRECTIVES[letter];
    if (matched === undefined) throw wrong(`has %${letter}, which is not known`);
    if (used.includes(letter)) throw wrong(`has %${letter} twice`);
    used.push(letter);
    return `(?<${letter}>${matched})`;
  });
  const has = (letters: string) => [...letters].some((letter) => used.includes(letter));
  if (!has("Yy") || !(has("j") || (has("mbB") && has("d")))) throw wrong("does not tell year, month and day");
  if (has("I") !== has("p")) throw wrong("needs %I and %p together");

  const pattern = new RegExp(`^${source}$`, "i");
  const dateOnly = !has("HI");
  return (text, moment) => {
    const parts = pattern.exec(text)?.groups;
    if (!parts) return false;
    const { Y, y, j, f = "", z } = parts;
    // As POSIX has it: two digits from 69 on are of the last century.
    const year = Y !== undefined ? Number(Y) : Number(y) + (Number(y) < 69 ? 2000 : 1900);
    const days =
      j === undefined
        ? daysOf(year, monthOf(parts), Number(parts.d))
        : Number(j) >= 1 && Number(j) <= daysOf(year + 1, 1, 1) - daysOf(year, 1, 1)
          ? daysOf(year, 1, 1) + Number(j) - 1
          : Number.NaN;
    moment.digits = f.length;
    moment.nanos = Number(f.padEnd(9, "0"));
    moment.offset = z === undefined ? undefined : offsetOf(z);
    moment.dateOnly = dateOnly;
    moment.seconds =
      days * 86_400 + secondsOfDay(hourOf(parts), Number(parts.M ?? 0), Number(parts.S ?? 0), moment.nanos);
    return !Number.isNaN(moment.seconds);
  };
}

function monthOf({ m, b, B }: Record<string, string | undefined>): number {
  const name = b ?? B;
  return name === undefined ? Number(m) : MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}

function hourOf({ H, I, p }: Record<string, string | undefined>): number {
  if (I === undefined) return Number(H ?? 0);
  const hour = Number(I);
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (/^p/i.test(p ?? "") ? 12 : 0);
}
