import uPlot from "uplot";
import { WATCH_INTERVAL } from "../../async/poll.ts";
import type { DownsampleMethod, Points } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import { LiveRead, type LiveSource, type Loaded } from "../live-read.ts";
import { watchFrom } from "../watch-from.ts";
import { toPlotData } from "./plot-data.ts";
import { type ChartLine, plotOptions } from "./plot-options.ts";
import { type Read, readLines } from "./read-lines.ts";

/** A part of the x axis: epoch milliseconds for times, else values of the first index column. */
export interface ChartRange {
  /** Default: from the first row. */
  readonly start?: number | undefined;
  /** Default: to the last row. */
  readonly stop?: number | undefined;
}

/** What a chart shows. */
export interface ChartState extends ChartRange {
  /** Rows of all lines in the range. */
  readonly rows: number;
  /** Whether a read is under way. */
  readonly isLoading: boolean;
}

/** Options of {@link createChart}. */
export interface ChartOptions extends ChartRange {
  /** What is drawn: at least one line. */
  readonly lines: readonly ChartLine[];
  /** Height in pixels. Default 320. */
  readonly height?: number;
  /** Time zone of the axis. Default `"UTC"`. */
  readonly timeZone?: string;
  /** How rows become points; see `Series.downsample`. Default `"minmax"`, which shows every extreme. */
  readonly method?: DownsampleMethod;
  /** Whether to read again when rows change. Default: true. */
  readonly live?: boolean;
  /** Milliseconds between checks for changes. Default 5,000. */
  readonly every?: number;
  /** Called when what is shown changes. */
  onState?(state: ChartState): void;
  /** Called when a read fails. Default: `console.error`. */
  onError?(error: unknown): void;
}

/** A chart that {@link createChart} has made. */
export interface Chart {
  /** The chart of uPlot, for its own methods. */
  readonly plot: uPlot;
  /** Shows another range, or all rows. */
  show(range?: ChartRange): void;
  /** Aborts what is under way, and removes the chart from the page. */
  destroy(): void;
}

/** Points for each pixel: the lowest and the highest row. */
const POINTS_PER_PIXEL = 2;

/**
 * Draws columns of series as lines of one uPlot: as many points as its width can show, whatever the number of rows. Dragging
 * zooms in, a double-click shows all; each view starts a new read, which is repeated when rows change or the element grows.
 *
 * @throws `invalid-argument` where there are no lines
 * @example
 * import "uplot/dist/uPlot.min.css";
 *
 * const temperature = await repo.collection("temperature");
 * const lines = ["Brussels", "Ghent"].map((series) => ({ collection: temperature, series, column: "celsius" }));
 * const chart = createChart(document.querySelector("#chart"), { lines });
 */
export function createChart(element: HTMLElement, options: ChartOptions): Chart {
  const { lines, height = 320, timeZone = "UTC", method, live = true, every } = options;
  if (lines.length === 0)
    throw new LakotaError("invalid-argument", "lines must name at least one column to draw.");
  let range: ChartRange = { start: options.start, stop: options.stop };
  let read: LiveRead<Read> | undefined;
  let width = 0;

  const plot = new uPlot(
    plotOptions(element, { lines, height, timeZone, onSelect: (start, stop) => show({ start, stop }) }),
    [[], ...lines.map(() => [])],
    element,
  );

  function show(next: ChartRange = {}): void {
    range = next;
    const { start, stop } = range;
    read?.end();
    width = element.clientWidth;
    const points = Math.max(POINTS_PER_PIXEL * width, 4);
    const source: LiveSource<Read> = {
      retryAfter: live ? (every ?? WATCH_INTERVAL) : undefined,
      read: (calls) => readLines(lines, { start, stop, points, method }, calls),
      watch(listener, signal) {
        for (const { collection, series } of lines)
          void watchFrom(collection, series, listener, { every, signal });
      },
    };
    let drawn: readonly Points[] = [];
    const onChange = ({ data, error, isLoading }: Loaded<Read>) => {
      if (data?.points.some((points, i) => points !== drawn[i])) {
        drawn = data.points;
        draw(drawn, range);
      }
      if (error !== undefined && !isLoading) (options.onError ?? console.error)(error);
      options.onState?.({ ...range, rows: data?.rows ?? 0, isLoading });
    };
    read = new LiveRead(live ? source : { read: source.read }, onChange);
  }

  function draw(points: readonly Points[], { start, stop }: ChartRange): void {
    const data = toPlotData(points);
    const [x] = data;
    plot.setData(data, false);
    plot.setScale("x", { min: start ?? x[0] ?? 0, max: stop ?? x[x.length - 1] ?? 0 });
  }

  const ended = new AbortController();
  const { signal } = ended;
  plot.over.addEventListener("dblclick", () => show(), { signal });
  // Canvases do not follow the colours of the page.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw(), { signal });
  const resized = new ResizeObserver(() => {
    plot.setSize({ width: element.clientWidth, height });
    if (element.clientWidth > width) show(range);
  });
  resized.observe(element);
  show(range);

  return {
    plot,
    show,
    destroy() {
      read?.end();
      ended.abort();
      resized.disconnect();
      plot.destroy();
    },
  };
}
