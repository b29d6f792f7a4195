import { alignPoints } from "./align-points.ts";
import { LEAST_AXIS_WIDTH } from "./axes.ts";
import type { ChangeMark, ChartData, ChartSource, LineShape, XRange } from "./chart-data.ts";
import { describeView, formatX, type View } from "./describe-view.ts";
import { extremesFit, minMax } from "./extremes.ts";
import { groupLines } from "./group-lines.ts";
import { drawPicture, type PictureTexts } from "./image.ts";
import { listenToKeys, listenToWheel } from "./keyboard.ts";
import { Panel } from "./panel.ts";
import { type DrawnPanel, picturePanel, svgPanel } from "./panel-pictures.ts";
import { resolvedColour } from "./theme.ts";
import { Tooltip } from "./tooltip.ts";
import { clipView, followEnd, paddedRange } from "./view-range.ts";

/** How the user wants lines to be drawn. */
export interface LineStyle {
  /** Names of the lines that are hidden. */
  hidden: readonly string[];
  /** Undefined: as suits each line. */
  shape: LineShape | undefined;
  /** Whether means have a band from the lowest to the highest value. Undefined: if it leaves the means readable. */
  extremes: boolean | undefined;
  /** Whether y axes are logarithmic where all values are positive. */
  log: boolean;
}

export interface ChartEvents {
  view(view: View): void;
  /** The user zoomed or panned: another part of the x axis is being read. Undefined: all of it. */
  moved(view: XRange | undefined): void;
  /** Another part of the x axis was read and drawn. */
  loaded(data: ChartData): void;
  /** The cursor's x as text; empty if it left the chart. */
  cursor(text: string): void;
  /** The values at the cursor, after it was moved by keyboard. */
  announce(text: string): void;
  /** The user hides these lines, and no others. */
  hide(names: readonly string[]): void;
  /** Reading after a zoom or pan failed. The chart is unchanged. */
  failed(error: unknown): void;
}

interface ShowOptions {
  signal: AbortSignal;
  /** Whether the zoomed range stays in view. */
  keepView: boolean;
  /** The part of the x axis to show. Undefined: all of it. */
  view: XRange | undefined;
}

/** Heights of a panel in pixels, if there is one, if there are two, and if there are more. */
const HEIGHTS = { wide: [360, 210, 160], narrow: [240, 160, 135] };

const NOWHERE: ReadonlySet<number> = new Set();

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
  #axisWidth = LEAST_AXIS_WIDTH;
  #style: LineStyle = { hidden: [], shape: undefined, extremes: undefined, log: false };
  readonly #tooltip: Tooltip;
  /** The panel that the cursor is moved in. */
  #active: Panel | undefined;
  /** Whether extremes are drawn unless the user has decided. */
  #extremesFit = true;
  /** Aborts the latest read of a view. */
  #loading = new AbortController();

  constructor(root: HTMLElement, events: ChartEvents) {
    this.#root = root;
    this.#events = events;
    this.#tooltip = new Tooltip(root.parentElement ?? root);
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !root.contains(target)) this.#tooltip.hide();
    });
    root.addEventListener("blur", () => this.#tooltip.hide());
    root.addEventListener("keydown", ({ key }) => key === "Escape" && this.#tooltip.hide());
    new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width === this.#width || width === 0) return;
      this.#width = width;
      this.#draw();
      this.#reload();
    }).observe(root);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recreatePlots());
    const actions = {
      moveCursor: (points: number) => this.#moveCursor(points),
      pan: (fraction: number) => this.pan(fraction),
      zoom: (factor: number) => this.zoom(factor),
      reset: () => this.reset(),
    };
    listenToKeys(root, actions);
    listenToWheel(root, actions);
  }

  /** Draws the data of a source, and returns them. Undefined if the signal has fired. */
  async show(source: ChartSource, { signal, keepView, view }: ShowOptions): Promise<ChartData | undefined> {
    this.#loading.abort();
    const old = keepView ? this.#source : undefined;
    const wanted = old && this.#isZoomed ? followEnd(this.#view, old.full, source.full) : view;
    const visible = (wanted && clipView(wanted, source)) ?? paddedRange(source);
    this.#width = this.#root.clientWidth || this.#root.parentElement?.clientWidth || 800;
    const data = await source.load(visible, this.#width, signal);
    if (signal.aborted) return undefined;
    const names = (each: ChartSource | undefined) => each?.lines.map(({ name }) => name).join("\n");
    const canReuse = old !== undefined && names(old) === names(source) && this.#panels.length > 0;
    this.#source = source;
    this.#view = visible;
    this.#data = data;
    if (!canReuse) this.#createPanels(source, data);
    this.#draw();
    return data;
  }

  clear(): void {
    this.#loading.abort();
    this.#tooltip.hide();
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

  set style(style: LineStyle) {
    if (JSON.stringify(style) === JSON.stringify(this.#style)) return;
    this.#style = style;
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

  get #drawn(): DrawnPanel[] {
    return this.#panels.flatMap(({ panel }) => panel.drawn ?? []);
  }

  /** Returns all panels as one image, with their legends. */
  image(texts: PictureTexts): HTMLCanvasElement {
    return drawPicture(
      this.#drawn.map((panel) => picturePanel(panel)),
      texts,
    );
  }

  /** Returns all panels as an SVG file; undefined without a chart. */
  async svg(texts: PictureTexts): Promise<string | undefined> {
    const [source, first] = [this.#source, this.#panels[0]];
    if (!source || !first) return undefined;
    const { renderSvg } = await import("./svg.ts");
    const { time, step, zone } = source;
    return renderSvg(
      this.#drawn.map((panel) => svgPanel(panel)),
      {
        width: this.#width,
        axisWidth: this.#axisWidth,
        x: { range: first.panel.style?.xRange ?? this.#view, time, step, zone },
        ink: resolvedColour("--ink"),
        muted: resolvedColour("--muted"),
        grid: resolvedColour("--hairline"),
        paper: resolvedColour("--paper"),
      },
      texts,
    );
  }

  get #isZoomed(): boolean {
    if (!this.#source) return false;
    const [first, last] = paddedRange(this.#source);
    return this.#view[0] > first || this.#view[1] < last;
  }

  /** Creates the panels for the lines of a source. */
  #createPanels(source: ChartSource, { points }: ChartData): void {
    for (const { panel } of this.#panels) panel.destroy();
    this.#active = undefined;
    this.#tooltip.hide();
    this.#axisWidth = LEAST_AXIS_WIDTH;
    this.#extremesFit = extremesFit(points);
    const columns = source.lines.map((line, i) => {
      const { y, low: lows = y, high: highs = y } = points[i]!;
      const [low, high] = minMax([...lows, ...highs]);
      return { ...line, index: i, colour: line.otherStateOf ?? i, low, high };
    });
    const events = {
      select: (range: XRange) => this.#setView(range),
      pan: (fraction: number) => this.pan(fraction),
      cursor: (x: number | undefined) => this.#onCursor(x),
      enter: (panel: Panel) => {
        this.#active = panel;
      },
      reset: () => this.reset(),
      axisWidth: (needed: number) => this.#fitAxis(needed),
      ...(source.lines.length > 1 && {
        toggle: (name: string) => this.#toggle(name),
        isolate: (name: string) => this.#isolate(name),
      }),
    };
    this.#panels = groupLines(columns).map((lines) => ({
      panel: new Panel(lines, events),
      lines: lines.map(({ index }) => index),
    }));
    this.#root.replaceChildren(...this.#panels.map(({ panel }) => panel.element));
  }

  /** Returns the width of all y axes, and draws again if the labels of one need more. */
  #fitAxis(needed: number): number {
    if (needed > this.#axisWidth) {
      this.#axisWidth = Math.ceil(needed);
      if (this.#panels.length > 1) queueMicrotask(() => this.#draw());
    }
    return this.#axisWidth;
  }

  #toggle(name: string): void {
    const { hidden } = this.#style;
    this.#events.hide(hidden.includes(name) ? hidden.filter((each) => each !== name) : [...hidden, name]);
  }

  /** Hides all other lines; shows them again if they are hidden already. */
  #isolate(name: string): void {
    const others = (this.#source?.lines ?? []).map((line) => line.name).filter((each) => each !== name);
    const { hidden } = this.#style;
    const isAlone = !hidden.includes(name) && others.every((each) => hidden.includes(each));
    this.#events.hide(isAlone ? [] : others);
  }

  #setView(range: XRange): void {
    const view = this.#source && clipView(range, this.#source);
    if (!view) return;
    this.#view = view;
    this.#tooltip.hide();
    this.#draw(); // at once with the data available; again when the new data are read
    this.#events.moved(this.#isZoomed ? view : undefined);
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
    const { hidden, shape, log } = this.#style;
    // All panels have the same x values, because they share their cursor.
    const { xs, lines } = alignPoints(data.points);
    this.#panels.forEach(({ panel, lines: indices }, i) => {
      panel.draw({
        xs,
        lines: indices.map((index) => lines[index]!),
        hiddenAt: data.hiddenAt ?? NOWHERE,
        hidden,
        shape,
        view: this.#view,
        log,
        means,
        extremes: means && this.#extremes,
        resampled: data.resampled !== undefined,
        spacing: data.step?.width ?? source.step,
        marks: this.#marks,
        time: source.time,
        zone: source.zone,
        step: source.step,
        width: this.#width,
        height: this.#height(),
        last: i === this.#panels.length - 1,
      });
    });
    this.#reportView(data);
  }

  get #extremes(): boolean {
    return this.#style.extremes ?? this.#extremesFit;
  }

  #reportView(data: ChartData): void {
    if (!this.#source) return;
    const { shape, log } = this.#style;
    this.#events.view(
      describeView(this.#source, data, {
        view: this.#view,
        zoomed: this.#isZoomed,
        extremes: this.#extremes,
        shape,
        log,
        canBeLog: this.#panels.some(({ panel }) => panel.style?.canBeLog),
        canHaveBars: this.#panels.some(({ panel }) => panel.style?.canHaveBars),
      }),
    );
  }

  #height(): number {
    const heights = this.#width < 560 ? HEIGHTS.narrow : HEIGHTS.wide;
    return heights[Math.min(this.#panels.length, heights.length) - 1]!;
  }

  #formatX(x: number): string {
    return this.#source ? formatX(x, this.#source) : "";
  }

  #onCursor(x: number | undefined): void {
    this.#events.cursor(x === undefined ? "" : this.#formatX(x));
    // The panels share the cursor, and tell of it one after another.
    queueMicrotask(() => this.#showTooltip(x));
  }

  #showTooltip(x: number | undefined): void {
    const position = (this.#active ?? this.#panels[0]?.panel)?.cursorPosition;
    const readings = this.#panels.flatMap(({ panel }) => panel.readings);
    if (x === undefined || !position || readings.length === 0) this.#tooltip.hide();
    else this.#tooltip.show(position, this.#formatX(x), readings);
  }

  /** Moves the cursor by a number of points, and announces the values there. */
  #moveCursor(steps: number): void {
    const [first] = this.#panels;
    if (!first || first.panel.xs.length === 0) return;
    const { xs, cursor } = first.panel;
    const now = cursor ?? Math.floor(xs.length / 2);
    let at = Math.max(0, Math.min(xs.length - 1, now + steps));
    // Lines do not end where a filter hides rows: the next point is a row.
    if (this.#data?.hiddenAt?.has(xs[at]!)) at += Math.sign(steps) || 1;
    this.#active = first.panel;
    for (const { panel } of this.#panels) panel.cursor = at;
    const readings = this.#panels.map(({ panel }) => panel.reading()).filter(Boolean);
    this.#events.announce(`${this.#formatX(xs[at]!)}: ${readings.join(", ")}`);
  }

  /** Creates new plots: colours are among the options of uPlot, which cannot be changed. */
  #recreatePlots(): void {
    for (const { panel } of this.#panels) panel.destroy();
    this.#draw();
  }
}
