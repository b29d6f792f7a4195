import { safeText } from "../output/safe-text.ts";
import { alignedTable, widthsOf } from "../output/table.ts";

/** How the rows of a query are printed. */
export type ResultFormat = "csv" | "json" | "table";

/** A column of a result. */
export interface ResultColumn {
  readonly name: string;
  /** Its type, as SQL writes it. */
  readonly type: string;
}

/** Formats rows; the first call also returns the header. */
export interface Printer {
  add(rows: readonly (readonly unknown[])[]): string;
}

/** @param header whether CSV begins with the names of the columns */
export function createPrinter(
  columns: readonly ResultColumn[],
  format: ResultFormat,
  header: boolean,
): Printer {
  if (format === "json") return { add: (rows) => rows.map((row) => `${jsonOf(columns, row)}\n`).join("") };
  const names = columns.map(({ name }) => name);
  const textsOf = (row: readonly unknown[]) => row.map((value, i) => textOf(value, columns[i]!.type));
  let isFirst = true;
  if (format === "csv")
    return {
      add(rows) {
        const lines = [...(isFirst && header ? [names] : []), ...rows.map(textsOf)];
        isFirst = false;
        return lines.map((cells) => `${cells.map(quoted).join(",")}\n`).join("");
      },
    };
  const right = columns.map(({ type }) => NUMERIC.test(type));
  let widths: readonly number[] | undefined;
  return {
    add(rows) {
      const cells = rows.map((row) => textsOf(row).map(safeText));
      const texts = names.map((_, i) => cells.map((row) => row[i]!));
      const next = widthsOf(names.map(safeText), texts, widths);
      const table = alignedTable(names.map(safeText), texts, right, widths && { widths: next });
      widths = next;
      return table;
    },
  };
}

const NUMERIC = /INT|DOUBLE|FLOAT|DECIMAL/;
const TIMESTAMP = /^TIMESTAMP(?:_(?:S|MS|NS))?$/;

/** Formats a value as the command prints it elsewhere: times in ISO 8601, NULL as nothing. */
function textOf(value: unknown, type: string): string {
  if (value === null || value === undefined) return "";
  const text = String(value);
  return TIMESTAMP.test(type) ? `${text.replace(" ", "T")}Z` : text;
}

/** Numbers keep all their digits; missing and infinite ones become null. */
function jsonOf(columns: readonly ResultColumn[], row: readonly unknown[]): string {
  const cells = columns.map(({ name, type }, i) => {
    const value = row[i];
    const isNumber = typeof value === "bigint" || (typeof value === "number" && Number.isFinite(value));
    const json =
      value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value))
        ? "null"
        : isNumber || typeof value === "boolean" || /^DECIMAL/.test(type)
          ? String(value)
          : JSON.stringify(textOf(value, type));
    return `${JSON.stringify(name)}:${json}`;
  });
  return `{${cells.join(",")}}`;
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
