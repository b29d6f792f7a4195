import type { Frame } from "lakota";
import { toRows, writeCsv, writeParquet } from "lakota/interchange";

/** A format in which rows are exported. */
export interface Format {
  type: string;
  /** @param zone whose clocks times are written by, with their offset, where the format can do that */
  encode(frames: AsyncIterable<Frame>, zone: string, signal: AbortSignal): Promise<BlobPart[]>;
}

export type RowFormat = "csv" | "parquet" | "arrow" | "json";

/** Loaded only when rows are exported. */
export const FORMATS: Readonly<Record<RowFormat, Format>> = {
  csv: {
    type: "text/csv",
    encode: (frames, zone, signal) =>
      collect(writeCsv(frames, { ...(zone !== "UTC" && { timeZone: zone }), signal })),
  },
  parquet: {
    type: "application/vnd.apache.parquet",
    encode: (frames, _, signal) => collect(writeParquet(frames, { signal })),
  },
  arrow: {
    type: "application/vnd.apache.arrow.file",
    async encode(frames) {
      const { encodeArrow } = await import("./arrow-file.ts");
      return encodeArrow(frames);
    },
  },
  json: { type: "application/json", encode: (frames) => collect(writeJson(frames)) },
};

async function collect<T>(parts: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

/** Yields a list of objects, one a line. */
async function* writeJson(frames: AsyncIterable<Frame>): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const frame of frames) {
    for (const row of toRows(frame)) {
      yield separator + JSON.stringify(row, exactInteger);
      separator = ",\n";
    }
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

/** JSON has no integers of 64 bits: those that a number cannot hold become text. */
function exactInteger(_: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}
