import type { Column, Frame, Points } from "lakota";
import type { LineReader, LinesRequest, PointsOfRows } from "./chart-request.ts";
import { type Key, type KeyValues, keysOf } from "./key-values.ts";
import { readState } from "./read-state.ts";
import { rowFilter } from "./row-filter.ts";

/** Names that no column of a schema has: of the step, and of a column's mean, lowest and highest value. */
const STEP = " step";
const MEAN = " mean ";
const LOW = " low ";
const HIGH = " high ";

const query = () => import("lakota/query");

/**
 * Reads lines of some of the rows: of each chosen key, where the index has several columns, and of rows that meet a
 * condition. Other rows lie between them, so the rows are filtered and grouped instead of downsampled.
 */
export function keyedRows(request: LinesRequest, keys: KeyValues): LineReader {
  const { series, axis, drawn, before, onProgress } = request;
  const columns = drawn.map(({ name }) => name);
  const state = readState(before);
  const bounds = (from: number, to: number, closed: "both" | "left") => ({
    start: axis.time ? Math.floor(from) : from,
    stop: axis.time ? Math.ceil(to) : to,
    closed,
  });

  async function rows([low, high]: readonly [number, number], signal: AbortSignal) {
    const filter = await rowFilter(request);
    const frames = await Promise.all(
      series.map((each) =>
        each.read({
          ...bounds(low, high, "both"),
          columns: [axis.name, ...keys.columns, ...columns],
          ...filter,
          numbers: true,
          signal,
          onProgress,
          ...state,
        }),
      ),
    );
    const points = frames.flatMap((frame) => {
      const x = frame.numbers(axis.name);
      return linesOf(frame, keys, columns, (row, name) => ({ x: x[row]!, y: frame.numbers(name)[row]! }));
    });
    return { rows: frames.reduce((sum, { length }) => sum + length, 0), points, complete: true };
  }

  async function means(
    [from, high]: readonly [number, number],
    to: number,
    step: { width: number },
    signal: AbortSignal,
  ): Promise<PointsOfRows> {
    const filter = await rowFilter(request);
    const { col, count } = await query();
    const steps = {
      [STEP]: await stepNumber(request, from, step.width),
      ...Object.fromEntries(keys.columns.map((name) => [name, col(name)])),
      ...(await summaries(drawn)),
    };
    const options = {
      ...bounds(from, to, to > high ? "left" : "both"),
      ...filter,
      numbers: true,
      signal,
      onProgress,
      ...state,
    };
    const results = await Promise.all(
      series.map(async (each) => ({
        counted: await each.reduce({ ...options, columns: { rows: count() } }),
        frame: await each.reduce({ ...options, columns: steps }),
      })),
    );
    return {
      rows: sumOfRows(results.map(({ counted }) => counted)),
      points: results.flatMap(({ frame }) => {
        const number = frame.numbers(STEP);
        return linesOf(frame, keys, columns, (row, name) => ({
          x: from + (number[row]! + 0.5) * step.width,
          y: frame.numbers(MEAN + name)[row]!,
          low: frame.numbers(LOW + name)[row]!,
          high: frame.numbers(HIGH + name)[row]!,
        }));
      }),
    };
  }

  async function count([low, high]: readonly [number, number], signal: AbortSignal): Promise<number> {
    const options = {
      ...bounds(low, high, "both"),
      ...(await rowFilter(request)),
      ...state,
      signal,
      onProgress,
    };
    const columns = { rows: (await query()).count() };
    const counted = await Promise.all(
      series.map((each) => each.reduce({ ...options, columns, numbers: true })),
    );
    return sumOfRows(counted);
  }
  return { rows, means, count };
}

const sumOfRows = (counted: readonly Frame[]): number =>
  counted.reduce((sum, frame) => sum + (frame.length > 0 ? frame.numbers("rows")[0]! : 0), 0);

/** Returns the expression for the number of the step that a row is in. */
export async function stepNumber({ axis }: LinesRequest, from: number, width: number) {
  const { col, div, duration, floorDiv, sub } = await query();
  if (!axis.time) return floorDiv(sub(col(axis.name), from), width);
  return floorDiv(div(sub(col(axis.name), new Date(from)), duration(width, "ms")), 1);
}

async function summaries(drawn: readonly Column[]) {
  const { col, float64, max, mean, min } = await query();
  return Object.fromEntries(
    drawn.flatMap(({ name }) => {
      const value = float64(col(name));
      return [
        [MEAN + name, mean(value)],
        [LOW + name, min(value)],
        [HIGH + name, max(value)],
      ];
    }),
  );
}

interface Point {
  x: number;
  y: number;
  low?: number;
  high?: number;
}

/** Returns the points of each chosen key and each column. */
export function linesOf(
  frame: Frame,
  { columns, chosen }: KeyValues,
  names: readonly string[],
  pointAt: (row: number, name: string) => Point,
): Points[] {
  const rowsByKey = new Map<string, number[]>(chosen.map(({ name }: Key) => [name, []]));
  keysOf(frame, columns).forEach(({ name }, row) => {
    rowsByKey.get(name)?.push(row);
  });
  return [...rowsByKey.values()].flatMap((rows) =>
    names.map((name) => {
      const points = rows.map((row) => pointAt(row, name));
      return {
        x: Float64Array.from(points, ({ x }) => x),
        y: Float64Array.from(points, ({ y }) => y),
        ...(points[0]?.low !== undefined && {
          low: Float64Array.from(points, ({ low }) => low!),
          high: Float64Array.from(points, ({ high }) => high!),
        }),
      };
    }),
  );
}
