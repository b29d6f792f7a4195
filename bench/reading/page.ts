/** Runs in the page: opens a reader, lets it answer one question at a time, and watches the main thread meanwhile. */
import type { Series } from "lakota";
import * as zarr from "zarrita";

export interface Context {
  /** Address of the S3 server. */
  s3: string;
  keys: { accessKeyId: string; secretAccessKey: string };
}
export type Question =
  | { kind: "all" }
  | { kind: "last"; rows: number }
  | { kind: "range"; start: number; stop: number };

export interface Answer {
  rows: number;
  first: number;
  last: number;
  sum: number;
}

export interface Measured extends Answer {
  ms: number;
  /** The longest time between two animation frames, in ms. */
  frame: number;
}

interface Columns {
  t: BigInt64Array;
  v: Float64Array;
}
type Reader = (question: Question) => Promise<Columns>;

async function openLakota({ s3, keys }: Context): Promise<Reader> {
  const address = "/dist/index.js";
  const { connect }: typeof import("lakota") = await import(address);
  const repo = await connect("s3://lakota/bench", { endpoint: s3, credentials: keys, maxAge: 0 });
  const series: Series = (await repo.collection("bench")).series("sin");
  return async (question) => {
    const frame =
      question.kind === "last"
        ? await series.tail(question.rows)
        : await series.read(
            question.kind === "all" ? {} : { start: BigInt(question.start), stop: BigInt(question.stop) },
          );
    return { t: frame.get("timestamp") as BigInt64Array, v: frame.get("value") as Float64Array };
  };
}

async function openZarr({ s3 }: Context): Promise<Reader> {
  const root = zarr.root(new zarr.FetchStore(`${s3}/zarr`));
  const open = (name: string) => zarr.open(root.resolve(name), { kind: "array" });
  const [t, v] = await Promise.all([open("timestamp"), open("value")]);
  const rows = t.shape[0]!;
  const read = async (from: number, to: number): Promise<Columns> => {
    const [times, values] = await Promise.all([t, v].map((array) => zarr.get(array, [zarr.slice(from, to)])));
    return { t: times!.data as BigInt64Array, v: values!.data as Float64Array };
  };
  return async (question) => {
    if (question.kind === "all") return read(0, rows);
    if (question.kind === "last") return read(rows - question.rows, rows);
    // Zarr has no index: all times are read and searched.
    const times = (await zarr.get(t)).data as BigInt64Array;
    const [from, to] = [lowerBound(times, BigInt(question.start)), lowerBound(times, BigInt(question.stop))];
    const values = (await zarr.get(v, [zarr.slice(from, to)])).data as Float64Array;
    return { t: times.slice(from, to), v: values };
  };
}

function lowerBound(sorted: BigInt64Array, value: bigint): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = (lo + hi) >>> 1;
    if (sorted[mid]! < value) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

const readers = { lakota: openLakota, zarrita: openZarr };
export type ReaderName = keyof typeof readers;
let reader: Promise<Reader> | undefined;

/** The first question on a page opens the series too. */
async function answer(name: ReaderName, context: Context, question: Question): Promise<Measured> {
  await new Promise(requestAnimationFrame);
  const watch = watchFrames();
  const from = performance.now();
  reader ??= readers[name](context);
  const { t, v } = await (await reader)(question);
  const ms = performance.now() - from;
  const frame = watch.stop();
  let sum = 0;
  for (const value of v) sum += value;
  return { ms, frame, rows: v.length, first: Number(t[0]), last: Number(t.at(-1)), sum };
}

function watchFrames(): { stop(): number } {
  let last = performance.now();
  let worst = 0;
  let going = true;
  const beat = () => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    if (going) requestAnimationFrame(beat);
  };
  requestAnimationFrame(beat);
  return {
    stop() {
      beat();
      going = false;
      return worst;
    },
  };
}

declare global {
  var ask: (name: ReaderName, context: Context, question: Question) => Promise<Measured>;
}
globalThis.ask = answer;
