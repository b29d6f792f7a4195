import type { Schema, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import { isChosen, type KeyValues } from "../data/key-values.ts";
import { readState } from "../data/read-state.ts";
import { formatHeader, formatRows } from "../edit/format-rows.ts";
import { createElement } from "./dom.ts";

/** Number of rows that are formatted at a time. */
const PAGE_LENGTH = 50_000;

interface CsvOptions {
  schema: Schema;
  /** Names of the columns. */
  columns: readonly string[];
  /** A part of the x axis; undefined for all rows. */
  range: XRange | undefined;
  /** The keys whose rows are written; undefined where the index is a single column. */
  keys: KeyValues | undefined;
  /** Id of the revision before which the rows are read; undefined for the current ones. */
  before: string | undefined;
  signal: AbortSignal;
}

/** Returns the rows of a series as CSV. */
export async function exportCsv(
  series: Series,
  { schema, columns, range, keys, before, signal }: CsvOptions,
): Promise<Blob> {
  const names = schema.columns.map(({ name }) => name).filter((name) => columns.includes(name));
  const parts: string[] = [formatHeader(names)];
  const bounds = range && ({ start: range[0], stop: range[1], closed: "both" } as const);
  const state = readState(before);
  const where = keys && { where: await isChosen(keys) };
  const options = { ...bounds, ...state, ...where, columns: names, pageLength: PAGE_LENGTH, signal };
  for await (const frame of series.pages(options)) {
    parts.push(formatRows(frame));
  }
  return new Blob(parts, { type: "text/csv" });
}

/** Returns the image of a canvas as PNG. */
export function exportPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The image could not be created."))),
      "image/png",
    );
  });
}

/** Saves a file through the browser's downloads. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  createElement("a", { attributes: { href: url, download: name } }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
