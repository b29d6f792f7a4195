/** Runs in the page: opens a reader, lets it answer one question at a time, and watches the main thread meanwhile. */
import { watchFrames } from "../browser/frames.ts";
import { type Context, lowerBound, openLakota, openZarr, type ReaderName } from "../browser/open.ts";

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

async function readLakota(context: Context): Promise<Reader> {
  const series = await openLakota(context, { maxAge: 0 });
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

async function readZarr(context: Context): Promise<Reader> {
  const { rows, times, values } = await openZarr(context);
  const read = async (from: number, to: number): Promise<Columns> => {
    const [t, v] = await Promise.all([times(from, to), values(from, to)]);
    return { t, v };
  };
  return async (question) => {
    if (question.kind === "all") return read(0, rows);
    if (question.kind === "last") return read(rows - question.rows, rows);
    // Zarr has no index: all times are read and searched.
    const t = await times();
    const [from, to] = [lowerBound(t, BigInt(question.start)), lowerBound(t, BigInt(question.stop))];
    return { t: t.slice(from, to), v: await values(from, to) };
  };
}

const readers = { lakota: readLakota, zarrita: readZarr };
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

declare global {
  var ask: typeof answer;
}
globalThis.ask = answer;
