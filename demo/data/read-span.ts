import type { Collection, Frame, Series } from "lakota";
import { xAxisOf } from "./axes.ts";
import type { KnownFirst } from "./known-first.ts";
import type { Span } from "./range.ts";
import { readState } from "./read-state.ts";

/** Number of rows at the end of a series from which the usual distance between rows is computed. */
const SAMPLE_ROWS = 100;

/** Series of a collection, now or before a revision, and how to read them. */
export interface SeriesState {
  collection: Collection;
  series: readonly Series[];
  /** Id of the revision before which they are read; undefined for their current state. */
  before: string | undefined;
  reads: KnownFirst;
  signal: AbortSignal;
}

/** Reads the first and the last rows of some series, a small part of the data. Undefined if there are none. */
export async function readSpan({
  collection,
  series,
  before,
  reads,
  signal,
}: SeriesState): Promise<Span | undefined> {
  const axis = xAxisOf(collection.schema);
  if (!axis) return undefined;
  const options = { columns: [axis.name], numbers: true, signal, ...readState(before) };
  const ends = await Promise.all(
    series.map(async (each) => {
      const [head, tail] = await Promise.all([
        reads.take<Frame>((onStale) => each.read({ ...options, onStale, limit: 1 })),
        reads.take<Frame>((onStale) => each.tail(SAMPLE_ROWS, { ...options, onStale })),
      ]);
      return [...head.numbers(axis.name), ...tail.numbers(axis.name)];
    }),
  );
  const nonEmpty = ends.filter(({ length }) => length > 0);
  if (nonEmpty.length === 0) return undefined;
  const first = Math.min(...nonEmpty.map(([x]) => x!));
  const last = Math.max(...nonEmpty.map((xs) => xs.at(-1)!));
  const steps = nonEmpty.flatMap((xs) => xs.slice(1).map((x, i) => x - xs[i]!)).filter((step) => step > 0);
  return { first, last, step: Math.min(...steps, last - first) };
}
