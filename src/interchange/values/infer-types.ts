import { readIso } from "./iso8601.ts";
import { parseFloatText } from "./parse-number.ts";
import { newParsedTime, type ParsedTime, unitOf } from "./parsed-time.ts";
import { strptimeParser, type TimeFormat } from "./strptime.ts";
import { typeText } from "./type-text.ts";

/** What stands for a missing value in columns that are no text. */
export const DEFAULT_NULLS: readonly string[] = [
  "",
  "NA",
  "N/A",
  "n/a",
  "#N/A",
  "<NA>",
  "null",
  "NULL",
  "None",
  "NaN",
  "nan",
  "-nan",
  "NaT",
];

export interface InferOptions {
  nulls: ReadonlySet<string>;
  decimal: "." | ",";
  /** Of times in this column. Where it is told, the column is one of times. */
  format: TimeFormat | undefined;
  /** Whether missing values are to be filled in. */
  filled: boolean;
}

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UINT64_MAX = 2n ** 64n - 1n;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * The type of a column, as text for people and schemas (`float`, `timestamp`, …), by its first cells. It is the
 * narrowest that holds them exactly; `str` holds all.
 */
export function inferType(cells: readonly string[], options: InferOptions): string {
  const told = cells.map((cell) => cell.trim()).filter((cell) => !options.nulls.has(cell));
  const gaps = told.length < cells.length && !options.filled;
  if (options.format !== undefined && options.format !== "iso") {
    return inferTimeType(told, strptimeParser(options.format)) ?? "timestamp";
  }
  if (told.length === 0) return options.format ? "timestamp" : "float";
  return (
    inferTime(told) ??
    (told.every((cell) => /^(?:true|false)$/i.test(cell)) ? "bool" : undefined) ??
    inferIntegerType(told, gaps) ??
    (told.every((cell) => !hasLeadingZero(cell) && parseFloatText(cell, options.decimal) !== undefined)
      ? "float"
      : "str")
  );
}

/** Codes such as `00123` are text: as numbers they would lose their zeros. */
const hasLeadingZero = (cell: string) => /^[+-]?0\d/.test(cell);

/** Whole numbers that a double holds become one where values are missing: integers have no sign for that. */
function inferIntegerType(cells: readonly string[], gaps: boolean): string | undefined {
  if (!cells.every((cell) => INTEGER.test(cell))) return undefined;
  const values = cells.map((cell) => BigInt(cell.replace("+", "")));
  if (gaps && values.every((value) => value >= -MAX_SAFE && value <= MAX_SAFE)) return "float";
  if (values.every((value) => value >= INT64.min && value <= INT64.max)) return "int";
  return values.every((value) => value >= 0n && value <= UINT64_MAX) ? "uint" : "str";
}

/** A year alone is a number, and a year and a month may be a range of numbers. */
const readDate = (text: string, moment: ParsedTime): boolean =>
  /^[+-]?\d{4,6}-\d\d-\d\d/.test(text) && readIso(text, moment);

/** The type of ISO times, if all are such. */
export const inferTime = (cells: readonly string[]): string | undefined => inferTimeType(cells, readDate);

/** The type of times, in the coarsest unit that holds all of them, if they are times. */
function inferTimeType(
  cells: readonly string[],
  read: (text: string, moment: ParsedTime) => boolean,
): string | undefined {
  if (cells.length === 0) return undefined;
  const moment = newParsedTime();
  let dateOnly = true;
  let digits = 0;
  for (const cell of cells) {
    if (!read(cell, moment)) return undefined;
    dateOnly &&= moment.dateOnly;
    digits = Math.max(digits, moment.digits);
  }
  return typeText(`datetime64[${unitOf({ dateOnly, digits })}]`);
}
