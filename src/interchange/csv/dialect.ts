import { LakotaError } from "../../model/errors.ts";
import { firstDuplicate } from "../table/row-source.ts";
import { inferTime } from "../values/infer-types.ts";
import { parseFloatText } from "../values/parse-number.ts";
import type { TimeFormat } from "../values/strptime.ts";
import { CsvTokenizer } from "./tokenizer.ts";

/** How a CSV file is written: set by the options, or detected from its first rows. */
export interface CsvDialect {
  /** The character between cells. */
  readonly delimiter: string;
  /** The decimal separator. */
  readonly decimal: "." | ",";
  /** The formats of times, of columns in which they are not ISO 8601. */
  readonly formats: Readonly<Record<string, TimeFormat>>;
}

/** Returns the dialect of an opened file; undefined for one that is not CSV. */
export function dialectOf(source: object & Partial<CsvDialect>): CsvDialect | undefined {
  const { delimiter, decimal, formats } = source;
  return delimiter && decimal && formats ? { delimiter, decimal, formats } : undefined;
}

/** The delimiter of a file, its column names, and a sample of its rows, as text. */
export interface CsvHead {
  delimiter: string;
  /** Names of the columns, in the order of the file. */
  names: readonly string[];
  /** The first rows below the header, cell by cell. */
  rows: readonly (readonly string[])[];
  /** The line on which each of these rows begins. */
  lines: readonly number[];
}

export interface CsvHeadOptions {
  delimiter?: string;
  header?: boolean;
  names?: readonly string[];
  decimal?: "." | ",";
  /** Number of rows to parse. */
  sample: number;
}

const DELIMITERS = [";", "\t", "|", ","];

/**
 * Parses the first bytes of a file.
 *
 * @param complete whether `bytes` are the whole file; if not, a last record that may be cut off is left out
 * @throws `invalid-frame` for a file without a first line, or with duplicate column names
 */
export function parseHead(bytes: Uint8Array, complete: boolean, options: CsvHeadOptions): CsvHead {
  const delimiter = options.delimiter ?? detectDelimiter(bytes, complete, options.decimal);
  const records = parseRecords(bytes, complete, delimiter, options.sample + 1);
  const first = records[0]?.cells;
  if (!first)
    throw new LakotaError(
      "invalid-frame",
      complete
        ? "The file is empty."
        : "The first line does not end within the first MiB. Is this a CSV file?",
    );
  const { header = true } = options;
  if (options.header === undefined && first.every(isValue)) {
    throw new LakotaError(
      "invalid-frame",
      `Line 1 looks like values, not like names of columns: ${first.join(", ").slice(0, 100)}. ` +
        "If it is, set header: false; else set header: true.",
    );
  }
  const names = options.names ?? (header ? first.map(columnName) : first.map((_, i) => `column${i + 1}`));
  if (names.length !== first.length) {
    throw new LakotaError(
      "invalid-frame",
      `Line 1 has ${first.length} cells, but names lists ${names.length}: ${names.join(", ")}.`,
    );
  }
  const duplicate = firstDuplicate(names);
  if (duplicate !== undefined) {
    throw new LakotaError(
      "invalid-frame",
      `Line 1: two columns are named "${duplicate}". Set distinct names with names: [...].`,
    );
  }
  const rows = header ? records.slice(1) : records;
  return { delimiter, names, rows: rows.map(({ cells }) => cells), lines: rows.map(({ line }) => line) };
}

/** Whether a cell is a number or a time, rather than a name. */
function isValue(cell: string): boolean {
  const text = cell.trim();
  return parseFloatText(text.replace(",", "."), ".") !== undefined || inferTime([text]) !== undefined;
}

/** pandas writes an empty name for an index without one. */
const columnName = (cell: string, i: number): string => cell.trim() || `column${i + 1}`;

/**
 * Returns the delimiter with which the first lines have an equal number of cells, and the largest such
 * number. A comma may be the decimal separator, so it is only taken if no other character fits. Falls back to a comma (a
 * semicolon if the comma is the decimal separator) where there is only one column.
 */
function detectDelimiter(bytes: Uint8Array, complete: boolean, decimal: "." | "," | undefined): string {
  let best = decimal === "," ? ";" : ",";
  let most = 1;
  for (const delimiter of DELIMITERS.filter((candidate) => candidate !== decimal)) {
    try {
      const counts = parseRecords(bytes, complete, delimiter, 100).map((record) => record.cells.length);
      const cells = counts[0] ?? 0;
      const isBetter = cells > most && !(delimiter === "," && most > 1);
      if (isBetter && counts.every((count) => count === cells)) [best, most] = [delimiter, cells];
    } catch (error) {
      // Quotes that are malformed with this delimiter may be well-formed with another.
      if (!(error instanceof LakotaError)) throw error;
    }
  }
  return best;
}

interface SampleRecord {
  cells: string[];
  line: number;
}

function parseRecords(
  bytes: Uint8Array,
  complete: boolean,
  delimiter: string,
  limit: number,
): SampleRecord[] {
  const tokenizer = new CsvTokenizer(delimiter);
  tokenizer.push(bytes);
  if (complete) tokenizer.end();
  const records: SampleRecord[] = [];
  while (records.length < limit && tokenizer.next()) {
    const cells = Array.from({ length: tokenizer.cells }, (_, cell) => tokenizer.text(cell));
    records.push({ cells, line: tokenizer.line });
  }
  return records;
}
