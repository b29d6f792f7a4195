import type { Collection, Frame, ReadProgress, Schema, Series } from "lakota";
import { DAY, type Range, type Span } from "./range.ts";

export interface Wish {
  range: Range;
  span: Span | undefined;
  columns: readonly string[];
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
}

/** The first index column, if it is a time. */
export function timeColumn(schema: Schema): string | undefined {
  const [first] = schema.index;
  return first?.dtype.kind === "datetime" ? first.name : undefined;
}

/** Reads two ends of a series' time axis, which is a fraction of the data; undefined where it has none. */
export async function spanOf(
  collection: Collection,
  series: Series,
  signal: AbortSignal,
): Promise<Span | undefined> {
  const time = timeColumn(collection.schema);
  if (time === undefined) return undefined;
  const options = { columns: [time], numbers: true, signal };
  const [head, tail] = await Promise.all([series.read({ ...options, limit: 1 }), series.tail(2, options)]);
  const first = head.numbers(time)[0];
  const ends = tail.numbers(time);
  const last = ends[ends.length - 1];
  if (first === undefined || last === undefined) return undefined;
  return { first, last, step: last - (ends[0] ?? last) };
}

/** Reads what is wished for; text and objects come along for the table. */
export function readRange(
  series: Series,
  { range, span, columns, signal, onProgress }: Wish,
): Promise<Frame> {
  const options = { columns, numbers: true, signal, onProgress };
  switch (range.kind) {
    case "tail":
      return series.tail(range.rows, options);
    case "last":
      return series.read({ ...options, ...(span && { start: span.last - range.days * DAY }) });
    case "between":
      return series.read({ ...options, start: range.start, stop: range.stop });
    default:
      return series.read(options);
  }
}
