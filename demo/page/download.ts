import type { Schema, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import { formatHeader, formatRows } from "../edit/format-rows.ts";
import { createElement } from "./dom.ts";

/** Number of rows that are formatted at a time. */
const PAGE_LENGTH = 50_000;

/** Returns the rows of a series as CSV. `range` is a part of its x axis; undefined for all rows. */
export async function exportCsv(
  series: Series,
  {
    schema,
    columns,
    range,
    signal,
  }: { schema: Schema; columns: readonly string[]; range: XRange | undefined; signal: AbortSignal },
): Promise<Blob> {
  const names = schema.columns.map(({ name }) => name).filter((name) => columns.includes(name));
  const parts: string[] = [formatHeader(names)];
  const bounds =
    range && ({ start: Math.floor(range[0]), stop: Math.ceil(range[1]), closed: "both" } as const);
  for await (const frame of series.pages({ ...bounds, columns: names, pageLength: PAGE_LENGTH, signal })) {
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
