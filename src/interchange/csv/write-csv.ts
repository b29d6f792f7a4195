import { checkArguments } from "../../model/api/arguments.ts";
import type { CallOptions } from "../../model/api/options.ts";
import { parseDType } from "../../model/dtype.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { type Frames, iterateFrames, SameColumnsCheck } from "../table/frames.ts";
import { type CellFormatter, createCellFormatter, type FormatOptions } from "../values/format-cell.ts";
import { isTextType } from "../values/type-text.ts";

/** Options of {@link writeCsv}. */
export interface CsvWriteOptions extends CallOptions {
  /** The character between cells. Default a comma. */
  delimiter?: string;
  /** Whether to write the names of the columns in the first line. Default true. */
  header?: boolean;
  /** The line end. Default LF, which all common readers accept; RFC 4180 specifies CRLF. */
  newline?: "\n" | "\r\n";
  /** The decimal separator. Default a point. */
  decimal?: "." | ",";
  /**
   * Time zone in which times are written, with their offset, such as `Europe/Brussels`. Default UTC:
   * `2026-03-01T12:30:00Z`.
   */
  timeZone?: string;
  /**
   * How times are written: `iso` text, or the `count` of the column's unit since 1970, which can represent
   * all times. Default `iso`.
   */
  times?: "iso" | "count";
  /**
   * Whether to begin the file with a byte order mark, by which spreadsheets recognise UTF-8. Default false.
   */
  mark?: boolean;
}

/** Number of rows in a chunk of text. */
const ROWS_PER_CHUNK = 4096;

/**
 * Writes frames as CSV. Yields chunks of text, each made when it is pulled. Missing values (NaN, NaT) become
 * empty cells. `readCsv` with the same types returns the same values, bit for bit.
 *
 * @throws `invalid-frame` for frames with different columns, and for a time that ISO text cannot represent;
 *   `invalid-argument` for an invalid delimiter or time zone; `aborted`
 * @example
 * for await (const text of writeCsv(series.pages())) await file.write(text);
 */
export async function* writeCsv(frames: Frames, options: CsvWriteOptions = {}): AsyncGenerator<string> {
  checkArguments("writeCsv", frames, options);
  const { delimiter = ",", decimal = ".", header = true, newline = "\n", mark = false, signal } = options;
  if (delimiter === decimal || !/^[\t\x20-\x7e]$/.test(delimiter) || delimiter === '"') {
    throw new LakotaError(
      "invalid-argument",
      `delimiter: ${JSON.stringify(delimiter)} is not allowed. ` +
        "Use a single ASCII character other than a quote and the decimal separator.",
    );
  }
  const format = {
    zone: options.timeZone === undefined ? undefined : TimeZone.named(options.timeZone),
    times: options.times ?? "iso",
  };
  const quote = createQuoter(delimiter);
  const sameColumns = new SameColumnsCheck();
  let first = true;
  for await (const frame of iterateFrames(frames)) {
    sameColumns.check(frame);
    if (first)
      yield (mark ? "\ufeff" : "") + (header ? frame.columns.map(quote).join(delimiter) + newline : "");
    first = false;
    const cells = frame.parts().map((part) => createCsvFormatter(part, { ...format, decimal, quote }));
    for (let from = 0; from < frame.length; from += ROWS_PER_CHUNK) {
      throwIfAborted(signal);
      yield formatLines(cells, from, Math.min(from + ROWS_PER_CHUNK, frame.length), delimiter, newline);
    }
  }
}

function formatLines(
  cells: readonly CellFormatter[],
  from: number,
  to: number,
  delimiter: string,
  newline: string,
): string {
  let lines = "";
  for (let row = from; row < to; row++) {
    let line = cells[0]!(row);
    // Readers skip empty lines.
    if (cells.length === 1 && line === "") line = '""';
    for (let i = 1; i < cells.length; i++) line += delimiter + cells[i]!(row);
    lines += line + newline;
  }
  return lines;
}

interface CsvCellOptions extends FormatOptions {
  decimal: "." | ",";
  quote(text: string): string;
}

/** Returns the formatter of a column's cells, with the decimal separator and quotes that the file needs. */
function createCsvFormatter(
  column: NamedColumn,
  { decimal, quote, ...format }: CsvCellOptions,
): CellFormatter {
  const text = createCellFormatter(column, format);
  const dtype = parseDType(column.type);
  const { kind } = dtype;
  if (kind === "float" && decimal === ",") return (row) => text(row).replace(".", ",");
  return isTextType(dtype) || kind === "object" || kind === "complex" ? (row) => quote(text(row)) : text;
}

/** Returns a function that quotes text with a delimiter, a quote, a line end, or a byte order mark. */
function createQuoter(delimiter: string): (text: string) => string {
  const special = new RegExp(`["\\r\\n\ufeff${delimiter.replace(/[\]\\^-]/, "\\$&")}]`);
  return (text) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
}
