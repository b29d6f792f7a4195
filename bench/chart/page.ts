/** Runs in the page: draws ranges one after the other, and measures the gaps between animation frames. */
import { watchFrames } from "../browser/frames.ts";
import { lowerBound } from "../browser/lower-bound.ts";
import { type Context, openLakota, openZarr, type ReaderName } from "../browser/open.ts";
import { makeCanvas, WIDTH } from "./draw.ts";
import { type Line, thin } from "./thin.ts";

/** Seconds. */
export type Range = readonly [start: number, stop: number];

/** One picture: the drawn rows and extremes, and the time. */
export interface Picture {
  rows: number;
  low: number;
  high: number;
  /** Time from the request to the end of drawing. */
  ms: number;
  /** Longest time between two animation frames meanwhile, in ms. */
  frame: number;
}

type Chart = (range: Range) => Promise<Line>;

async function chartOfLakota(context: Context): Promise<Chart> {
  const series = await openLakota(context);
  return async ([start, stop]) => {
    const { rows, columns } = await series.downsample({
      start: BigInt(start),
      stop: BigInt(stop),
      points: 2 * WIDTH,
    });
    const { x, y } = columns.value!;
    return { rows, x: x.map((milliseconds) => milliseconds / 1000), y };
  };
}

/**
 * Zarr has no index and no summaries: a chart of all rows needs all of them. They stay in memory (160 MB on the page);
 * otherwise each zoom and pan would decode its chunks again.
 */
async function chartOfZarr(context: Context): Promise<Chart> {
  const { times, values } = await openZarr(context);
  const [t, v] = await Promise.all([times(), values()]);
  return async ([start, stop]) => thin(t, v, lowerBound(t, start), lowerBound(t, stop), WIDTH);
}

const charts = { lakota: chartOfLakota, zarrita: chartOfZarr };
let chart: Promise<Chart> | undefined;
const draw = makeCanvas();

/** Draws a picture. The first one on a page includes opening the series. */
async function picture(name: ReaderName, context: Context, [start, stop]: Range): Promise<Picture> {
  await new Promise(requestAnimationFrame);
  const watch = watchFrames();
  const from = performance.now();
  chart ??= charts[name](context);
  const line = await (await chart)([start, stop]);
  const extremes = draw(line, start, stop);
  const ms = performance.now() - from;
  await new Promise(requestAnimationFrame);
  return { rows: line.rows, ...extremes, ms, frame: watch.stop() };
}

async function pictures(name: ReaderName, context: Context, ranges: readonly Range[]): Promise<Picture[]> {
  const drawn: Picture[] = [];
  for (const range of ranges) drawn.push(await picture(name, context, range));
  return drawn;
}

declare global {
  var drawPictures: typeof pictures;
}
globalThis.drawPictures = pictures;
