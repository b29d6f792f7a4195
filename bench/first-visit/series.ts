import { randomFractions, randomWalk } from "../random.ts";

/** The rows that all peers read. */
export interface SeriesData {
  t: BigInt64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
}

/** Seconds between rows. */
export const STEP = 60;

const SERIES = {
  sin: sine,
  noisy: (rows: number) => {
    const random = randomFractions(1);
    return sine(rows).map((value) => value + (random() - 0.5) / 10);
  },
  prices: randomWalk,
};

export type SeriesName = keyof typeof SERIES;
export const SERIES_NAMES = Object.keys(SERIES) as SeriesName[];

function sine(rows: number): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: rows }, (_, row) => Math.sin(row / 1000));
}

export function makeSeries(name: SeriesName, rows: number): SeriesData {
  return { t: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * STEP)), v: SERIES[name](rows) };
}
