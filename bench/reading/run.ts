/**
 * Reading 5,259,457 rows in Chromium, by us and by zarrita with npm numcodecs, in one run: time, requests, bytes, and
 * the worst gap between two frames of the page.
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
import type { Measured, Question } from "./page.ts";

const ROWS = 5_259_457;
/** Seconds between rows: ten years of minutes. */
const STEP = 60;
const MIDDLE = 2_600_000;

interface Asked extends Step {
  name: string;
  question: Question;
}

const QUESTIONS: Asked[] = [
  { name: "all, cold", question: { kind: "all" } },
  { name: "all, again on the page", question: { kind: "all" } },
  { name: "all, after a reload", question: { kind: "all" }, reload: true },
];
const SINGLE: Asked[] = [
  { name: "last 1,000 rows, cold", question: { kind: "last", rows: 1_000 } },
  {
    name: "50,000 rows in the middle, cold",
    question: { kind: "range", start: MIDDLE * STEP, stop: (MIDDLE + 50_000) * STEP },
  },
];

type Row = Measured & Traffic;

const series = () => ({
  timestamp: BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(i * STEP)),
  value: Float64Array.from({ length: ROWS }, (_, i) => Math.sin(i / 1000)),
});

function check(question: Question, answer: Measured): void {
  const [from, rows] =
    question.kind === "all"
      ? [0, ROWS]
      : question.kind === "last"
        ? [ROWS - question.rows, question.rows]
        : [MIDDLE, 50_000];
  const right =
    answer.rows === rows && answer.first === from * STEP && answer.last === (from + rows - 1) * STEP;
  if (!right) throw new Error(`A wrong answer to ${JSON.stringify(question)}: ${JSON.stringify(answer)}`);
}

async function answer(
  page: Page,
  reader: ReaderName,
  context: Context,
  question: Question,
): Promise<Measured> {
  const args = [reader, context, question] as const;
  const measured = await page.evaluate(([r, c, q]) => globalThis.ask(r, c, q), args);
  check(question, measured);
  return measured;
}

export async function benchReading(options: BenchOptions): Promise<void> {
  const found = new Map<string, Row[]>();
  await withStage("bench/reading/page.ts", series(), options, async (stage) => {
    for (let i = 0; i < options.repetitions; i++) {
      for (const reader of READERS) {
        for (const questions of [QUESTIONS, ...SINGLE.map((one) => [one])]) {
          const rows = await runSteps(stage, questions, (page, { question }) =>
            answer(page, reader, stage.context, question),
          );
          rows.forEach((row, q) => {
            const key = `${questions[q]!.name}|${reader}`;
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
  const lines = [...QUESTIONS, ...SINGLE].flatMap(({ name }) => {
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
