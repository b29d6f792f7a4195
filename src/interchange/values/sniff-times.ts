import { newParsedTime } from "./parsed-time.ts";
import { strptimeParser, type TextParser } from "./strptime.ts";

/**
 * Finds the formats in which times are written, as DuckDB's `sniff_csv` does: patterns are candidates until a cell does
 * not match them. Where several are left, the cells do not tell which is meant.
 */

/** Days as numbers, by what separates the parts. A day comes first wherever dots are used. */
const NUMERIC: Readonly<Record<string, readonly string[]>> = {
  "/": ["%Y/%m/%d", "%d/%m/%Y", "%m/%d/%Y", "%d/%m/%y", "%m/%d/%y", "%y/%m/%d"],
  "-": ["%Y-%m-%d", "%d-%m-%Y", "%m-%d-%Y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d"],
  ".": ["%Y.%m.%d", "%d.%m.%Y", "%d.%m.%y"],
};

/** Days and months with the names of months. */
const NAMED: readonly string[] = [
  "%b %d %Y",
  "%b %d, %Y",
  "%b-%d-%Y",
  "%d %b %Y",
  "%d-%b-%Y",
  "%d/%b/%Y",
  "%d. %b %Y",
  "%d-%b-%y",
  "%d %b %y",
  "%Y %b %d",
  "%Y-%b-%d",
  "%a, %d %b %Y",
  "%a, %b %d, %Y",
  "%a %d %b %Y",
  "%a %b %d %Y",
  "%Y %b",
  "%Y-%b",
  "%b %Y",
  "%b-%Y",
  "%b, %Y",
];

/** Months as numbers. */
const NUMBERED_MONTHS: readonly string[] = ["%m/%Y", "%Y/%m"];

/** Quarters, as statistical offices and pandas write them. */
const QUARTERS: readonly string[] = [
  "%YQ%q",
  "%Y-Q%q",
  "%Y Q%q",
  "%Y/Q%q",
  "%Y:Q%q",
  "%Y.Q%q",
  "Q%q %Y",
  "Q%q-%Y",
  "Q%q/%Y",
  "%qQ%Y",
  "%qQ %Y",
];

/** The time of day after a date, as a pattern of its text and the directives. */
const CLOCKS: readonly (readonly [text: RegExp, format: string])[] = [
  [/^\d{1,2}:\d\d$/, "%H:%M"],
  [/^\d{1,2}:\d\d:\d\d$/, "%H:%M:%S"],
  [/^\d{1,2}:\d\d:\d\d\.\d+$/, "%H:%M:%S.%f"],
  [/^\d{1,2}:\d\d:\d\d,\d+$/, "%H:%M:%S,%f"],
];
const ZONE = /\s*(?:Z|UTC|[+-]\d\d:?(?:\d\d)?)$/i;
const HALF_OF_DAY = /\s*[ap]\.?m\.?$/i;
const CLOCK = /([T,]?\s+|T)(\d{1,2}:\d\d.*)$/;
/** No time is longer. */
const MAX_LENGTH = 60;

/**
 * Returns the formats that all of the cells match; none for cells that are not times in a known format.
 *
 * @param cells without missing ones and white space around them
 */
export function timeFormats(cells: readonly string[]): string[] {
  const [first] = cells;
  if (first === undefined) return [];
  const time = newParsedTime();
  const parsers = candidates(first).map((format) => ({ format, parse: parserOf(format) }));
  return parsers.filter(({ parse }) => cells.every((cell) => parse(cell, time))).map(({ format }) => format);
}

/** Returns the formats that a cell may have. */
function candidates(cell: string): string[] {
  if (cell.length > MAX_LENGTH || !/\d/.test(cell)) return [];
  const clock = CLOCK.exec(cell);
  const day = clock ? cell.slice(0, clock.index) : cell;
  const suffix = clock ? clockFormat(clock[1]!, clock[2]!) : "";
  if (suffix === undefined) return [];
  return [...dayFormats(day), ...(clock ? [] : monthFormats(day))].map((format) => `${format}${suffix}`);
}

function dayFormats(day: string): readonly string[] {
  const separator = /^\d+([/.-])\d+\1\d+$/.exec(day)?.[1];
  if (separator === undefined) return NAMED.filter((format) => format.includes("%d") && matches(format, day));
  // Numbers of versions have dots, too.
  if (separator === "." && /\.\d\d$/.test(day) && !/^\d\d\.\d\d\.\d\d$/.test(day)) return [];
  return NUMERIC[separator]!.filter((format) => matches(format, day));
}

/** Returns the formats of months and quarters that a text may have. */
const monthFormats = (day: string): string[] =>
  [...NAMED.filter((format) => !format.includes("%d")), ...NUMBERED_MONTHS, ...QUARTERS].filter((format) =>
    matches(format, day),
  );

/** Returns the directives of a time of day and a zone; undefined for other text. */
function clockFormat(separator: string, text: string): string | undefined {
  const zone = ZONE.exec(text)?.[0] ?? "";
  const local = text.slice(0, text.length - zone.length);
  const half = HALF_OF_DAY.exec(local)?.[0] ?? "";
  const digits = local.slice(0, local.length - half.length);
  const format = CLOCKS.find(([pattern]) => pattern.test(digits))?.[1];
  if (format === undefined) return undefined;
  const hours = half ? `${format.replace("%H", "%I")}${spaceOf(half)}%p` : format;
  return `${separator.replace(/\s+/, " ")}${hours}${zone && `${spaceOf(zone)}%z`}`;
}

const spaceOf = (text: string) => (/^\s/.test(text) ? " " : "");

const parsers = new Map<string, TextParser>();

function parserOf(format: string): TextParser {
  const parser = parsers.get(format) ?? strptimeParser(format);
  parsers.set(format, parser);
  return parser;
}

const matches = (format: string, text: string): boolean => parserOf(format)(text, newParsedTime());

const MONTH_NAME = /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i;

/** Whether most of the cells look like times, in whatever format. */
export function lookLikeTimes(cells: readonly string[]): boolean {
  const alike = cells.filter(
    (cell) =>
      cell.length <= MAX_LENGTH &&
      (/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)/.test(cell) ||
        (/\b(?:1[89]|20)\d\d\b/.test(cell) &&
          (MONTH_NAME.test(cell) || /^\d{4}[-/. ]?[QWM]\d/i.test(cell))) ||
        (/\d{1,2}:\d\d/.test(cell) && /\d{4}|\d+[-/.]\d+/.test(cell))),
  );
  return alike.length * 2 > cells.length;
}
