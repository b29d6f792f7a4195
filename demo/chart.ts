import { moment, value } from "./format.ts";
import { Panel, type PanelLine, type Range } from "./panel.ts";
import { toPanels } from "./panels.ts";
import { roundStep } from "./steps.ts";
import { bounds, buckets, centres, plain, rowAt, type Thinned, thin, type Values } from "./thin.ts";

/** One line: a column of numbers. */
export type Line = Omit<PanelLine, "colour">;

/** What a chart shows: lines over one x axis, which is sorted. */
export interface Plot {
  xs: Values;
  /** Whether x is epoch milliseconds. */
  time: boolean;
  /** The usual way between two rows on the x axis. */
  step: number;
  lines: readonly Line[];
}

/** What can be said about a chart that was drawn. */
export interface View {
  /** Which part of the x axis is seen. */
  span: string;
  /** How rows became lines. */
  detail: string;
  zoomed: boolean;
  /** Whether lines are means, so that extremes can be shown or not. */
  thinned: boolean;
  extremes: boolean;
}

export interface ChartEvents {
  view(view: View): void;
  /** The cursor's place on the x axis in words; empty where it left. */
  cursor(text: string): void;
  /** What the keyboard's cursor has found. */
  say(text: string): void;
}

/** More rows than this are drawn as means, and a band from lowest to highest. */
const PLAIN_ROWS = 6_000;
/** How close two means may be, in CSS pixels. */
const LEAST_STEP = 2;
/** Rows that are thinned without a pause: a few milliseconds. */
const SLICE = 500_000;
/** Heights of one panel, of two, of more. */
const HEIGHTS = { wide: [360, 210, 160], narrow: [240, 160, 135] };

/** Lets the page breathe. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

/** {@link thin}, in slices with pauses between them, for columns of millions of rows. */
async function thinSlowly(values: Values, cuts: Uint32Array): Promise<Thinned> {
  const thinned: Thinned = { mean: [], low: [], high: [] };
  const pieces = cuts.length - 1;
  for (let from = 0; from < pieces; ) {
    const next = cuts.findIndex((row, i) => i > from && row - cuts[from]! >= SLICE);
    const to = next < 0 ? pieces : next;
    const { mean, low, high } = thin(values, cuts.subarray(from, to + 1));
    thinned.mean.push(...mean);
    thinned.low.push(...low);
    thinned.high.push(...high);
    if (to < pieces) await breathe();
    from = to;
  }
  return thinned;
}

/** Panels below each other that share their x axis, cursor and zoom. */
export class Chart {
  readonly #root: HTMLElement;
  readonly #events: ChartEvents;
  #plot: Plot | undefined;
  #panels: Panel[] = [];
  #view: Range = [0, 1];
  #width = 0;
  #extremes = true;
  /** Counts drawings, so that one that was overtaken stops. */
  #turn = 0;

  constructor(root: HTMLElement, events: ChartEvents) {
    this.#root = root;
    this.#events = events;
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      void this.#draw();
    }).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#rebuild());
    root.tabIndex = 0; // for the keys
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows a plot in place of what was there. Resolves once it is drawn. */
  async show(plot: Plot): Promise<void> {
    const turn = ++this.#turn;
    const full = fullView(plot);
    const cuts = buckets(plot.xs, 0, plot.xs.length, roundStep((full[1] - full[0]) / 300, plot.time).width);
    const columns = [];
    let extremes = true;
    for (const [colour, line] of plot.lines.entries()) {
      const { mean, low: lows, high: highs } = await thinSlowly(line.values, cuts);
      if (turn !== this.#turn) return;
      const [low, high] = bounds([...lows, ...highs]);
      const [lowMean, highMean] = bounds(mean);
      columns.push({ ...line, colour, low, high });
      // Where a few far values would press the line flat, the line goes first.
      if (highMean - lowMean < (high - low) / 5) extremes = false;
    }
    this.clear();
    this.#plot = plot;
    this.#view = full;
    this.#extremes = extremes;
    const events = {
      select: (range: Range) => this.#setView(range),
      cursor: (x: number | undefined) => this.#events.cursor(x === undefined ? "" : this.#xText(x)),
      reset: () => this.reset(),
    };
    this.#panels = toPanels(columns).map((lines) => new Panel(lines, events));
    this.#root.replaceChildren(...this.#panels.map(({ element }) => element));
    this.#width = this.#root.clientWidth;
    await this.#draw();
  }

  clear(): void {
    this.#turn++;
    for (const panel of this.#panels) panel.destroy();
    this.#panels = [];
    this.#plot = undefined;
    this.#root.replaceChildren();
  }

  /** Zooms by a factor, around the cursor or the middle. */
  zoom(factor: number): void {
    const [low, high] = this.#view;
    const [panel] = this.#panels;
    const centre = panel?.xs[panel.cursor ?? -1] ?? (low + high) / 2;
    this.#setView([centre - (centre - low) * factor, centre + (high - centre) * factor]);
  }

  /** Moves the view by a fraction of its width. */
  pan(fraction: number): void {
    if (!this.#plot) return;
    const [low, high] = this.#view;
    const [first, last] = fullView(this.#plot);
    const way = Math.max(first - low, Math.min(last - high, fraction * (high - low)));
    this.#setView([low + way, high + way]);
  }

  reset(): void {
    if (this.#plot) this.#setView(fullView(this.#plot));
  }

  /** Whether means have a band from lowest to highest value. */
  set extremes(on: boolean) {
    this.#extremes = on;
    void this.#draw();
  }

  #setView([low, high]: Range): void {
    if (!this.#plot) return;
    const [first, last] = fullView(this.#plot);
    const view: Range = [Math.max(first, low), Math.min(last, high)];
    // Closer than a few rows there is nothing to see.
    if (view[1] - view[0] < 2 * this.#plot.step || view[1] <= view[0]) return;
    this.#view = view;
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const plot = this.#plot;
    if (!plot || this.#width === 0) return;
    const turn = ++this.#turn;
    const view = this.#view;
    // One row more at each side, so that lines run off the edges.
    const from = Math.max(0, rowAt(plot.xs, view[0]) - 1);
    const to = Math.min(plot.xs.length, rowAt(plot.xs, view[1]) + 2);
    const many = to - from > PLAIN_ROWS;
    const step = many ? roundStep((LEAST_STEP * (view[1] - view[0])) / this.#width, plot.time) : undefined;
    const cuts = step && buckets(plot.xs, from, to, step.width);
    const xs: (number | null)[] = cuts ? centres(plot.xs, cuts) : plain(plot.xs, from, to);
    const drawings: (number | null)[][][] = [];
    for (const panel of this.#panels) {
      const data = [xs];
      for (const { values } of panel.lines) {
        if (cuts) {
          const { mean, low, high } = await thinSlowly(values, cuts);
          if (turn !== this.#turn) return;
          data.push(mean, ...(this.#extremes ? [low, high] : []));
        } else data.push(plain(values, from, to));
      }
      drawings.push(data);
    }
    // All at once: panels share their cursor, so their x axes must not differ in between.
    drawings.forEach((data, i) => {
      this.#panels[i]!.draw({
        data,
        view,
        means: many,
        banded: many && this.#extremes,
        time: plot.time,
        width: this.#width,
        height: this.#height(),
        last: i === drawings.length - 1,
      });
    });
    this.#tellView(plot, step?.name);
  }

  #tellView(plot: Plot, step: string | undefined): void {
    const [low, high] = this.#view;
    const [first, last] = fullView(plot);
    this.#events.view({
      span: `${this.#xText(low)} to ${this.#xText(high)}`,
      detail: step
        ? `Line: mean of each ${step}.${this.#extremes ? " Band: lowest to highest." : ""}`
        : "Every row is drawn.",
      zoomed: low > first || high < last,
      thinned: step !== undefined,
      extremes: this.#extremes,
    });
  }

  #height(): number {
    const heights = this.#width < 560 ? HEIGHTS.narrow : HEIGHTS.wide;
    return heights[Math.min(this.#panels.length, heights.length) - 1]!;
  }

  #xText(x: number): string {
    const { time = false, step = 0 } = this.#plot ?? {};
    return time ? moment(Math.round(x), step) : value(x);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 1;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.#moveCursor(-step),
      ArrowRight: () => this.#moveCursor(step),
      Home: () => this.#moveCursor(Number.NEGATIVE_INFINITY),
      End: () => this.#moveCursor(Number.POSITIVE_INFINITY),
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

  /** Puts the cursor so many points further, and says what is there. */
  #moveCursor(steps: number): void {
    const [panel] = this.#panels;
    if (!panel || panel.xs.length === 0) return;
    const now = panel.cursor ?? Math.floor(panel.xs.length / 2);
    const at = Math.max(0, Math.min(panel.xs.length - 1, now + steps));
    for (const each of this.#panels) each.cursor = at;
    this.#events.say(
      `${this.#xText(panel.xs[at]!)}: ${this.#panels.map((each) => each.reading()).join(", ")}`,
    );
  }

  /** Starts all panels anew: their colours are part of uPlot's options. */
  #rebuild(): void {
    for (const panel of this.#panels) panel.destroy();
    void this.#draw();
  }
}

/** From the first row to the last; a single row gets some room. */
function fullView({ xs, step }: Plot): Range {
  const [first, last] = [xs[0] ?? 0, xs[xs.length - 1] ?? 1];
  return first < last ? [first, last] : [first - (step || 1), last + (step || 1)];
}
