/**
 * Compares reading 5,259,457 rows in Chromium with zarrita and npm numcodecs: time, requests, bytes, and the longest time
 * between two animation frames of the page.
 *
 *     npx tsx bench/reading/run.ts [--latency MS] [--mbps N] [--repetitions N]
 */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Context, ReaderName } from "../browser/open.ts";
import {
  type BenchOptions,
  conditions,
  parseOptions,
  READERS,
  runSteps,
  type Step,
  type Traffic,
  withStage,
} from "../browser/stage.ts";
import { median, table } from "../report.ts";
import type { Measured, Query } from "./page.ts";

const ROWS = 5_259_457;
/** Seconds between rows: ten years of minutes. */
const STEP = 60;
const MIDDLE = 2_600_000;

interface QueryStep extends Step {
  name: string;
  query: Query;
}

const QUERIES: QueryStep[] = [
  { name: "all, cold", query: { kind: "all" } },
  { name: "all, again on the page", query: { kind: "all" } },
  { name: "all, after a reload", query: { kind: "all" }, reload: true },
];
const SINGLE: QueryStep[] = [
  { name: "last 1,000 rows, cold", query: { kind: "last", rows: 1_000 } },
  {
    name: "50,000 rows in the middle, cold",
    query: { kind: "range", start: MIDDLE * STEP, stop: (MIDDLE + 50_000) * STEP },
  },
];

type Row = Measured & Traffic;

const series = () => ({
  timestamp: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i * STEP)),
  value: Float64Array.from({ length: ROWS }, (_, i) => Math.sin(i / 1000)),
});

function check(query: Query, result: Measured): void {
  const [from, rows] =
    query.kind === "all"
      ? [0, ROWS]
      : query.kind === "last"
        ? [ROWS - query.rows, query.rows]
        : [MIDDLE, 50_000];
  const right =
    result.rows === rows && result.first === from * STEP && result.last === (from + rows - 1) * STEP;
  if (!right) throw new Error(`Wrong result of ${JSON.stringify(query)}: ${JSON.stringify(result)}`);
}

async function measure(page: Page, reader: ReaderName, context: Context, query: Query): Promise<Measured> {
  const args = [reader, context, query] as const;
  const measured = await page.evaluate(
    ([reader, context, query]) => globalThis.runQuery(reader, context, query),
    args,
  );
  check(query, measured);
  return measured;
}

export async function benchReading(options: BenchOptions): Promise<void> {
  const found = new Map<string, Row[]>();
  await withStage("bench/reading/page.ts", series(), options, async (stage) => {
    for (let i = 0; i < options.repetitions; i++) {
      for (const reader of READERS) {
        for (const queries of [QUERIES, ...SINGLE.map((query) => [query])]) {
          const rows = await runSteps(stage, queries, (page, { query }) =>
            measure(page, reader, stage.context, query),
          );
          rows.forEach((row, i) => {
            const key = `${queries[i]!.name}|${reader}`;
            found.set(key, [...(found.get(key) ?? []), row]);
          });
        }
      }
    }
  });
  print(found, options);
}

function print(found: Map<string, Row[]>, options: BenchOptions): void {
  console.log(
    `\nReading ${ROWS.toLocaleString("en")} rows (int64 time, float64) in Chromium; ${conditions(options)}\n`,
  );
  const lines = [...QUERIES, ...SINGLE].flatMap(({ name }) => {
    const of = (reader: ReaderName, pick: (row: Row) => number) =>
      median(found.get(`${name}|${reader}`)!.map(pick));
    return READERS.map((reader) => [
      name,
      reader,
      of(reader, (row) => row.ms).toFixed(0),
      (of("zarrita", (row) => row.ms) / of(reader, (row) => row.ms)).toFixed(2),
      of(reader, (row) => row.frame).toFixed(0),
      String(of(reader, (row) => row.requests)),
      (of(reader, (row) => row.bytes) / 1e6).toFixed(2),
    ]);
  });
  console.log(table(["read", "by", "ms", "times as fast", "worst frame gap, ms", "requests", "MB"], lines));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchReading(parseOptions());
