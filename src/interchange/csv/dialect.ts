import { LakotaError } from "../../model/errors.ts";
import { firstDuplicate } from "../table/row-source.ts";
import { CsvTokenizer } from "./tokenizer.ts";

/** The dialect of a file, its column names, and a sample of its rows, as text. */
export interface CsvHead {
  delimiter: string;
  /** Names of the columns, in the order of the file. */
  names: readonly string[];
  /** The first rows below the header, cell by cell. */
  rows: readonly (readonly string[])[];
}

export interface CsvHeadOptions {
  delimiter?: string;
  header?: boolean;
  names?: readonly string[];
  decimal?: "." | ",";
  /** Number of rows to parse. */
  sample: number;
}

const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Parses the first bytes of a file.
 *
 * @param complete whether `bytes` are the whole file; if not, a last record that may be cut off is left out
 * @throws `invalid-frame` for a file without a first line, or with duplicate column names
 */
export function parseHead(bytes: Uint8Array, complete: boolean, options: CsvHeadOptions): CsvHead {
  const delimiter = options.delimiter ?? detectDelimiter(bytes, complete, options.decimal);
  const [first, ...rest] = parseRecords(bytes, complete, delimiter, options.sample + 1);
  if (!first)
    throw new LakotaError(
      "invalid-frame",
      complete
        ? "The file is empty."
        : "The first line does not end within the first MiB. Is this a CSV file?",
    );
  const { header = true } = options;
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
  return { delimiter, names, rows: header ? rest : [first, ...rest] };
}

/** pandas writes an empty name for an index without one. */
const columnName = (cell: string, i: number): string => cell.trim() || `column${i + 1}`;

/**
 * Returns the delimiter with which the first lines have an equal number of cells, and the largest such
 * number. Falls back to a comma (a semicolon if the comma is the decimal separator) where there is only one
 * column.
 */
function detectDelimiter(bytes: Uint8Array, complete: boolean, decimal: "." | "," = "."): string {
  let best = decimal === "," ? ";" : ",";
  let most = 1;
  for (const delimiter of DELIMITERS.filter((candidate) => candidate !== decimal)) {
    try {
      const counts = parseRecords(bytes, complete, delimiter, 100).map((record) => record.length);
      const cells = counts[0] ?? 0;
      if (cells > most && counts.every((count) => count === cells)) [best, most] = [delimiter, cells];
    } catch (error) {
      // Quotes that are malformed with this delimiter may be well-formed with another.
      if (!(error instanceof LakotaError)) throw error;
    }
  }
  return best;
}

function parseRecords(bytes: Uint8Array, complete: boolean, delimiter: string, limit: number): string[][] {
  const tokenizer = new CsvTokenizer(delimiter);
  tokenizer.push(bytes);
  if (complete) tokenizer.end();
  const records: string[][] = [];
  while (records.length < limit && tokenizer.next()) {
    records.push(Array.from({ length: tokenizer.cells }, (_, cell) => tokenizer.text(cell)));
  }
  return records;
}
