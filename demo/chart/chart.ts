import { formatTime, formatValue } from "../page/format.ts";
import { type Aligned, alignPoints, minMax } from "./align-points.ts";
import type { ChangeMark, ChartData, ChartSource, XRange } from "./chart-data.ts";
import { groupLines } from "./group-lines.ts";
import { Panel } from "./panel.ts";

/** Describes what a chart shows. */
export interface View {
  /** The visible part of the x axis, as text. */
  range: string;
  /** How the rows are drawn. */
  detail: string;
  zoomed: boolean;
  /** Whether lines are means, so that the band of extremes can be shown. */
  means: boolean;
  extremes: boolean;
}

export interface ChartEvents {
  view(view: View): void;
  /** Another part of the x axis was read and drawn. */
  loaded(data: ChartData): void;
  /** The cursor's x as text; empty if it left the chart. */
  cursor(text: string): void;
  /** The values at the cursor, after it was moved by keyboard. */
  announce(text: string): void;
  /** Reading after a zoom or pan failed. The chart is unchanged. */
  failed(error: unknown): void;
}

/** Heights of a panel in pixels, if there is one, if there are two, and if there are more. */
const HEIGHTS = { wide: [360, 210, 160], narrow: [240, 160, 135] };

/** A chart of one or more panels, which share x axis, cursor and zoom. */
export class Chart {
  readonly #root: HTMLElement;
  readonly #events: ChartEvents;
  #source: ChartSource | undefined;
  #data: ChartData | undefined;
  #panels: { panel: Panel; lines: number[] }[] = [];
  #marks: readonly ChangeMark[] = [];
  #view: XRange = [0, 1];
  #width = 0;
  #extremes = true;
  /** Aborts the latest read of a view. */
  #loading = new AbortController();

  constructor(root: HTMLElement, events: ChartEvents) {
    this.#root = root;
    this.#events = events;
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      this.#draw();
      this.#reload();
    }).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recreatePlots());
    root.tabIndex = 0; // focusable, for the keyboard
    root.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
  }

  /**
   * Draws the data of a source, and returns them. Undefined if the signal has fired.
   *
   * @param keepView whether the zoomed range stays in view
   */
  async show(source: ChartSource, signal: AbortSignal, keepView = false): Promise<ChartData | undefined> {
    this.#loading.abort();
    const old = keepView ? this.#source : undefined;
    const view = old && this.#isZoomed ? followEnd(this.#view, old.full, source.full) : paddedRange(source);
    this.#width = this.#root.clientWidth || this.#root.parentElement?.clientWidth || 800;
    const data = await source.load(view, this.#width, signal);
    if (signal.aborted) return undefined;
    const names = (each: ChartSource | undefined) => each?.lines.map(({ name }) => name).join("\n");
    const canReuse = old !== undefined && names(old) === names(source) && this.#panels.length > 0;
    this.#source = source;
    this.#view = view;
    this.#data = data;
    if (!canReuse) this.#createPanels(source, data);
    this.#draw();
    return data;
  }

  clear(): void {
    this.#loading.abort();
    for (const { panel } of this.#panels) panel.destroy();
    this.#panels = [];
    this.#source = undefined;
    this.#data = undefined;
    this.#marks = [];
    this.#root.replaceChildren();
  }

  /** Parts of the x axis to shade. */
  set marks(marks: readonly ChangeMark[]) {
    this.#marks = marks;
    this.#draw();
  }

  /** The visible part of the x axis. */
  get view(): XRange {
    return this.#view;
  }

  /** Zooms by a factor around the cursor, or without one around the middle. */
  zoom(factor: number): void {
    const [low, high] = this.#view;
    const [first] = this.#panels;
    const centre = first?.panel.xs[first.panel.cursor ?? -1] ?? (low + high) / 2;
    this.#setView([centre - (centre - low) * factor, centre + (high - centre) * factor]);
  }

  /** Moves the view by a fraction of its width, within the data. */
  pan(fraction: number): void {
    if (!this.#source) return;
    const [low, high] = this.#view;
    const [first, last] = paddedRange(this.#source);
    const distance = Math.max(first - low, Math.min(last - high, fraction * (high - low)));
    if (distance !== 0) this.#setView([low + distance, high + distance]);
  }

  reset(): void {
    if (this.#source) this.#setView(paddedRange(this.#source));
  }

  /** Whether means have a band from the lowest to the highest value. */
  set extremes(on: boolean) {
    this.#extremes = on;
    this.#draw();
  }

  /** Returns all panels as one image. */
  image(): HTMLCanvasElement {
    const canvases = [...this.#root.querySelectorAll("canvas")];
    const image = document.createElement("canvas");
    image.width = Math.max(1, ...canvases.map(({ width }) => width));
    image.height = canvases.reduce((sum, { height }) => sum + height, 0) || 1;
    const context = image.getContext("2d");
    if (!context) throw new Error("This browser cannot create a canvas.");
    context.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
    context.fillRect(0, 0, image.width, image.height);
    let top = 0;
    for (const canvas of canvases) {
      context.drawImage(canvas, 0, top);
      top += canvas.height;
    }
    return image;
  }

  get #isZoomed(): boolean {
    if (!this.#source) return false;
    const [first, last] = paddedRange(this.#source);
    return this.#view[0] > first || this.#view[1] < last;
  }

  /** Creates the panels for the lines of a source. */
  #createPanels(source: ChartSource, { points }: ChartData): void {
    for (const { panel } of this.#panels) panel.destroy();
    let extremes = true;
    const columns = source.lines.map((line, i) => {
      const { y, low: lows = y, high: highs = y } = points[i]!;
      const [low, high] = minMax([...lows, ...highs]);
      const [lowMean, highMean] = minMax(y);
      // Extremes are off if they would flatten a line.
      if (highMean - lowMean < (high - low) / 5) extremes = false;
      return { ...line, colour: i, low, high };
    });
    this.#extremes = extremes;
    const events = {
      select: (range: XRange) => this.#setView(range),
      pan: (fraction: number) => this.pan(fraction),
      cursor: (x: number | undefined) => this.#events.cursor(x === undefined ? "" : this.#formatX(x)),
      reset: () => this.reset(),
    };
    this.#panels = groupLines(columns).map((lines) => ({
      panel: new Panel(lines, events),
      lines: lines.map(({ colour }) => colour),
    }));
    this.#root.replaceChildren(...this.#panels.map(({ panel }) => panel.element));
  }

  #setView([low, high]: XRange): void {
    if (!this.#source) return;
    const [first, last] = paddedRange(this.#source);
    const view: XRange = [Math.max(first, low), Math.min(last, high)];
    // The view is at least two rows wide.
    if (view[1] - view[0] < 2 * this.#source.step || view[1] <= view[0]) return;
    this.#view = view;
    this.#draw(); // at once with the data available; again when the new data are read
    this.#reload();
  }

  /** Reads the data of the view. A newer read aborts the older. */
  #reload(): void {
    const source = this.#source;
    if (!source) return;
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    source.load(this.#view, this.#width, signal).then(
      (data) => {
        if (signal.aborted) return;
        this.#data = data;
        this.#draw();
        this.#events.loaded(data);
      },
      (error: unknown) => {
        if (!signal.aborted) this.#events.failed(error);
      },
    );
  }

  #draw(): void {
    const [source, data] = [this.#source, this.#data];
    if (!source || !data || this.#width === 0) return;
    const means = data.step !== undefined;
    const banded = means && this.#extremes;
    // All panels have the same x values, because they share their cursor.
    const { xs, lines } = alignPoints(data.points);
    this.#panels.forEach(({ panel, lines: indices }, i) => {
      const columns = indices.flatMap((index) => toColumns(lines[index]!, banded));
      panel.draw({
        data: [xs, ...columns],
        view: this.#view,
        means,
        banded,
        marks: this.#marks,
        time: source.time,
        width: this.#width,
        height: this.#height(),
        last: i === this.#panels.length - 1,
      });
    });
    this.#reportView(data);
  }

  #reportView({ step }: ChartData): void {
    const [low, high] = this.#view;
    this.#events.view({
      range: `${this.#formatX(low)} to ${this.#formatX(high)}`,
      detail: step
        ? `Line: mean of each ${step.name}.${this.#extremes ? " Band: lowest to highest." : ""}`
        : "Every row is drawn.",
      zoomed: this.#isZoomed,
      means: step !== undefined,
      extremes: this.#extremes,
    });
  }

  #height(): number {
    const heights = this.#width < 560 ? HEIGHTS.narrow : HEIGHTS.wide;
    return heights[Math.min(this.#panels.length, heights.length) - 1]!;
  }

  #formatX(x: number): string {
    const { time = false, step = 0 } = this.#source ?? {};
    return time ? formatTime(Math.round(x), step) : formatValue(x);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 1;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.#moveCursor(-step),
      ArrowRight: () => this.#moveCursor(step),
      Home: () => this.#moveCursor(Number.NEGATIVE_INFINITY),
      End: () => this.#moveCursor(Number.POSITIVE_INFINITY),
      PageUp: () => this.pan(-0.5),
      PageDown: () => this.pan(0.5),
      "+": () => this.zoom(0.5),
      "=": () => this.zoom(0.5),
      "-": () => this.zoom(2),
      "0": () => this.reset(),
      Escape: () => this.reset(),
    };
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  /**
   * The wheel zooms with Ctrl, pans sideways, and otherwise scrolls the page. A pinch on a touchpad is Ctrl +
   * wheel.
   */
  #onWheel(event: WheelEvent): void {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!event.ctrlKey && !event.metaKey && !sideways && !event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(event.deltaY / 200));
    else this.pan((event.deltaX || event.deltaY) / (2 * this.#width));
  }

  /** Moves the cursor by a number of points, and announces the values there. */
  #moveCursor(steps: number): void {
    const [first] = this.#panels;
    if (!first || first.panel.xs.length === 0) return;
    const { xs, cursor } = first.panel;
    const now = cursor ?? Math.floor(xs.length / 2);
    const at = Math.max(0, Math.min(xs.length - 1, now + steps));
    for (const { panel } of this.#panels) panel.cursor = at;
    this.#events.announce(
      `${this.#formatX(xs[at]!)}: ${this.#panels.map(({ panel }) => panel.reading()).join(", ")}`,
    );
  }

  /** Creates new plots: colours are among the options of uPlot, which cannot be changed. */
  #recreatePlots(): void {
    for (const { panel } of this.#panels) panel.destroy();
    this.#draw();
  }
}

/** Returns the range of all rows; that of a single row is extended. */
function paddedRange({ full: [first, last], step }: ChartSource): XRange {
  return first < last ? [first, last] : [first - (step || 1), last + (step || 1)];
}

/** Moves a view along with new rows, if it reached to the last row before. */
function followEnd([low, high]: XRange, [, oldLast]: XRange, [first, last]: XRange): XRange {
  const shift = high >= oldLast ? last - high : 0;
  return [Math.max(first, low + shift), Math.min(last, high + shift)];
}

const toColumns = ({ y, low, high }: Aligned["lines"][number], banded: boolean) =>
  banded ? [y, low, high] : [y];
