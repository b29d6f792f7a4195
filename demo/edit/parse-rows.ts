import type { Column, Schema } from "lakota";
import Papa from "papaparse";

/** Rows that were pasted, ready to be written. */
export interface ParsedRows {
  /** Values by column name; times are text still. */
  columns: Readonly<Record<string, unknown[]>>;
  /** Columns of the schema that are not there. */
  missingColumns: readonly string[];
  rows: number;
}

/**
 * Reads rows pasted from a text file or a spreadsheet: separated by commas, tabs or semicolons, with the names of the
 * columns in the first line, or without them in the order of the schema.
 *
 * @throws Error in words for the user, naming line and column.
 */
export function parseRows(text: string, schema: Schema): ParsedRows {
  if (text.trim() === "") throw new Error("There are no rows yet.");
  const { data } = Papa.parse<string[]>(text.trim(), { skipEmptyLines: "greedy" });
  const names = schema.columns.map(({ name }) => name);
  const [first = []] = data;
  const headed = first.some((cell) => names.includes(cell.trim()));
  const header = headed ? first.map((cell) => cell.trim()) : names.slice(0, first.length);
  checkHeader(header, first, schema);
  const lines = headed ? data.slice(1) : data;
  if (lines.length === 0) throw new Error("There are no rows yet.");
  const uneven = lines.findIndex((line) => line.length !== header.length);
  if (uneven >= 0) {
    const line = uneven + (headed ? 2 : 1);
    throw new Error(`Line ${line} has ${lines[uneven]!.length} values; ${header.length} are needed.`);
  }
  const columns: Record<string, unknown[]> = {};
  header.forEach((name, i) => {
    const column = schema.columns.find((each) => each.name === name)!;
    columns[name] = lines.map((line, row) => parseCell(line[i]!.trim(), column, row + (headed ? 2 : 1)));
  });
  return { columns, missingColumns: names.filter((name) => !header.includes(name)), rows: lines.length };
}

function checkHeader(header: readonly string[], first: readonly string[], schema: Schema): void {
  const names = schema.columns.map(({ name }) => name);
  const strange = header.find((name) => !names.includes(name));
  if (strange !== undefined)
    throw new Error(`There is no column "${strange}". There are: ${names.join(", ")}.`);
  if (first.length > header.length) {
    throw new Error(
      `Line 1 has ${first.length} values; there are ${names.length} columns: ${names.join(", ")}.`,
    );
  }
  const twice = header.find((name, i) => header.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`The column "${twice}" is there twice.`);
  const index = schema.index.find(({ name }) => !header.includes(name));
  if (index) throw new Error(`The column "${index.name}" has to be there: it says which row is meant.`);
}

/** One cell. Times and text are checked by the library. */
function parseCell(cell: string, { name, dtype }: Column, line: number): unknown {
  const wrong = (wanted: string) => new Error(`Line ${line}, ${name}: "${cell}" is not ${wanted}.`);
  switch (dtype.kind) {
    case "float":
      if (cell === "" || /^nan$/i.test(cell)) return Number.NaN;
      if (Number.isNaN(Number(cell))) throw wrong("a number");
      return Number(cell);
    case "int":
    case "uint":
    case "timedelta":
      if (!/^[+-]?\d+$/.test(cell)) throw wrong("a whole number");
      return BigInt(cell);
    case "bool":
      if (/^(true|1)$/i.test(cell)) return true;
      if (/^(false|0)$/i.test(cell)) return false;
      throw wrong("true or false");
    case "object":
      try {
        return JSON.parse(cell);
      } catch {
        throw wrong("JSON");
      }
    default:
      return cell;
  }
}
