import { readIso } from "./iso8601.ts";
import { parseFloatText } from "./parse-number.ts";
import { newParsedTime, unitOf } from "./parsed-time.ts";
import { timeFormats } from "./sniff-times.ts";
import { strptimeParser, type TextParser, type TimeFormat } from "./strptime.ts";
import { typeText } from "./type-text.ts";

/** Cells that mean a missing value in columns other than text. */
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
  /** Cells that mean a missing value. */
  nulls: ReadonlySet<string>;
  decimal: "." | ",";
  /** Format of times in the column. Any other than `iso` makes it a column of times. */
  format: TimeFormat | undefined;
  /** Whether missing values are replaced, so that the type need not represent them. */
  filled: boolean;
}

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const UINT64_MAX = 2n ** 64n - 1n;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What the cells of a column tell about it. */
export interface Inferred {
  /** The narrowest type that represents all cells exactly, as type text such as `float`; `str` if none other does. */
  readonly type: string;
  /** The format of times that are not in ISO 8601. */
  readonly format?: TimeFormat;
  /** The formats that text may have, of which the cells do not tell which is meant. */
  readonly candidates?: readonly TimeFormat[];
}

/** Returns the cells that have a value, without white space around it. */
export const presentCells = (cells: readonly string[], nulls: ReadonlySet<string>): string[] =>
  cells.map((cell) => cell.trim()).filter((cell) => !nulls.has(cell));

/** Infers the type of a column from its cells. */
export function inferType(cells: readonly string[], options: InferOptions): Inferred {
  const values = presentCells(cells, options.nulls);
  const hasMissing = values.length < cells.length && !options.filled;
  if (options.format !== undefined && options.format !== "iso") {
    const { format } = options;
    return { type: inferTimeType(values, strptimeParser(format)) ?? "timestamp", format };
  }
  if (values.length === 0) return { type: options.format ? "timestamp" : "float" };
  const every = (test: (cell: string) => boolean) => values.every(test);
  const type =
    inferTime(values) ??
    (every((cell) => /^(?:true|false)$/i.test(cell)) ? "bool" : undefined) ??
    inferIntegerType(values, hasMissing) ??
    (every((cell) => !hasLeadingZero(cell) && parseFloatText(cell, options.decimal) !== undefined)
      ? "float"
      : undefined);
  if (type !== undefined || options.format) return { type: type ?? "str" };
  const candidates = timeFormats(values);
  const [format] = candidates;
  if (format === undefined) return { type: "str" };
  if (candidates.length > 1) return { type: "str", candidates };
  return { type: inferTimeType(values, strptimeParser(format)) ?? "str", format };
}

/** Codes such as `00123` are text: numbers would lose their leading zeros. */
const hasLeadingZero = (cell: string) => /^[+-]?0\d/.test(cell);

/**
 * Integers cannot represent missing values, so a column that has some becomes `float` if doubles are exact.
 */
function inferIntegerType(cells: readonly string[], hasMissing: boolean): string | undefined {
  if (!cells.every((cell) => INTEGER.test(cell))) return undefined;
  const values = cells.map((cell) => BigInt(cell.replace("+", "")));
  if (hasMissing && values.every((value) => value >= -MAX_SAFE && value <= MAX_SAFE)) return "float";
  if (values.every((value) => value >= INT64.min && value <= INT64.max)) return "int";
  return values.every((value) => value >= 0n && value <= UINT64_MAX) ? "uint" : "str";
}

/** Requires a day: `2026` may be a number, and `2026-03` something else than a month. */
const readDate: TextParser = (text, time) => /^[+-]?\d{4,6}-\d\d-\d\d/.test(text) && readIso(text, time);

/** Returns the type of ISO 8601 times; undefined if a cell is not one. */
export const inferTime = (cells: readonly string[]): string | undefined => inferTimeType(cells, readDate);

/**
 * Returns the time type with the coarsest unit that represents all cells; undefined if a cell is not a time.
 */
function inferTimeType(cells: readonly string[], parse: TextParser): string | undefined {
  if (cells.length === 0) return undefined;
  const time = newParsedTime();
  let dateOnly = true;
  let digits = 0;
  for (const cell of cells) {
    if (!parse(cell, time)) return undefined;
    dateOnly &&= time.dateOnly;
    digits = Math.max(digits, time.digits);
  }
  return typeText(`datetime64[${unitOf({ dateOnly, digits })}]`);
}
