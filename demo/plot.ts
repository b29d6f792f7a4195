import type { Frame, Schema } from "lakota";
import type { Line, Plot } from "./chart.ts";
import { sourceOf } from "./sources.ts";

const NUMERIC = ["float", "int", "uint", "bool"];

/** What of a frame can be drawn: its numeric columns over the first index column. Undefined if that is not a number. */
export function plotOf(frame: Frame, schema: Schema, collection: string): Plot | undefined {
  const axis = schema.index[0];
  if (!axis || frame.length === 0) return undefined;
  const time = axis.dtype.kind === "datetime";
  if (!time && !NUMERIC.includes(axis.dtype.kind)) return undefined;
  const units = sourceOf(collection)?.units ?? {};
  const lines = schema.columns
    .filter(
      ({ name, dtype, index }) => !index && NUMERIC.includes(dtype.kind) && frame.columns.includes(name),
    )
    .map(({ name }): Line => ({ name, unit: units[name], values: frame.numbers(name) }));
  if (lines.length === 0) return undefined;
  const xs = frame.numbers(axis.name);
  return { xs, time, step: stepOf(xs), lines };
}

/** The way from the last row to the nearest one before it that differs. */
function stepOf(xs: ArrayLike<number>): number {
  const last = xs[xs.length - 1] ?? 0;
  for (let row = xs.length - 2; row >= 0; row--) if (xs[row] !== last) return last - xs[row]!;
  return 0;
}
