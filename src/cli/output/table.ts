import { safeText } from "./safe-text.ts";
import { textWidth } from "./text-width.ts";
import { bytesText, countText } from "./units.ts";

export type Cell = string | number | boolean | Date | readonly string[] | undefined;

export interface TableColumn {
  readonly name: string;
  /** The numbers are bytes, which pretty tables show with units. */
  readonly bytes?: true;
}

export type Row = Readonly<Record<string, Cell>>;

/** Returns a header and rows, with columns separated by tabs. */
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

/** Returns the same table for people: aligned, numbers to the right and with units. */
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

/** How a table continues one that was printed before: without a header, and no narrower. */
export interface Continuation {
  /** The widths of its columns. */
  readonly widths: readonly number[];
}

/** Returns how many cells of a terminal each column takes. */
export const widthsOf = (
  header: readonly string[],
  columns: readonly (readonly string[])[],
  least: readonly number[] = [],
): number[] =>
  columns.map((texts, i) =>
    texts.reduce(
      (widest, text) => Math.max(widest, textWidth(text)),
      Math.max(least[i] ?? 0, textWidth(header[i]!)),
    ),
  );

/**
 * Returns a header, a rule and the rows, each column as wide on a terminal as its widest cell.
 *
 * @param columns the texts of each column, from top to bottom
 * @param right which columns are aligned to the right
 * @param continued a table to which these rows are added
 */
export function alignedTable(
  header: readonly string[],
  columns: readonly (readonly string[])[],
  right: readonly boolean[],
  continued?: Continuation,
): string {
  const widths = continued?.widths ?? widthsOf(header, columns);
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, i) => pad(cell, widths[i]!, right[i]!))
      .join("  ")
      .trimEnd()}\n`;
  const rows = columns[0]?.length ?? 0;
  return [
    ...(continued ? [] : [line(header), line(widths.map((width) => "-".repeat(width)))]),
    ...Array.from({ length: rows }, (_, row) => line(columns.map((texts) => texts[row]!))),
  ].join("");
}

function pad(text: string, width: number, right: boolean): string {
  const padding = " ".repeat(width - textWidth(text));
  return right ? padding + text : text + padding;
}
