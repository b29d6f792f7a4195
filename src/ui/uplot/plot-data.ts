import uPlot from "uplot";
import type { Points } from "../../model/api/read.ts";

/** Missing values as uPlot wants them. */
function withNulls(y: Float64Array): uPlot.TypedArray | (number | null)[] {
  return y.some(Number.isNaN) ? Array.from(y, (value) => (Number.isNaN(value) ? null : value)) : y;
}

/**
 * Returns the points of one or several lines as the data of a plot: one x axis, and a column for each line. A missing value
 * breaks its line; at an x that only other lines have, a line goes on. The arrays of a single line without missing values
 * are not copied.
 *
 * @example
 * const { columns } = await series.downsample({ points: 2 * width });
 * new uPlot(options, toPlotData([columns.open, columns.close]), element);
 */
export function toPlotData(lines: readonly Points[]): uPlot.AlignedData {
  const tables = lines.map(({ x, y }): uPlot.AlignedData => [x, withNulls(y)]);
  const [first] = tables;
  if (first === undefined) return [[]];
  return tables.length === 1 ? first : uPlot.join(tables);
}
