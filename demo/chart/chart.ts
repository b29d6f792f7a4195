import { formatTime, formatValue } from "../page/format.ts";
import { type Aligned, alignPoints, minMax } from "./align-points.ts";
import type { ChangeMark, ChartData, ChartSource, XRange } from "./chart-data.ts";
import { groupLines } from "./group-lines.ts";
import { Panel } from "./panel.ts";

/** What can be said about a chart that was drawn. */
export interface View {
  /** Which part of the x axis is seen. */
  range: string;
  /** How rows became lines. */
  detail: string;
  zoomed: boolean;
  /** Whether lines are means, so that extremes can be shown or not. */
  means: boolean;
  extremes: boolean;
}

export interface ChartEvents {
  view(view: View): void;
  /** A part of the x axis was read. */
  loaded(picture: ChartData): void;
  /** The cursor's place on the x axis in words; empty where it left. */
  cursor(text: string): void;
  /** What the keyboard's cursor has found. */
  announce(text: string): void;
  /** Reading for a zoom or pan failed. What was drawn stays. */
  failed(error: unknown): void;
}

/** Heights of one panel, of two, of more. */
const HEIGHTS = { wide: [360, 210, 160], narrow: [240, 160, 135] };

/** Panels below each other that share their x axis, cursor and zoom. */
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
  /** Ends the reading for a view that was left. */
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
    root.tabIndex = 0; // for the keys
    root.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
  }

  /**
   * Shows other lines, or the same of another moment. Resolves once they are drawn.
   *
   * @param keep whether what is zoomed into stays in view
   */
  async show(source: ChartSource, signal: AbortSignal, keep = false): Promise<void> {
    this.#loading.abort();
    const old = keep ? this.#source : undefined;
    const view = old && this.#isZoomed ? followEnd(this.#view, old.full, source.full) : paddedRange(source);
    this.#width = this.#root.clientWidth || this.#root.parentElement?.clientWidth || 800;
    const picture = await source.load(view, this.#width, signal);
    if (signal.aborted) return;
    const names = (one: ChartSource | undefined) => one?.lines.map(({ name }) => name).join("\n");
    const same = old !== undefined && names(old) === names(source) && this.#panels.length > 0;
    this.#source = source;
    this.#view = view;
    this.#data = picture;
    if (!same) this.#createPanels(source, picture);
    this.#draw();
    this.#events.loaded(picture);
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

  /** Parts of the x axis to be shaded. */
  set marks(marks: readonly ChangeMark[]) {
    this.#marks = marks;
    this.#draw();
  }

  /** The part of the x axis that is seen. */
  get view(): XRange {
    return this.#view;
  }

  /** Zooms by a factor, around the cursor or the middle. */
  zoom(factor: number): void {
    const [low, high] = this.#view;
    const [first] = this.#panels;
    const centre = first?.panel.xs[first.panel.cursor ?? -1] ?? (low + high) / 2;
    this.#setView([centre - (centre - low) * factor, centre + (high - centre) * factor]);
  }

  /** Moves the view by a fraction of its width. */
  pan(fraction: number): void {
    if (!this.#source) return;
    const [low, high] = this.#view;
    const [first, last] = paddedRange(this.#source);
    const way = Math.max(first - low, Math.min(last - high, fraction * (high - low)));
    if (way !== 0) this.#setView([low + way, high + way]);
  }

  reset(): void {
    if (this.#source) this.#setView(paddedRange(this.#source));
  }

  /** Whether means have a band from lowest to highest value. */
  set extremes(on: boolean) {
    this.#extremes = on;
    this.#draw();
  }

  /** All panels in one picture. */
  image(): HTMLCanvasElement {
    const canvases = [...this.#root.querySelectorAll("canvas")];
    const image = document.createElement("canvas");
    image.width = Math.max(1, ...canvases.map(({ width }) => width));
    image.height = canvases.reduce((sum, { height }) => sum + height, 0) || 1;
    const context = image.getContext("2d");
    if (!context) throw new Error("This browser gives no canvas to draw on.");
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

  /** Sorts lines into panels. */
  #createPanels(source: ChartSource, { points }: ChartData): void {
    for (const { panel } of this.#panels) panel.destroy();
    let extremes = true;
    const columns = source.lines.map((line, i) => {
      const { y, low: lows = y, high: highs = y } = points[i]!;
      const [low, high] = minMax([...lows, ...highs]);
      const [lowMean, highMean] = minMax(y);
      // Where a few far values would press the line flat, the line goes first.
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
    // Closer than a few rows there is nothing to see.
    if (view[1] - view[0] < 2 * this.#source.step || view[1] <= view[0]) return;
    this.#view = view;
    this.#draw(); // what is there, at once; sharper once it is read
    this.#reload();
  }

  /** Reads for what is seen now; what is asked for meanwhile takes its place. */
  #reload(): void {
    const source = this.#source;
    if (!source) return;
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    source.load(this.#view, this.#width, signal).then(
      (picture) => {
        if (signal.aborted) return;
        this.#data = picture;
        this.#draw();
        this.#events.loaded(picture);
      },
      (error: unknown) => {
        if (!signal.aborted) this.#events.failed(error);
      },
    );
  }

  #draw(): void {
    const [source, picture] = [this.#source, this.#data];
    if (!source || !picture || this.#width === 0) return;
    const means = picture.step !== undefined;
    const banded = means && this.#extremes;
    // One x axis for all panels: they share their cursor.
    const { xs, lines } = alignPoints(picture.points);
    this.#panels.forEach(({ panel, lines: own }, i) => {
      const columns = own.flatMap((line) => toColumns(lines[line]!, banded));
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
    this.#reportView(picture);
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

  /** A wheel zooms with Ctrl (as a pinch on a touchpad does), and pans sideways; else it scrolls the page. */
  #onWheel(event: WheelEvent): void {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!event.ctrlKey && !event.metaKey && !sideways && !event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(event.deltaY / 200));
    else this.pan((event.deltaX || event.deltaY) / (2 * this.#width));
  }

  /** Puts the cursor so many points further, and says what is there. */
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

  /** Starts all panels anew: their colours are part of uPlot's options. */
  #recreatePlots(): void {
    for (const { panel } of this.#panels) panel.destroy();
    this.#draw();
  }
}

/** From the first row to the last; a single row gets some room. */
function paddedRange({ full: [first, last], step }: ChartSource): XRange {
  return first < last ? [first, last] : [first - (step || 1), last + (step || 1)];
}

/** A view that touched the end goes on touching it when there are new rows. */
function followEnd([low, high]: XRange, [, oldLast]: XRange, [first, last]: XRange): XRange {
  const shift = high >= oldLast ? last - high : 0;
  return [Math.max(first, low + shift), Math.min(last, high + shift)];
}

const toColumns = ({ y, low, high }: Aligned["lines"][number], banded: boolean) =>
  banded ? [y, low, high] : [y];
