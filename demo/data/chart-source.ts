import type { Downsampled, Frame } from "lakota";
import type { ChartData, ChartSource, Line, XRange } from "../chart/chart-data.ts";
import { roundStep } from "../chart/round-step.ts";
import { drawable, type XAxis, xAxisOf } from "./axes.ts";
import { lengthOf, nextStep, stepStart } from "./calendar-step.ts";
import type { ChartRequest, LineReader, LinesRequest } from "./chart-request.ts";
import { breaksBySteps, breaksByUnits } from "./filter-gaps.ts";
import { NO_KEYS } from "./key-values.ts";
import { keyedRows } from "./keyed-rows.ts";
import { boundsOf, type Span } from "./range.ts";
import { describedAs } from "./read-info.ts";
import { readState } from "./read-state.ts";
import { relativeStart } from "./relative-range.ts";
import { describeResample } from "./resample.ts";
import { readResampled, wholeSteps } from "./resampled-rows.ts";
import { summarise } from "./summaries.ts";

/**
 * Up to this many rows are drawn as they are; more are drawn as means, with a band from lowest to highest.
 */
const MAX_PLAIN_ROWS = 6_000;
/** Up to this many rows are read, with those on both sides of a range. */
const MAX_READ_ROWS = 4 * MAX_PLAIN_ROWS;
/** Least distance between two means, in CSS pixels. */
const MIN_STEP_PIXELS = 2;

/**
 * Opens the source of a chart, which reads a range when the chart shows it. Undefined if there is nothing to
 * draw.
 *
 * @param span extent of the x axis
 */
export async function openChartSource(
  request: ChartRequest,
  span: Span | undefined,
): Promise<ChartSource | undefined> {
  const { schema } = request.collection;
  const axis = xAxisOf(schema);
  const drawn = drawable(schema).filter(({ name }) => request.columns.includes(name));
  const full = axis && span && (await fullRange(request, span, axis));
  if (!full || drawn.length === 0) return undefined;
  const lines: LinesRequest = { ...request, axis, drawn };
  const isFiltered = request.keys !== undefined || request.where !== undefined;
  const reader = isFiltered ? keyedRows(lines, request.keys ?? NO_KEYS) : downsampled(lines);
  const resample = axis.time ? request.resample : undefined;

  async function load(view: XRange, pixels: number, signal: AbortSignal): Promise<ChartData> {
    if (resample) {
      const range = wholeSteps(view, full!, resample, request.zone);
      const [{ rows, points }, broken] = await Promise.all([
        readResampled(lines, resample, range, signal),
        breaksByUnits(lines, resample, range, signal),
      ]);
      return {
        range,
        rows,
        step: undefined,
        resampled: describeResample(resample),
        ...broken(points),
      };
    }
    const [low, high] = view;
    const step = roundStep((MIN_STEP_PIXELS * (high - low)) / pixels, axis!.time);
    const from = Math.floor(low / step.width) * step.width;
    const to = Math.ceil(high / step.width) * step.width;
    const range: XRange = axis!.time ? [Math.floor(low), Math.ceil(high)] : [low, high];
    // Whole steps have rows beyond the range, unless it has all of them.
    const [means, counted, broken] = await Promise.all([
      reader.means([from, high], to, step, signal),
      low <= span!.first && span!.last <= high ? undefined : reader.count(range, signal),
      breaksBySteps(lines, [from, to], step.width, signal),
    ]);
    const total = counted ?? means.rows;
    if (total > MAX_PLAIN_ROWS) return { range, rows: total, step, ...broken(means.points) };
    // Reads a little more on both sides, so that lines continue to the edges.
    const margin = (high - low) / 20 + 2 * span!.step;
    const wide: XRange = [Math.max(full![0], low - margin), Math.min(full![1], high + margin)];
    const margins = await reader.rows(wide, signal);
    const { points } = margins.complete ? margins : await reader.rows([low, high], signal);
    const xs = points.filter((_, line) => line % drawn.length === 0).map(({ x }) => x);
    const rows = xs.reduce((sum, x) => sum + x.filter((at) => at >= low && at <= high).length, 0);
    return { range, rows, step: undefined, ...broken(points) };
  }
  return {
    lines: nameLines(lines),
    time: axis.time,
    zone: request.zone,
    step: resample ? Math.max(span.step, lengthOf(resample.step)) : span.step,
    full: resample
      ? [stepStart(full[0], resample.step, request.zone), nextStep(full[1], resample.step, request.zone)]
      : full,
    load,
    summarise: (range, signal) => summarise(lines, range, signal),
  };
}

/** Reads lines by downsampling, from the summaries of chunks where there are many rows. */
function downsampled({ series, axis, drawn, before, reads, onProgress }: LinesRequest): LineReader {
  async function read(
    from: number,
    to: number,
    closed: "both" | "left",
    points: number,
    signal: AbortSignal,
  ) {
    const options = {
      columns: drawn.map(({ name }) => name),
      start: axis.time ? Math.floor(from) : from,
      stop: axis.time ? Math.ceil(to) : to,
      closed,
      points,
      method: "mean" as const,
      signal,
      onProgress,
      ...readState(before),
    };
    const results = await Promise.all(
      series.map((each) => reads.take<Downsampled>((onStale) => each.downsample({ ...options, onStale }))),
    );
    return {
      rows: results.reduce((sum, { rows }) => sum + rows, 0),
      points: results.flatMap(({ columns }) => drawn.map(({ name }) => columns[name]!)),
    };
  }
  return {
    async rows([low, high], signal) {
      const result = await read(low, high, "both", MAX_READ_ROWS, signal);
      return { ...result, complete: result.rows <= MAX_READ_ROWS };
    },
    // The last row of the range belongs to it; a row at the start of the next step does not.
    means: ([from, high], to, step, signal) =>
      read(from, to, to > high ? "left" : "both", Math.max(4, Math.round((to - from) / step.width)), signal),
    async count([start, stop], signal) {
      const options = { start, stop, closed: "both" as const, signal, ...readState(before) };
      const lengths = await Promise.all(
        series.map((each) => reads.take<number>((onStale) => each.length({ ...options, onStale }))),
      );
      return lengths.reduce((sum, length) => sum + length, 0);
    },
  };
}

/** Returns the extent of the x axis for the selected range. Undefined if the range cannot be parsed. */
async function fullRange(
  { series, range, before, zone, reads, signal }: ChartRequest,
  span: Span,
  axis: XAxis,
): Promise<XRange | undefined> {
  switch (range.kind) {
    case "last":
    case "year-to-date":
      return [
        axis.time ? Math.max(span.first, relativeStart(range, span.last, zone)) : span.first,
        span.last,
      ];
    case "between":
      return boundsOf(range.from, range.to, axis.time, zone);
    case "tail": {
      const options = {
        columns: [axis.name],
        numbers: true,
        signal,
        ...readState(before),
      };
      const frames = await Promise.all(
        series.map((each) => reads.take<Frame>((onStale) => each.tail(range.rows, { ...options, onStale }))),
      );
      return [Math.min(...frames.map((frame) => frame.numbers(axis.name)[0] ?? span.last)), span.last];
    }
    default:
      return [span.first, span.last];
  }
}

/**
 * Names the lines after what tells them apart: their series, their keys, and their columns, in the order in which
 * {@link LineReader} returns them.
 */
function nameLines({ series, drawn, keys, info }: LinesRequest): Line[] {
  const keyNames = keys ? keys.chosen.map(({ name }) => name) : [undefined];
  return series.flatMap(({ label }) =>
    keyNames.flatMap((key) =>
      drawn.map(({ name, dtype }): Line => {
        const column = describedAs(info.columns, name);
        const title = column?.title ?? name;
        const parts = [series.length > 1 && label, key, drawn.length > 1 && title].filter(Boolean);
        return {
          name: parts.length > 0 ? parts.join(": ") : title,
          unit: describedAs(info.series, label)?.unit ?? column?.unit,
          column: name,
          bool: dtype.kind === "bool",
          shape: dtype.kind === "bool" ? "steps" : "line",
        };
      }),
    ),
  );
}
