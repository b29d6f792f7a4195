/**
 * Reading 5,259,457 rows in Chromium, by us and by zarrita with npm numcodecs, in one run: time, requests, bytes, and
 * the worst gap between two frames of the page.
 *
 *     npx tsx bench/reading/run.ts [--latency MS] [--mbps N] [--repetitions N]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BrowserContext, chromium, type Page } from "@playwright/test";
import { build } from "rolldown";
import { chromiumPath } from "../../scripts/chromium.ts";
import { serveFolder } from "../../test/packaging/static-server.ts";
import { type S3Server, startS3 } from "../../test/s3-server/index.ts";
import { median, table } from "../report.ts";
import { KEYS, ROWS, STEP, seed } from "./data.ts";
import type { Context, Measured, Question, ReaderName } from "./page.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const READERS: ReaderName[] = ["lakota", "zarrita"];
const MIDDLE = 2_600_000;

const QUESTIONS: { name: string; question: Question; reload?: true }[] = [
  { name: "all, cold", question: { kind: "all" } },
  { name: "all, again on the page", question: { kind: "all" } },
  { name: "all, after a reload", question: { kind: "all" }, reload: true },
];
const SINGLE: { name: string; question: Question }[] = [
  { name: "last 1,000 rows, cold", question: { kind: "last", rows: 1_000 } },
  {
    name: "50,000 rows in the middle, cold",
    question: { kind: "range", start: MIDDLE * STEP, stop: (MIDDLE + 50_000) * STEP },
  },
];

interface Row extends Measured {
  requests: number;
  bytes: number;
}

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

async function openPage(context: BrowserContext, url: string): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  await page.waitForFunction(() => "ask" in globalThis);
  return page;
}

/** A fresh browser with an empty profile for each sequence of questions. */
async function sequence(
  reader: ReaderName,
  questions: typeof QUESTIONS,
  url: string,
  s3: S3Server,
): Promise<Row[]> {
  const profile = mkdtempSync(join(tmpdir(), "bench-"));
  const executablePath = chromiumPath();
  const context = await chromium.launchPersistentContext(profile, {
    args: FLAGS,
    ...(executablePath && { executablePath }),
  });
  try {
    let page = await openPage(context, url);
    const rows: Row[] = [];
    for (const { question, reload } of questions) {
      if (reload) page = await openPage(context, url);
      s3.reset();
      const shared: Context = { s3: s3.url, keys: KEYS };
      const measured = await page.evaluate(([r, c, q]) => globalThis.ask(r, c, q), [
        reader,
        shared,
        question,
      ] as const);
      check(question, measured);
      const { requests, bytes, preflights } = s3.stats();
      rows.push({ ...measured, requests: requests + preflights, bytes });
    }
    return rows;
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

export async function benchReading(options: {
  latencyMs: number;
  mbps: number;
  repetitions: number;
}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-page-"));
  const s3 = await startS3({
    keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey },
    publicRead: (bucket) => bucket === "zarr",
  });
  const app = await serveFolder(folder);
  try {
    await cp(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
    await build({
      input: join(ROOT, "bench/reading/page.ts"),
      external: /^\/dist\//,
      platform: "browser",
      output: { dir: folder, minify: true },
    });
    writeFileSync(
      join(folder, "index.html"),
      '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>',
    );
    await seed(s3);
    s3.shape = options;
    const found = new Map<string, Row[]>();
    for (let i = 0; i < options.repetitions; i++) {
      for (const reader of READERS) {
        for (const questions of [QUESTIONS, ...SINGLE.map((one) => [one])]) {
          const rows = await sequence(reader, questions, `${app.url}/index.html`, s3);
          rows.forEach((row, q) => {
            const key = `${questions[q]!.name}|${reader}`;
            found.set(key, [...(found.get(key) ?? []), row]);
          });
        }
      }
    }
    print(found, options);
  } finally {
    await app.close();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(
  found: Map<string, Row[]>,
  { latencyMs, mbps, repetitions }: { latencyMs: number; mbps: number; repetitions: number },
): void {
  const link = `${latencyMs} ms latency${mbps ? `, ${mbps} Mbit/s` : ""}`;
  console.log(
    `\nReading ${ROWS.toLocaleString("en")} rows (int64 time, float64) in Chromium; ${link}; medians of ${repetitions}\n`,
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      latency: { type: "string", default: "0" },
      mbps: { type: "string", default: "0" },
      repetitions: { type: "string", default: "3" },
    },
  });
  await benchReading({
    latencyMs: Number(values.latency),
    mbps: Number(values.mbps),
    repetitions: Number(values.repetitions),
  });
}
