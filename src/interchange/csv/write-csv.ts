import type { CallOptions } from "../../model/api/options.ts";
import { parseDType } from "../../model/dtype.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { type Frames, iterateFrames, SameColumnsCheck } from "../table/frames.ts";
import { type CellFormatter, createCellFormatter, type FormatOptions } from "../values/format-cell.ts";
import { isTextType } from "../values/type-text.ts";

export interface CsvWriteOptions extends CallOptions {
  /** Default a comma. */
  delimiter?: string;
  /** Whether the first line has the names of the columns. Default true. */
  header?: boolean;
  /** What ends a line. Default LF, which all readers take; CRLF as RFC 4180 has it. */
  newline?: "\n" | "\r\n";
  /** Default a point. */
  decimal?: "." | ",";
  /** Times with the clock and the offset of a zone, such as `Europe/Brussels`. Default UTC: `2026-03-01T12:30:00Z`. */
  timeZone?: string;
  /** `iso` text, or the `count` of the column's own unit since 1970, which is exact whatever the time. Default `iso`. */
  times?: "iso" | "count";
  /** Begins the file with a byte order mark, by which spreadsheets know UTF-8. Default false. */
  mark?: boolean;
}

/** Rows that become text at once. */
const ROWS_PER_CHUNK = 4096;

/**
 * Writes frames as CSV, in pieces of text, each made when it is asked for. Missing values (NaN, NaT) become empty cells. Read
 * again with the same types, they are the same, bit for bit.
 *
 * @throws `invalid-frame` for frames of different columns, and for a time that ISO text cannot hold
 * @example
 * for await (const text of writeCsv(series.pages())) await file.write(text);
 */
export async function* writeCsv(frames: Frames, options: CsvWriteOptions = {}): AsyncGenerator<string> {
  const { delimiter = ",", decimal = ".", header = true, newline = "\n", mark = false, signal } = options;
  if (delimiter === decimal || !/^[\t\x20-\x7e]$/.test(delimiter) || delimiter === '"') {
    const message = `delimiter: ${JSON.stringify(delimiter)} is not one ASCII character, free for that use.`;
    throw new LakotaError("invalid-argument", message);
  }
  const rules = {
    zone: options.timeZone === undefined ? undefined : TimeZone.named(options.timeZone),
    times: options.times ?? "iso",
  };
  const quote = createQuoter(delimiter);
  const same = new SameColumnsCheck();
  let begun = false;
  for await (const frame of iterateFrames(frames)) {
    same.check(frame);
    if (!begun)
      yield (mark ? "\ufeff" : "") + (header ? frame.columns.map(quote).join(delimiter) + newline : "");
    begun = true;
    const texts = frame.parts().map((part) => createCsvFormatter(part, { ...rules, decimal, quote }));
    for (let from = 0; from < frame.length; from += ROWS_PER_CHUNK) {
      throwIfAborted(signal);
      yield formatLines(texts, from, Math.min(from + ROWS_PER_CHUNK, frame.length), delimiter, newline);
    }
  }
}

function formatLines(
  texts: readonly CellFormatter[],
  from: number,
  to: number,
  delimiter: string,
  newline: string,
): string {
  let lines = "";
  for (let row = from; row < to; row++) {
    let line = texts[0]!(row);
    // An empty line would be none.
    if (texts.length === 1 && line === "") line = '""';
    for (let i = 1; i < texts.length; i++) line += delimiter + texts[i]!(row);
    lines += line + newline;
  }
  return lines;
}

interface CsvCellOptions extends FormatOptions {
  decimal: "." | ",";
  quote(text: string): string;
}

/** As it stands in the file. */
function createCsvFormatter(
  column: NamedColumn,
  { decimal, quote, ...rules }: CsvCellOptions,
): CellFormatter {
  const text = createCellFormatter(column, rules);
  const dtype = parseDType(column.type);
  const { kind } = dtype;
  if (kind === "float" && decimal === ",") return (row) => text(row).replace(".", ",");
  return isTextType(dtype) || kind === "object" || kind === "complex" ? (row) => quote(text(row)) : text;
}

/** In quotes where it needs them: for a delimiter, a quote, a line end, or what looks like a byte order mark. */
function createQuoter(delimiter: string): (text: string) => string {
  const needs = new RegExp(`["\\r\\n\ufeff${delimiter.replace(/[\]\\^-]/, "\\$&")}]`);
  return (text) => (needs.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
}
