import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** The path of a file of the installed package vega-datasets. */
export const dataFile = (name: string): string =>
  fileURLToPath(new URL(`../data/${name}`, import.meta.resolve("vega-datasets")));

/** Rows of a CSV file, by column name. The files that we read quote nothing. */
export type Row = Readonly<Record<string, string>>;

export async function readRows(name: string): Promise<Row[]> {
  const [header = "", ...lines] = (await readFile(dataFile(name), "utf8")).trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(names.map((column, i) => [column, fields[i] ?? ""]));
  });
}

/** A column of numbers; what is missing is NaN. */
export const numberColumn = (rows: readonly Row[], column: string): number[] =>
  rows.map((row) => (row[column] ? Number(row[column]) : Number.NaN));

export const textColumn = (rows: readonly Row[], column: string): string[] =>
  rows.map((row) => row[column] ?? "");
