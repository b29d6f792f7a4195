import uPlot from "uplot";
import { createElement } from "../page/dom.ts";
import { formatMean, formatValue } from "../page/format.ts";
import type { Aligned } from "./align-points.ts";
import { AXIS_HEIGHT, panelAxes } from "./axes.ts";
import { type BarLayout, hasSpaceForBars } from "./bars.ts";
import type { ChangeMark, Line, LineShape, XRange } from "./chart-data.ts";
import { dragPan } from "./drag-pan.ts";
import { beyondAxis, minMax } from "./extremes.ts";
import type { PictureKey, PicturePanel } from "./image.ts";
import { Legend, type LegendEvents } from "./legend.ts";
import { drawBeyond, drawMarks } from "./marks.ts";
import { uplotSeries } from "./plot-series.ts";
import type { SvgPanel } from "./svg.ts";
import { dashOf, OTHER_STATE_DASH, panelTheme } from "./theme.ts";
import type { Reading } from "./tooltip.ts";
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
  /** The pointer moves over this panel. */
  enter(panel: Panel): void;
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
  /** Whether the user wants the y axis to be logarithmic. */
  log: boolean;
  /** Whether points are means rather than rows. */
  means: boolean;
  /** Whether the extremes of means are drawn, unless lines are bars. */
  extremes: boolean;
  /** Whether points are the starts of calendar units. */
  resampled: boolean;
  /** The distance between two points. */
  spacing: number;
  marks: readonly ChangeMark[];
  view: XRange;
  width: number;
  height: number;
  time: boolean;
  /** Whose clocks times are shown by. */
  zone: string;
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
  /** What the plot was created with, and cannot be changed of it. */
  #created = "";
  #readings: readonly Reading[] = [];

  constructor(lines: readonly PanelLine[], events: PanelEvents) {
    this.lines = lines;
    this.#events = events;
    this.#legend = new Legend(lines, events);
    this.element = createElement("div", { class: "panel", children: [this.#legend.element, this.#canvas] });
    // Before uPlot moves the cursor.
    this.#canvas.addEventListener("pointermove", () => events.enter(this), { capture: true });
    this.#canvas.addEventListener("mousemove", () => events.enter(this), { capture: true });
  }

  /** Draws the content. Creates a new plot if it differs in more than data and size. */
  draw(content: PanelContent): void {
    this.#content = content;
    const { view, width, last, hidden, time, zone, step } = content;
    const banded = this.#isBanded;
    const columns = content.lines.flatMap(({ y, low, high }) => (banded ? [y, low, high] : [y]));
    const data: uPlot.AlignedData = [content.xs, ...columns];
    const size = { width, height: content.height + (last ? AXIS_HEIGHT : 0) };
    this.#legend.hide(hidden);
    this.#legend.note = this.#describeBeyond(content);
    const created = JSON.stringify([data.length, this.#shapes, this.isLog, last, time, zone, step]);
    if (this.#plot && created === this.#created) {
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
    this.#created = created;
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

  /** The values at the cursor of the lines that are drawn. */
  get readings(): readonly Reading[] {
    return this.#readings;
  }

  /** The cursor in the window; undefined without one. */
  get cursorPosition(): { x: number; y: number } | undefined {
    if (!this.#plot || this.cursor === undefined) return undefined;
    const { left, top } = this.#plot.over.getBoundingClientRect();
    return { x: left + (this.#plot.cursor.left ?? 0), y: top + (this.#plot.cursor.top ?? 0) };
  }

  /** Whether all values are positive, so that they have logarithms. */
  get canBeLog(): boolean {
    if (!this.#content || this.#isBool) return false;
    const { lines, extremes, hidden } = this.#content;
    const shown = lines.filter((_, i) => !hidden.includes(this.lines[i]!.name));
    const values = shown.map((line) => (extremes ? line.low : line.y));
    return values.every((all) => all.every((value) => value === null || value === undefined || value > 0));
  }

  /** Whether there is space for bars in the view. */
  get canHaveBars(): boolean {
    if (!this.#content) return false;
    const { view, spacing, width } = this.#content;
    return hasSpaceForBars(view[1] - view[0], spacing, width);
  }

  get isLog(): boolean {
    return this.#content?.log === true && this.canBeLog;
  }

  get #isBool(): boolean {
    return this.lines.every(({ bool }) => bool);
  }

  /** How each line is drawn. */
  get #shapes(): LineShape[] {
    const wanted = this.#content?.shape;
    const isPossible = wanted !== "bars" || this.canHaveBars;
    return this.lines.map(({ shape }) => (isPossible && wanted) || shape);
  }

  get #isBanded(): boolean {
    const { means = false, extremes = false } = this.#content ?? {};
    return means && extremes && !this.#shapes.includes("bars");
  }

  /** Returns the panel as part of an image; undefined before it is drawn. */
  picture(): PicturePanel | undefined {
    const canvas = this.#plot?.ctx.canvas;
    const content = this.#content;
    if (!canvas || !content) return undefined;
    const keys = this.#pictureKeys.filter((_, i) => !content.hidden.includes(this.lines[i]!.name));
    return { keys, note: this.#describeBeyond(content), canvas };
  }

  /** Returns the panel as part of an SVG file; undefined before it is drawn. */
  drawing(): SvgPanel | undefined {
    const content = this.#content;
    const { min, max } = this.#plot?.scales.y ?? {};
    if (!content || min === undefined || max === undefined) return undefined;
    const keys = this.#pictureKeys;
    const shapes = this.#shapes;
    const lines = content.lines.map(({ y, low, high }, i) => ({
      key: keys[i]!,
      shape: shapes[i]!,
      y,
      band: this.#isBanded ? { low, high } : undefined,
    }));
    return {
      xs: content.xs,
      lines: lines.filter((_, i) => !content.hidden.includes(this.lines[i]!.name)),
      note: this.#describeBeyond(content),
      y: { range: [min, max], log: this.isLog, bool: this.#isBool },
      bars: this.#barLayout,
      height: content.height,
    };
  }

  /** The part of the x axis that is drawn: bars at both ends are drawn whole. */
  get xRange(): [number, number] {
    const { view, spacing, resampled } = this.#content ?? {
      view: [0, 1] as const,
      spacing: 0,
      resampled: false,
    };
    const margin = this.#shapes.includes("bars") && !resampled ? spacing / 2 : 0;
    return [view[0] - margin, view[1] + margin];
  }

  get #pictureKeys(): PictureKey[] {
    const theme = panelTheme(this.element);
    return this.lines.map(({ name, unit, colour, otherStateOf }) => ({
      text: unit ? `${name} (${unit})` : name,
      colour: theme.lines[colour % theme.lines.length]!,
      dash: otherStateOf === undefined ? dashOf(colour) : OTHER_STATE_DASH,
    }));
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
    const { last, time, zone, step, hidden } = content;
    const banded = this.#isBanded;
    const shapes = this.#shapes;
    const log = this.isLog;
    const theme = panelTheme(this.element);
    const size = banded ? 3 : 1;
    const colour = (line: number) => (this.lines[line]?.colour ?? 0) % theme.lines.length;
    const lines = this.lines.map((line, i) => ({
      colour: theme.lines[colour(i)]!,
      index: line.colour,
      isOtherState: line.otherStateOf !== undefined,
      shape: shapes[i]!,
      banded,
      show: !hidden.includes(line.name),
      bars: { layout: () => this.#barLayout, slot: () => this.#slotOf(line.name) },
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
        x: { time: false, range: () => this.xRange },
        y: {
          ...(log && { distr: 3 }),
          range: (_, low, high) => (log ? padLogRange : padRange)(...this.#withZero(low, high)),
        },
      },
      axes: panelAxes({
        theme,
        last,
        time,
        zone,
        step,
        bool: this.#isBool,
        log,
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

  /** Extends a range of values to zero if lines are bars. */
  #withZero(low: number | null, high: number | null): [number | null, number | null] {
    if (low === null || high === null || this.isLog || !this.#shapes.includes("bars")) return [low, high];
    return [Math.min(0, low), Math.max(0, high)];
  }

  get #barLayout(): BarLayout {
    const { spacing = 1, resampled = false } = this.#content ?? {};
    return { spacing, fromStart: resampled, slots: Math.max(1, this.#shown.length) };
  }

  /** Names of the lines that are drawn. */
  get #shown(): string[] {
    return this.lines.map(({ name }) => name).filter((name) => !this.#content?.hidden.includes(name));
  }

  #slotOf(name: string): number | undefined {
    const slot = this.#shown.indexOf(name);
    return slot < 0 ? undefined : slot;
  }

  /** Marks where extremes that are not drawn lie outside of the y axis. */
  #drawBeyond(plot: uPlot, lines: readonly { colour: string; show: boolean }[]): void {
    const content = this.#content;
    const { min, max } = plot.scales.y ?? {};
    if (!content || this.#isBanded || !content.means || min === undefined || max === undefined) return;
    content.lines.forEach(({ low, high }, i) => {
      if (content.hidden.includes(this.lines[i]!.name)) return;
      drawBeyond(plot, beyondAxis(content.xs, low, high, [min, max]), lines[i]!.colour);
    });
  }

  /** Says how far the extremes reach that are not drawn; empty if all are. */
  #describeBeyond({ lines, means, hidden }: PanelContent): string {
    if (!means || this.#isBanded) return "";
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
    this.#readings = this.lines.flatMap((line, i) => {
      const text = readings[i];
      return text === undefined ? [] : [{ name: line.name, unit: line.unit, line, text }];
    });
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

/** Extends a range of positive values by a twentieth of its height on a logarithmic axis, above and below. */
function padLogRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0) return [1, 10];
  const factor = high > low ? (high / low) ** 0.05 : 1.5;
  return [low / factor, high * factor];
}

/** Extends a range by a twentieth above and below. */
function padRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const margin = high > low ? (high - low) / 20 : Math.abs(high) / 20 || 1;
  return [low - margin, high + margin];
}
