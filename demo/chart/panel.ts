import uPlot from "uplot";
import { createElement } from "../page/dom.ts";
import { formatMean, formatValue } from "../page/format.ts";
import type { Aligned } from "./align-points.ts";
import { AXIS_HEIGHT, panelAxes } from "./axes.ts";
import type { ChangeMark, Line, LineShape, XRange } from "./chart-data.ts";
import { dragPan } from "./drag-pan.ts";
import { beyondAxis, minMax } from "./extremes.ts";
import type { PicturePanel } from "./image.ts";
import { Legend, type LegendEvents } from "./legend.ts";
import { drawBeyond, drawMarks } from "./marks.ts";
import { uplotSeries } from "./plot-series.ts";
import { dashOf, OTHER_STATE_DASH, panelTheme } from "./theme.ts";
import { touchGestures } from "./touch-gestures.ts";

/** One line of a panel. */
export interface PanelLine extends Line {
  /** Index of its colour in the theme. */
  colour: number;
}

/** Events of a panel, for the chart. */
export interface PanelEvents extends LegendEvents {
  /** The user selected a range to zoom to. */
  select(range: XRange): void;
  /** The user moved the view by a fraction of its width. */
  pan(fraction: number): void;
  /** The cursor is at this x; undefined if it left the chart. */
  cursor(x: number | undefined): void;
  reset(): void;
  /** Returns the width of the y axis for labels that need this much. */
  axisWidth(needed: number): number;
}

/** What a panel draws. */
export interface PanelContent {
  xs: number[];
  /** The values of each line of the panel. */
  lines: Aligned["lines"];
  /** Names of the lines that are not drawn. */
  hidden: readonly string[];
  /** How all lines are drawn; undefined: as suits each of them. */
  shape: LineShape | undefined;
  /** Whether points are means rather than rows. */
  means: boolean;
  /** Whether the extremes of means are drawn. */
  banded: boolean;
  marks: readonly ChangeMark[];
  view: XRange;
  width: number;
  height: number;
  time: boolean;
  /** The smallest distance between two rows. */
  step: number;
  /** Whether it is the lowest panel of the chart, which has the labels of the x axis. */
  last: boolean;
}

/** One y axis with its lines, and a legend that shows their values at the cursor. */
export class Panel {
  readonly element: HTMLElement;
  readonly lines: readonly PanelLine[];
  readonly #events: PanelEvents;
  readonly #canvas = createElement("div", { class: "canvas" });
  readonly #legend: Legend;
  #content: PanelContent | undefined;
  #plot: uPlot | undefined;

  constructor(lines: readonly PanelLine[], events: PanelEvents) {
    this.lines = lines;
    this.#events = events;
    this.#legend = new Legend(lines, events);
    this.element = createElement("div", { class: "panel", children: [this.#legend.element, this.#canvas] });
  }

  /** Draws the content. Creates a new plot if the number of uPlot's series changed, else sets its data. */
  draw(content: PanelContent): void {
    this.#content = content;
    const { view, width, last, banded, hidden } = content;
    const columns = content.lines.flatMap(({ y, low, high }) => (banded ? [y, low, high] : [y]));
    const data: uPlot.AlignedData = [content.xs, ...columns];
    const size = { width, height: content.height + (last ? AXIS_HEIGHT : 0) };
    this.#legend.hide(hidden);
    this.#legend.note = this.#describeBeyond(content);
    if (this.#plot?.series.length === data.length) {
      const plot = this.#plot;
      plot.batch(() => {
        this.#hide(plot, banded, hidden);
        plot.setData(data, false);
        plot.setSize(size);
        plot.setScale("x", { min: view[0], max: view[1] });
      });
      return;
    }
    this.destroy();
    this.#plot = new uPlot({ ...this.#options(content), ...size }, data, this.#canvas);
  }

  destroy(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  /** The x values of the points. */
  get xs(): ArrayLike<number> {
    return this.#plot?.data[0] ?? [];
  }

  /** Index of the point at the cursor; undefined without a cursor. */
  get cursor(): number | undefined {
    return this.#plot?.cursor.idx ?? undefined;
  }

  /** Moves the cursor to a point. */
  set cursor(at: number) {
    const x = this.xs[at];
    if (!this.#plot || x === undefined) return;
    this.#plot.setCursor({ left: this.#plot.valToPos(x, "x"), top: this.#plot.over.clientHeight / 2 });
  }

  /** The values at the cursor as text, for screen readers. */
  reading(): string {
    return this.#legend.reading(this.#content?.hidden ?? []);
  }

  /** Returns the panel as part of an image; undefined before it is drawn. */
  picture(): PicturePanel | undefined {
    const canvas = this.#plot?.ctx.canvas;
    const content = this.#content;
    if (!canvas || !content) return undefined;
    const theme = panelTheme(this.element);
    const keys = this.lines
      .filter(({ name }) => !content.hidden.includes(name))
      .map(({ name, unit, colour, otherStateOf }) => ({
        text: unit ? `${name} (${unit})` : name,
        colour: theme.lines[colour % theme.lines.length]!,
        dash: otherStateOf === undefined ? dashOf(colour) : OTHER_STATE_DASH,
      }));
    return { keys, note: this.#describeBeyond(content), canvas };
  }

  #hide(plot: uPlot, banded: boolean, hidden: readonly string[]): void {
    const size = banded ? 3 : 1;
    this.lines.forEach(({ name }, i) => {
      const show = !hidden.includes(name);
      for (let n = 0; n < size; n++) {
        const at = 1 + i * size + n;
        if (plot.series[at]?.show !== show) plot.setSeries(at, { show });
      }
    });
  }

  #options(content: PanelContent): Omit<uPlot.Options, "width" | "height"> {
    const { banded, last, time, step, hidden, shape } = content;
    const theme = panelTheme(this.element);
    const size = banded ? 3 : 1;
    const colour = (line: number) => (this.lines[line]?.colour ?? 0) % theme.lines.length;
    const lines = this.lines.map((line, i) => ({
      colour: theme.lines[colour(i)]!,
      index: line.colour,
      isOtherState: line.otherStateOf !== undefined,
      shape: shape ?? line.shape,
      banded,
      show: !hidden.includes(line.name),
    }));
    return {
      ms: 1,
      legend: { show: false },
      padding: [6, 28, last ? 0 : 6, 0], // half a label fits at the right
      cursor: {
        // All panels share the cursor, but a drag selects in one panel.
        sync: { key: "lakota", filters: { sub: (event) => event === "mousemove" || event === "mouseleave" } },
        drag: { x: true, y: false, setScale: false },
        bind: {
          dblclick: () => () => this.#onDoubleClick(),
          mousedown: dragPan((fraction) => this.#events.pan(fraction)),
        },
        points: {
          size: 7,
          width: 0,
          fill: (_, series) => theme.lines[colour(Math.floor((series - 1) / size))]!,
        },
      },
      scales: {
        x: { time: false, range: () => [...(this.#content?.view ?? [0, 1])] },
        y: { range: (_, low, high) => padRange(low, high) },
      },
      axes: panelAxes({
        theme,
        last,
        time,
        step,
        bool: this.lines.every(({ bool }) => bool),
        width: (needed) => this.#events.axisWidth(needed),
      }),
      series: [{}, ...lines.flatMap(uplotSeries)],
      bands: banded
        ? this.lines.map((_, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: theme.bands[colour(i)]! }))
        : [],
      plugins: [touchGestures((range) => this.#events.select(range))],
      hooks: {
        drawClear: [(plot) => drawMarks(plot, this.#content?.marks ?? [], theme)],
        draw: [(plot) => this.#drawBeyond(plot, lines)],
        setSelect: [(plot) => this.#onSelect(plot)],
        setCursor: [(plot) => this.#onCursor(plot)],
      },
    };
  }

  /** Marks where extremes that are not drawn lie outside of the y axis. */
  #drawBeyond(plot: uPlot, lines: readonly { colour: string; show: boolean }[]): void {
    const content = this.#content;
    const { min, max } = plot.scales.y ?? {};
    if (!content || content.banded || !content.means || min === undefined || max === undefined) return;
    content.lines.forEach(({ low, high }, i) => {
      if (content.hidden.includes(this.lines[i]!.name)) return;
      drawBeyond(plot, beyondAxis(content.xs, low, high, [min, max]), lines[i]!.colour);
    });
  }

  /** Says how far the extremes reach that are not drawn; empty if all are. */
  #describeBeyond({ lines, means, banded, hidden }: PanelContent): string {
    if (!means || banded) return "";
    const shown = lines.filter((_, i) => !hidden.includes(this.lines[i]!.name));
    const [low, high] = minMax(shown.flatMap((line) => [...line.low, ...line.high]));
    return shown.length > 0
      ? `Not drawn: extremes from ${formatValue(low)} to ${formatValue(high)}`.replaceAll("-", "−")
      : "";
  }

  #onDoubleClick(): null {
    this.#events.reset();
    return null; // uPlot's type requires a value
  }

  #onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width === 0) return;
    const range: XRange = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width >= 8) this.#events.select(range); // a smaller drag is accidental
  }

  #onCursor(plot: uPlot): void {
    const content = this.#content;
    const at = plot.cursor.idx ?? undefined;
    if (!content) return;
    const readings = content.lines.map(({ y, low, high }, i) =>
      at === undefined || content.hidden.includes(this.lines[i]!.name)
        ? undefined
        : readingOf(content.means, this.lines[i]!.bool, y[at], low[at], high[at]),
    );
    this.#legend.show(readings);
    this.#events.cursor(at === undefined ? undefined : plot.data[0][at]);
  }
}

function readingOf(
  isMean: boolean,
  isBool: boolean,
  line?: number | null,
  low?: number | null,
  high?: number | null,
): string {
  if (line == null) return "missing";
  if (isBool && !isMean) return String(line !== 0);
  const text = isMean ? formatMean(line) : formatValue(line);
  return low == null || high == null || low === high
    ? text
    : `${text} (${formatValue(low)} to ${formatValue(high)})`;
}

/** Extends a range by a twentieth above and below. */
function padRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const margin = high > low ? (high - low) / 20 : Math.abs(high) / 20 || 1;
  return [low - margin, high + margin];
}
