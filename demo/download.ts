import type { Schema, Series } from "lakota";
import type { Range } from "./chart/picture.ts";
import { make } from "./dom.ts";
import { headerText, rowsText } from "./edit/rows-text.ts";

/** Rows that become text at a time. */
const PAGE = 50_000;

/** The rows of a series in a range of its x axis as a CSV file. `range`: undefined for all. */
export async function csvOf(
  series: Series,
  {
    schema,
    columns,
    range,
    signal,
  }: { schema: Schema; columns: readonly string[]; range: Range | undefined; signal: AbortSignal },
): Promise<Blob> {
  const names = schema.columns.map(({ name }) => name).filter((name) => columns.includes(name));
  const parts: string[] = [headerText(names)];
  const bounds =
    range && ({ start: Math.floor(range[0]), stop: Math.ceil(range[1]), closed: "both" } as const);
  for await (const frame of series.pages({ ...bounds, columns: names, pageLength: PAGE, signal })) {
    parts.push(rowsText(frame));
  }
  return new Blob(parts, { type: "text/csv" });
}

/** The picture of a canvas as a PNG file. */
export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture could not be made."))),
      "image/png",
    );
  });
}

/** Hands a file to the user. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  make("a", { attributes: { href: url, download: name } }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
