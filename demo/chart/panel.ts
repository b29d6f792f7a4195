import uPlot from "uplot";
import { createElement } from "../page/dom.ts";
import { formatMean, formatTick, formatValue } from "../page/format.ts";
import type { ChangeMark, Line, XRange } from "./chart-data.ts";
import { dragPan } from "./drag-pan.ts";
import { panelTheme, type Theme, TIME_LABELS } from "./theme.ts";
import { touchGestures } from "./touch-gestures.ts";

/** One line of a panel. */
export interface PanelLine extends Line {
  /** Index of its colour in the theme. */
  colour: number;
}

/** Events of a panel, for the chart. */
export interface PanelEvents {
  /** The user selected a range to zoom to. */
  select(range: XRange): void;
  /** The user moved the view by a fraction of its width. */
  pan(fraction: number): void;
  /** The cursor is at this x; undefined if it left the chart. */
  cursor(x: number | undefined): void;
  reset(): void;
}

/** What a panel draws. */
export interface PanelContent {
  /** The x values, then for each line its values; with bands also its lowest and highest values. */
  data: (number | null | undefined)[][];
  /** Whether points are means rather than rows. */
  means: boolean;
  banded: boolean;
  marks: readonly ChangeMark[];
  view: XRange;
  width: number;
  height: number;
  time: boolean;
  /** Whether it is the lowest panel of the chart, which has the labels of the x axis. */
  last: boolean;
}

/** Height of the x axis, with two lines of labels. */
const AXIS_HEIGHT = 46;

/** One y axis with its lines, and a legend that shows their values at the cursor. */
export class Panel {
  readonly element: HTMLElement;
  readonly lines: readonly PanelLine[];
  readonly #events: PanelEvents;
  readonly #canvas = createElement("div", { class: "canvas" });
  readonly #outputs: HTMLElement[];
  #drawing: PanelContent | undefined;
  #plot: uPlot | undefined;

  constructor(lines: readonly PanelLine[], events: PanelEvents) {
    this.lines = lines;
    this.#events = events;
    this.#outputs = lines.map(() => createElement("span", { class: "reading" }));
    const keys = lines.map((line, i) => legendKey(line, this.#outputs[i]!));
    this.element = createElement("div", {
      class: "panel",
      children: [createElement("p", { class: "legend", children: keys }), this.#canvas],
    });
  }

  /** Draws the content. Creates a new plot if the number of uPlot's series changed, else sets its data. */
  draw(drawing: PanelContent): void {
    this.#drawing = drawing;
    const { data, view, width, last } = drawing;
    const aligned = data as uPlot.AlignedData; // the first column has a number for each point
    const size = { width, height: drawing.height + (last ? AXIS_HEIGHT : 0) };
    if (this.#plot?.series.length === data.length) {
      this.#plot.setData(aligned, false);
      this.#plot.setSize(size);
      this.#plot.setScale("x", { min: view[0], max: view[1] });
      return;
    }
    this.destroy();
    this.#plot = new uPlot({ ...this.#options(drawing), ...size }, aligned, this.#canvas);
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
    return this.lines
      .map(({ name, unit = "" }, i) => `${name} ${this.#outputs[i]!.textContent} ${unit}`.trim())
      .join(", ");
  }

  #options({ banded, last, time }: PanelContent): Omit<uPlot.Options, "width" | "height"> {
    const theme = panelTheme(this.element);
    const colour = (line: number) => (this.lines[line]?.colour ?? 0) % theme.lines.length;
    return {
      ms: 1,
      tzDate: (ms) => uPlot.tzDate(new Date(ms), "Etc/UTC"),
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
          fill: (_, series) => theme.lines[colour(Math.floor((series - 1) / (banded ? 3 : 1)))]!,
        },
      },
      scales: {
        x: { time, range: () => [...(this.#drawing?.view ?? [0, 1])] },
        y: { range: (_, low, high) => padRange(low, high) },
      },
      axes: axes(theme, last, time),
      series: [{}, ...this.lines.flatMap((_, i) => uplotSeries(theme.lines[colour(i)]!, banded))],
      bands: banded
        ? this.lines.map((_, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: theme.bands[colour(i)]! }))
        : [],
      plugins: [touchGestures((range) => this.#events.select(range))],
      hooks: {
        drawClear: [(plot) => this.#drawMarks(plot, theme)],
        setSelect: [(plot) => this.#onSelect(plot)],
        setCursor: [(plot) => this.#onCursor(plot)],
      },
    };
  }

  /** Shades the marked parts of the x axis, each at least two pixels wide. */
  #drawMarks(plot: uPlot, theme: Theme): void {
    const { top, height, left, width } = plot.bbox;
    for (const { range, kind } of this.#drawing?.marks ?? []) {
      const [from, to] = range.map((x) => plot.valToPos(x, "x", true)) as [number, number];
      const start = Math.max(left, from - 1);
      const end = Math.min(left + width, Math.max(to, from + 1) + 1);
      if (end <= start) continue;
      plot.ctx.fillStyle = theme.marks[kind];
      plot.ctx.fillRect(start, top, end - start, height);
    }
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
    const at = plot.cursor.idx ?? undefined;
    const { means = false, banded = false } = this.#drawing ?? {};
    this.#outputs.forEach((output, i) => {
      const series = banded ? [3 * i + 1, 3 * i + 2, 3 * i + 3] : [i + 1];
      const [line, low, high] = series.map((s) => (at === undefined ? undefined : plot.data[s]?.[at]));
      output.textContent = at === undefined ? "" : readingOf(means, line, low, high);
    });
    this.#events.cursor(at === undefined ? undefined : plot.data[0][at]);
  }
}

function legendKey({ name, unit, colour }: PanelLine, output: HTMLElement): HTMLElement {
  const swatch = createElement("i");
  swatch.style.setProperty("--colour", `var(--line-${(colour % 6) + 1})`);
  const texts = [
    createElement("b", { text: name }),
    ...(unit ? [createElement("span", { class: "unit", text: unit })] : []),
  ];
  return createElement("span", { class: "key", children: [swatch, ...texts, output] });
}

/** Returns the series of a line; with a band also two invisible series, which are its edges. */
function uplotSeries(colour: string, banded: boolean): uPlot.Series[] {
  const line: uPlot.Series = { stroke: colour, width: 1.5, points: { show: false } };
  if (!banded) return [line];
  const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
  return [line, edge, edge];
}

function axes(theme: Theme, last: boolean, time: boolean): uPlot.Axis[] {
  const common: uPlot.Axis = {
    stroke: theme.muted,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
  const bottom: uPlot.Axis = { size: AXIS_HEIGHT, gap: 8, ...(time && { values: TIME_LABELS }) };
  return [
    { ...common, space: 76, ...(last ? bottom : { size: 0, values: () => [] }) },
    { ...common, size: 58, gap: 8, space: 34, values: (_, splits) => splits.map(formatTick) },
  ];
}

function readingOf(isMean: boolean, line?: number | null, low?: number | null, high?: number | null): string {
  if (line == null) return "missing";
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
