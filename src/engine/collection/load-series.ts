import { lazy } from "../../async/lazy.ts";
import {
  bySeries,
  type EmbeddedChunks,
  type Segment,
  type SegmentTable,
} from "../../changelog/segment-table.ts";
import type { RangeOptions } from "../../model/api/read.ts";

// On demand as in series.ts: apps get one file more of a module that is imported in both ways.
const absence = lazy(() => import("../read/missing-series.ts"));

/** The segments of several series. */
export interface LoadedSeries {
  /** By label. Without those that do not exist. */
  readonly series: Map<string, Segment[]>;
  readonly embedded: EmbeddedChunks;
}

/** Which series are read. */
export interface WantedSeries extends Pick<RangeOptions, "before" | "missing"> {
  readonly labels: readonly string[];
  /** The label of their collection. */
  readonly collection: string;
}

/** Loads the segments of several series in one state. @throws `not-found` for one that does not exist */
export async function loadSeries(
  table: SegmentTable,
  { labels, collection, before, missing = "error" }: WantedSeries,
  signal: AbortSignal,
): Promise<LoadedSeries> {
  const { segments, embedded } = await table.load(labels, signal);
  const series = bySeries(segments);
  const isValid = missing === "error" || missing === "empty";
  const label = missing === "empty" ? undefined : labels.find((each) => !isValid || !series.has(each));
  if (label === undefined) return { series, embedded };
  const { missingSeries } = await absence();
  throw await missingSeries({ label, collection, table, isEarlier: before !== undefined, missing, signal });
}
