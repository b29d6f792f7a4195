/**
 * Compares a chart of 10,000,000 rows in Chromium with zarrita and a plain loop on the main thread: time to the first
 * picture, zooming and panning, and the longest time between two animation frames of the page. Then serves the same
 * repository from a plain web host, and counts the requests for the first rows and for the first picture.
 *
 *     npx tsx bench/chart/run.ts [--latency MS] [--mbps N] [--repetitions N]
 */
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { Context, ReaderName } from "../browser/open.ts";
import type { Data } from "../browser/seed.ts";
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
import { randomWalk } from "../random.ts";
import { median, table } from "../report.ts";
import { benchHost } from "./host.ts";
import type { Picture, Range } from "./page.ts";

/** A row each second: 115 days. */
const ROWS = 10_000_000;

const ALL: Range = [0, ROWS];
/** Zooms into a point: each range is half as wide as the previous one. */
const ZOOMS = Array.from({ length: 10 }, (_, i): Range => {
  const width = ROWS / 2 ** (i + 1);
  const start = Math.round(0.37 * (ROWS - width));
  return [start, start + Math.round(width)];
});
/** Pans a tenth of the chart by a quarter of its width each time. */
const PANS = Array.from({ length: 20 }, (_, i): Range => {
  const start = ROWS / 5 + (ROWS / 40) * i;
  return [start, start + ROWS / 10];
});

/** Measured in this order on one page. */
const PHASES: (Step & { name: string; ranges: readonly Range[] })[] = [
  { name: "first picture, nothing cached", ranges: [ALL] },
  { name: "the same again", ranges: [ALL] },
  { name: "10 zooms", ranges: ZOOMS },
  { name: "20 pans", ranges: PANS },
  { name: "10 zooms, second time", ranges: ZOOMS },
  { name: "20 pans, second time", ranges: PANS },
  { name: "first picture after a reload", ranges: [ALL], reload: true },
  { name: "10 zooms after a reload", ranges: ZOOMS },
];

/** Times of the pictures of one phase, in ms. */
interface Times {
  median: number;
  worst: number;
  /** The longest time between two frames of the page. */
  frame: number;
}
type Phase = Times & Traffic;

const series = (): Data => ({
  timestamp: BigInt64Array.from({ length: ROWS }, (_, row) => BigInt(row)),
  value: randomWalk(ROWS),
});

/** Throws unless a picture shows all rows of its range, and their extremes. */
function check(value: Float64Array, [start, stop]: Range, { rows, low, high }: Picture): void {
  let [lowest, highest] = [value[start]!, value[start]!];
  for (let row = start; row < stop; row++) {
    if (value[row]! < lowest) lowest = value[row]!;
    if (value[row]! > highest) highest = value[row]!;
  }
  if (rows === stop - start && low === lowest && high === highest) return;
  throw new Error(
    `${start} to ${stop} is wrong: ${rows} rows, ${low} to ${high}, not ${lowest} to ${highest}`,
  );
}

async function measure(
  page: Page,
  reader: ReaderName,
  context: Context,
  ranges: readonly Range[],
  value: Float64Array,
): Promise<Times> {
  const args = [reader, context, ranges] as const;
  const pictures = await page.evaluate(([r, c, all]) => globalThis.drawPictures(r, c, all), args);
  pictures.forEach((picture, i) => {
    check(value, ranges[i]!, picture);
  });
  const times = pictures.map(({ ms }) => ms);
  return {
    median: median(times),
    worst: Math.max(...times),
    frame: Math.max(...pictures.map(({ frame }) => frame)),
  };
}

export async function benchChart(options: BenchOptions): Promise<void> {
  const data = series();
  const sessions: Record<ReaderName, Phase[][]> = { lakota: [], zarrita: [] };
  await withStage("bench/chart/page.ts", data, options, async (stage) => {
    for (let i = 0; i < options.repetitions; i++) {
      for (const reader of READERS) {
        const phases = await runSteps(stage, PHASES, (page, { ranges }) =>
          measure(page, reader, stage.context, ranges, data.value),
        );
        sessions[reader].push(phases);
      }
    }
    print(sessions, options);
    await benchHost(stage);
  });
}

function print(sessions: Record<ReaderName, Phase[][]>, options: BenchOptions): void {
  console.log(
    `\nA chart of ${ROWS.toLocaleString("en")} rows (int64 time, float64) in Chromium; ${conditions(options)}\n`,
  );
  const lines = PHASES.flatMap(({ name }, phase) => {
    const of = (reader: ReaderName, field: keyof Phase) =>
      median(sessions[reader].map((phases) => phases[phase]![field]));
    return READERS.map((reader) => [
      name,
      reader,
      of(reader, "median").toFixed(1),
      (of("zarrita", "median") / of(reader, "median")).toFixed(2),
      of(reader, "worst").toFixed(1),
      of(reader, "frame").toFixed(0),
      String(of(reader, "requests")),
      (of(reader, "bytes") / 1e6).toFixed(2),
    ]);
  });
  console.log(
    table(
      ["picture", "by", "ms", "times as fast", "worst ms", "worst frame gap, ms", "requests", "MB"],
      lines,
    ),
  );
  console.log(
    "\nms: median and worst of the pictures of a row. zarrita's page keeps all rows in memory, 160 MB; lakota's worker keeps" +
      "\nsummaries of them, and 64 MB of chunks. It lists the changelog once a second (the option maxAge), and one picture" +
      "\nwaits for that.",
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchChart(parseOptions());
