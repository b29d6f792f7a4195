import { LakotaError } from "../../model/errors.ts";
import { CsvTokenizer } from "./tokenizer.ts";

/** The first lines of a file, as text. */
export interface CsvHead {
  delimiter: string;
  /** Names of the columns, in the order of the file. */
  names: readonly string[];
  /** Rows below the names, cell by cell. */
  rows: readonly (readonly string[])[];
}

export interface CsvHeadOptions {
  delimiter?: string;
  header?: boolean;
  names?: readonly string[];
  decimal?: "." | ",";
  sample: number;
}

const DELIMITERS = [",", ";", "\t", "|"];

/**
 * Looks at the first bytes of a file. `whole` tells that there are no more: else what may be half a record is left aside.
 *
 * @throws `invalid-frame` for a file without a first line, or with names that are there twice.
 */
export function parseHead(bytes: Uint8Array, whole: boolean, options: CsvHeadOptions): CsvHead {
  const delimiter = options.delimiter ?? detectDelimiter(bytes, whole, options.decimal);
  const [first, ...rest] = parseRecords(bytes, whole, delimiter, options.sample + 1);
  if (!first)
    throw new LakotaError(
      "invalid-frame",
      whole ? "The file is empty." : "The first line has no end within a MiB.",
    );
  const { header = true } = options;
  const names = options.names ?? (header ? first.map(columnName) : first.map((_, i) => `column${i + 1}`));
  if (names.length !== first.length) {
    throw new LakotaError(
      "invalid-frame",
      `Line 1 has ${first.length} cells, and ${names.length} names are given: ${names.join(", ")}.`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new LakotaError(
      "invalid-frame",
      `Line 1: the column "${twice}" is there twice. Give names of your own with names: [...].`,
    );
  }
  return { delimiter, names, rows: header ? rest : [first, ...rest] };
}

/** pandas leaves the name of the first column out. */
const columnName = (cell: string, i: number): string => cell.trim() || `column${i + 1}`;

/**
 * The delimiter with which the first lines have equally many cells, and most of them; a comma where there is but one
 * column.
 */
function detectDelimiter(bytes: Uint8Array, whole: boolean, decimal: "." | "," = "."): string {
  let best = decimal === "," ? ";" : ",";
  let most = 1;
  for (const delimiter of DELIMITERS.filter((each) => each !== decimal)) {
    try {
      const counts = parseRecords(bytes, whole, delimiter, 100).map((record) => record.length);
      const cells = counts[0] ?? 0;
      if (cells > most && counts.every((count) => count === cells)) [best, most] = [delimiter, cells];
    } catch (error) {
      // Quotes that make no sense with this delimiter may with another.
      if (!(error instanceof LakotaError)) throw error;
    }
  }
  return best;
}

function parseRecords(bytes: Uint8Array, whole: boolean, delimiter: string, most: number): string[][] {
  const records = new CsvTokenizer(delimiter);
  records.push(bytes);
  if (whole) records.end();
  const found: string[][] = [];
  while (found.length < most && records.next()) {
    found.push(Array.from({ length: records.cells }, (_, cell) => records.text(cell)));
  }
  return found;
}
