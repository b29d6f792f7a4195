import type { ChartSource } from "../chart/chart-data.ts";

/**
 * Puts another state of the same lines into one chart, with one scale. The chart's axis and row count are those of the
 * first state.
 *
 * @param name names the other state in the legend
 */
export function overlaySource(shown: ChartSource, other: ChartSource, name: string): ChartSource {
  const others = other.lines.map((line, i) => ({
    ...line,
    name: `${line.name} (${name})`,
    otherStateOf: i,
  }));
  return {
    ...shown,
    lines: [...shown.lines, ...others],
    async load(range, pixels, signal) {
      const [first, second] = await Promise.all([
        shown.load(range, pixels, signal),
        other.load(range, pixels, signal),
      ]);
      // A band of extremes for each state would cover the other.
      const points = second.points.map(({ x, y }) => ({ x, y }));
      return {
        ...first,
        step: first.step ?? second.step,
        points: [...first.points, ...points],
        hiddenAt: new Set([...(first.hiddenAt ?? []), ...(second.hiddenAt ?? [])]),
      };
    },
    async summarise(range, signal) {
      const summaries = await Promise.all([shown.summarise(range, signal), other.summarise(range, signal)]);
      return summaries.flat();
    },
  };
}
