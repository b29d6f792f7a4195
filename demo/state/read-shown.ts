import type { ReadProgress, Schema } from "lakota";
import type { ChartData, ChartSource, XRange } from "../chart/chart-data.ts";
import { columnsToRead, drawable, zoneOf } from "../data/axes.ts";
import { openChartSource } from "../data/chart-source.ts";
import { readKeys } from "../data/key-values.ts";
import type { KnownFirst } from "../data/known-first.ts";
import { overlaySource } from "../data/overlay-source.ts";
import { unionSpan } from "../data/range.ts";
import { readInfo } from "../data/read-info.ts";
import { readSpan, type SeriesState } from "../data/read-span.ts";
import { readState } from "../data/read-state.ts";
import { nameMoment } from "./moment.ts";
import type { OpenCollection, Shown } from "./page-state.ts";
import { comparedMoment, type Target } from "./target.ts";

interface ReadOptions {
  reads: KnownFirst;
  signal: AbortSignal;
  onProgress: (progress: ReadProgress) => void;
  /** Draws a chart. Undefined if the signal has fired. */
  draw(source: ChartSource, view: XRange | undefined): Promise<ChartData | undefined>;
}

/** Reads the series of a target, and draws them if they can be drawn. Its collection is open, and has them. */
export async function readShown(
  { collection, info: about }: OpenCollection,
  target: Target,
  { reads, signal, onProgress, draw }: ReadOptions,
): Promise<Shown> {
  const { range, view, moment: before, where, resample } = target;
  const series = target.series.map((label) => collection.series(label));
  const columns = columnsToDraw(collection.schema, target.columns);
  const zone = zoneOf(collection.schema, target.zone, about.timeZone);
  const state: SeriesState = { collection, series, before, reads, signal };
  const compared = comparedMoment(target);
  const [span, other, info] = await Promise.all([
    readSpan(state),
    compared && readSpan({ ...state, ...compared }),
    readInfo(collection, { series: target.series, reads, signal }),
  ]);
  const keys = span && columns.length > 0 ? await readKeys(state, target.keys) : undefined;
  signal.throwIfAborted();
  const request = { ...state, columns, range, info, keys, where, resample, zone, onProgress };
  // The x axis has the rows of both states, so that rows of one of them can be marked.
  const extent = span && unionSpan(span, other);
  const [source, otherSource] = await Promise.all([
    openChartSource(request, extent),
    compared && other && target.overlay ? openChartSource({ ...request, ...compared }, extent) : undefined,
  ]);
  const chart =
    source && otherSource ? overlaySource(source, otherSource, nameMoment(compared?.before)) : source;
  const data = chart && (await draw(chart, view));
  signal.throwIfAborted();
  const rows = data?.rows ?? (await series[0]!.length({ signal, ...readState(before) }));
  const read = columnsToRead(collection.schema, columns);
  return { series, info, columns: read, span, keys, where, resample, zone, chart, rows, range: data?.range };
}

/** Returns those of the wanted columns that can be drawn; all of them if there is none. */
function columnsToDraw(schema: Schema, wanted: readonly string[] | undefined): string[] {
  const names = drawable(schema).map(({ name }) => name);
  const chosen = names.filter((name) => wanted?.includes(name));
  return chosen.length > 0 ? chosen : names;
}
