/** Runs in the page: answers the query in its address as soon as it is loaded, and further ones when called. */
import { open } from "#peer";
import type { Line } from "../chart/thin.ts";
import { type Columns, type Context, type Reader, SHOWN } from "./peer.ts";
import type { Answer, Query } from "./queries.ts";

interface Report {
  /** When the navigation began, or the call, in epoch milliseconds. */
  from: number;
  /** Time until the answer was there and checked, in ms: since the navigation, or since the call. */
  ms: number;
  /** Time until rows were there, which the answer then confirmed; that of the answer where none were, in ms. */
  shown: number;
  /** Longest time between two animation frames meanwhile, in ms. */
  frameGap: number;
}

export type Outcome = Report | { error: string };

declare global {
  // Set by the script in index.html.
  var longestGap: number;
  var lastFrame: number | undefined;
  var answer: Promise<Outcome>;
  var report: (outcome: Outcome) => void;
  // Set here.
  var runQuery: (query: Query) => Promise<Outcome>;
  var checkSum: (sum: number) => void;
}

const parameters = new URL(location.href).searchParams;
const context: Context = JSON.parse(parameters.get("context")!);
let reader: Promise<Reader> | undefined;
/** The values of the last answer, for {@link checkSum}. */
let values: Float64Array | undefined;

async function run(query: Query, from: number): Promise<Report> {
  const first = reader === undefined;
  reader ??= open(context);
  const opened = await reader;
  if (!first) opened.refresh?.();
  check(query, await answerOf(opened, query));
  const now = performance.now();
  // A frame that began before the answer may be drawn after it.
  const frameGap = Math.max(globalThis.longestGap, now - (globalThis.lastFrame ?? now));
  const shown = first ? performance.getEntriesByName(SHOWN)[0]?.startTime : undefined;
  return { from: performance.timeOrigin + from, ms: now - from, shown: shown ?? now - from, frameGap };
}

async function answerOf(reader: Reader, query: Query): Promise<Answer> {
  values = undefined;
  if (query.kind === "picture") return extremes(await reader.picture(query.points));
  const columns = await (query.kind === "all"
    ? reader.all()
    : query.kind === "last"
      ? reader.last(query.rows)
      : reader.range(query.start, query.stop));
  return ends(columns);
}

function ends({ t, v }: Columns): Answer {
  if (!(t instanceof BigInt64Array) || !(v instanceof Float64Array) || v.length !== t.length)
    throw new Error("The answer is not a pair of typed arrays of equal length");
  values = v;
  return { rows: t.length, first: Number(t[0]), last: Number(t.at(-1)) };
}

function extremes({ rows, y }: Line): Answer {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < y.length; i++) {
    low = Math.min(low, y[i]!);
    high = Math.max(high, y[i]!);
  }
  return { rows, low, high };
}

/** Throws unless an answer is as expected. */
function check({ kind, expected }: Query, answer: Answer): void {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(answer)];
  if (wanted !== found) throw new Error(`Wrong answer to "${kind}": ${found} instead of ${wanted}`);
}

globalThis.runQuery = async (query) => {
  globalThis.longestGap = 0;
  return run(query, performance.now());
};

/** Throws unless the values of the last answer have this sum. Called after the measurement, because it takes time. */
globalThis.checkSum = (expected) => {
  let sum = 0;
  for (const value of values ?? []) sum += value;
  if (sum !== expected) throw new Error(`The sum of the values is ${sum} instead of ${expected}`);
};

run(JSON.parse(parameters.get("query")!), 0).then(globalThis.report, (error: Error) =>
  globalThis.report({ error: error.stack ?? String(error) }),
);
