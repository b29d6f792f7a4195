import type { Column, Schema } from "lakota";
import Papa from "papaparse";

/** Rows in the form that `Series.write` takes. */
export interface ParsedRows {
  /** Values by column. Times are text, which the library parses. */
  columns: Readonly<Record<string, unknown[]>>;
  /** Columns of the schema that the text lacks. */
  missingColumns: readonly string[];
  /** Number of rows. */
  rows: number;
}

/**
 * Parses rows pasted from a CSV file or a spreadsheet: cells separated by commas, tabs or semicolons, with
 * the names of the columns in the first line, or without a header in the order of the schema.
 *
 * @throws Error for the user of the page, naming line and column
 */
export function parseRows(text: string, schema: Schema): ParsedRows {
  if (text.trim() === "") throw new Error("There are no rows.");
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: "greedy" });
  const names = schema.columns.map(({ name }) => name);
  const [first = []] = data;
  const hasHeader = first.some((cell) => names.includes(cell.trim()));
  const header = hasHeader ? first.map((cell) => cell.trim()) : names.slice(0, first.length);
  checkHeader(header, first, schema);
  const lines = hasHeader ? data.slice(1) : data;
  if (lines.length === 0) throw new Error("There are no rows.");
  const uneven = lines.findIndex((line) => line.length !== header.length);
  if (uneven >= 0) {
    const line = uneven + (hasHeader ? 2 : 1);
    throw new Error(
      `Line ${line} has ${lines[uneven]!.length} values, but there are ${header.length} columns.`,
    );
  }
  const columns: Record<string, unknown[]> = {};
  header.forEach((name, i) => {
    const column = schema.columns.find((each) => each.name === name)!;
    columns[name] = lines.map((line, row) => parseCell(line[i]!.trim(), column, row + (hasHeader ? 2 : 1)));
  });
  return { columns, missingColumns: names.filter((name) => !header.includes(name)), rows: lines.length };
}

function checkHeader(header: readonly string[], first: readonly string[], schema: Schema): void {
  const names = schema.columns.map(({ name }) => name);
  const unknown = header.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no column “${unknown}”. The columns are: ${names.join(", ")}.`);
  if (first.length > header.length) {
    throw new Error(
      `Line 1 has ${first.length} values, but there are ${names.length} columns: ${names.join(", ")}.`,
    );
  }
  const duplicate = header.find((name, i) => header.indexOf(name) !== i);
  if (duplicate !== undefined) throw new Error(`The column “${duplicate}” occurs twice.`);
  const missing = schema.index.find(({ name }) => !header.includes(name));
  if (missing) throw new Error(`The index column “${missing.name}” is missing.`);
}

/** Parses a cell. Times and text stay text: the library checks them. */
function parseCell(cell: string, { name, dtype }: Column, line: number): unknown {
  const invalid = (expected: string) => new Error(`Line ${line}, ${name}: “${cell}” is not ${expected}.`);
  switch (dtype.kind) {
    case "float":
      if (cell === "" || /^nan$/i.test(cell)) return Number.NaN;
      if (Number.isNaN(Number(cell))) throw invalid("a number");
      return Number(cell);
    case "int":
    case "uint":
    case "timedelta":
      if (!/^[+-]?\d+$/.test(cell)) throw invalid("a whole number");
      return BigInt(cell);
    case "bool":
      if (/^(true|1)$/i.test(cell)) return true;
      if (/^(false|0)$/i.test(cell)) return false;
      throw invalid("true or false");
    case "object":
      try {
        return JSON.parse(cell);
      } catch {
        throw invalid("JSON");
      }
    default:
      return cell;
  }
}
