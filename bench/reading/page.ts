/** Runs in the page: opens a reader, runs one query at a time, and measures the gaps between animation frames. */
import { watchFrames } from "../browser/frames.ts";
import { type Context, lowerBound, openLakota, openZarr, type ReaderName } from "../browser/open.ts";

export type Query =
  | { kind: "all" }
  | { kind: "last"; rows: number }
  | { kind: "range"; start: number; stop: number };

export interface Result {
  rows: number;
  first: number;
  last: number;
  sum: number;
}

export interface Measured extends Result {
  ms: number;
  /** Longest time between two animation frames, in ms. */
  frame: number;
}

interface Columns {
  t: BigInt64Array;
  v: Float64Array;
}
type Reader = (query: Query) => Promise<Columns>;

async function readLakota(context: Context): Promise<Reader> {
  const series = await openLakota(context, { maxAge: 0 });
  return async (query) => {
    const frame =
      query.kind === "last"
        ? await series.tail(query.rows)
        : await series.read(
            query.kind === "all" ? {} : { start: BigInt(query.start), stop: BigInt(query.stop) },
          );
    return { t: frame.get("timestamp") as BigInt64Array, v: frame.get("value") as Float64Array };
  };
}

async function readZarr(context: Context): Promise<Reader> {
  const { rows, times, values } = await openZarr(context);
  const read = async (from: number, to: number): Promise<Columns> => {
    const [t, v] = await Promise.all([times(from, to), values(from, to)]);
    return { t, v };
  };
  return async (query) => {
    if (query.kind === "all") return read(0, rows);
    if (query.kind === "last") return read(rows - query.rows, rows);
    // Zarr has no index: all times are read and searched.
    const t = await times();
    const [from, to] = [lowerBound(t, BigInt(query.start)), lowerBound(t, BigInt(query.stop))];
    return { t: t.slice(from, to), v: await values(from, to) };
  };
}

const readers = { lakota: readLakota, zarrita: readZarr };
let reader: Promise<Reader> | undefined;

/** Runs a query. The first one on a page includes opening the series. */
async function measure(name: ReaderName, context: Context, query: Query): Promise<Measured> {
  await new Promise(requestAnimationFrame);
  const watch = watchFrames();
  const from = performance.now();
  reader ??= readers[name](context);
  const { t, v } = await (await reader)(query);
  const ms = performance.now() - from;
  const frame = watch.stop();
  let sum = 0;
  for (const value of v) sum += value;
  return { ms, frame, rows: v.length, first: Number(t[0]), last: Number(t.at(-1)), sum };
}

declare global {
  var runQuery: typeof measure;
}
globalThis.runQuery = measure;
