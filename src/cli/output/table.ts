import { safeText } from "./safe-text.ts";
import { bytesText, countText } from "./units.ts";

export type Cell = string | number | boolean | Date | readonly string[] | undefined;

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  /** Numbers of bytes: people get them in units. */
  readonly bytes?: true;
}

export type Row = Readonly<Record<string, Cell>>;

/** A header and rows, columns separated by a tab. */
export function plainTable(columns: readonly TableColumn[], rows: readonly Row[]): string {
  const header = columns.map(({ name }) => name);
  const lines = rows.map((row) => columns.map(({ name }) => safeText(plainCell(row[name]))));
  return [header, ...lines].map((cells) => `${cells.join("\t")}\n`).join("");
}

function plainCell(cell: Cell): string {
  if (cell === undefined) return "";
  if (cell instanceof Date) return cell.toISOString();
  return Array.isArray(cell) ? cell.join(" ") : String(cell);
}

/** The same for people: aligned, numbers to the right, in units. */
export function prettyTable(columns: readonly TableColumn[], rows: readonly Row[]): string {
  const texts = columns.map((column) => rows.map((row) => safeText(prettyCell(row[column.name], column))));
  const isNumber = columns.map(({ name }) => rows.some((row) => typeof row[name] === "number"));
  return alignedTable(
    columns.map(({ name }) => name),
    texts,
    isNumber,
  );
}

function prettyCell(cell: Cell, { bytes }: TableColumn): string {
  if (typeof cell === "number") return bytes ? bytesText(cell) : countText(cell);
  if (cell instanceof Date) return cell.toISOString().slice(0, 19).replace("T", " ");
  return plainCell(cell);
}

/** @param columns the texts of each column, from top to bottom */
export function alignedTable(
  header: readonly string[],
  columns: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const widths = columns.map((texts, i) => Math.max(header[i]!.length, ...texts.map((text) => text.length)));
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd()}\n`;
  const rows = columns[0]?.length ?? 0;
  return [
    line(header),
    line(widths.map((width) => "-".repeat(width))),
    ...Array.from({ length: rows }, (_, row) => line(columns.map((texts) => texts[row]!))),
  ].join("");
}
