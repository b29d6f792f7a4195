import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Returns the path of a file of the installed package vega-datasets. */
export const dataFile = (name: string): string =>
  fileURLToPath(new URL(`../data/${name}`, import.meta.resolve("vega-datasets")));

/** A row of a CSV file: cells by column. */
export type Row = Readonly<Record<string, string>>;

/** Reads a CSV file without quoted cells, as those of vega-datasets are. */
export async function readRows(name: string): Promise<Row[]> {
  const [header = "", ...lines] = (await readFile(dataFile(name), "utf8")).trim().split(/\r?\n/);
  const names = header.split(",");
  return lines.map((line) => {
    const fields = line.split(",");
    return Object.fromEntries(names.map((column, i) => [column, fields[i] ?? ""]));
  });
}

/** Returns a column of numbers. Empty cells are NaN. */
export const numberColumn = (rows: readonly Row[], column: string): number[] =>
  rows.map((row) => (row[column] ? Number(row[column]) : Number.NaN));

export const textColumn = (rows: readonly Row[], column: string): string[] =>
  rows.map((row) => row[column] ?? "");
