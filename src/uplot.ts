/**
 * `lakota/uplot`: charts of series with [uPlot](https://github.com/leeoniya/uPlot). The package `uplot` has to be installed
 * beside lakota.
 *
 * ```ts
 * import { connect } from "lakota";
 * import { createChart } from "lakota/uplot";
 * import "uplot/dist/uPlot.min.css";
 *
 * const repo = await connect("https://data.example.com/weather");
 * const collection = await repo.collection("temperature");
 * const lines = ["Brussels", "Ghent"].map((series) => ({ collection, series, column: "celsius" }));
 * createChart(document.body, { lines });
 * ```
 *
 * @module
 */
export {
  type Chart,
  type ChartOptions,
  type ChartRange,
  type ChartState,
  createChart,
} from "./ui/uplot/chart.ts";
export { toPlotData } from "./ui/uplot/plot-data.ts";
export type { ChartLine } from "./ui/uplot/plot-options.ts";
