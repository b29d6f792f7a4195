import uPlot from "uplot";
import { panelTheme, type Theme } from "./chart-theme.ts";
import { make } from "./dom.ts";
import { moment, tick, value } from "./format.ts";
import { toPanels } from "./panels.ts";
import { buckets, centres, plain, rowAt, type Thinned, thin, type Values } from "./thin.ts";
import { touchSelect } from "./touch.ts";

/** One line: a column of numbers. */
export interface Line {
  name: string;
  unit: string | undefined;
  values: Values;
}

/** What a chart shows: lines over one x axis, which is sorted. */
export interface Plot {
  xs: Values;
  /** Whether x is epoch milliseconds. */
  time: boolean;
  /** The usual way between two rows on the x axis. */
  step: number;
  lines: readonly Line[];
}

interface Drawn extends Line {
  /** Which of the theme's colours. */
  colour: number;
  low: number;
  high: number;
}

interface Panel {
  lines: readonly Drawn[];
  element: HTMLElement;
  canvas: HTMLElement;
  outputs: HTMLElement[];
  plot: uPlot | undefined;
}

/** A part of the x axis. */
type View = readonly [low: number, high: number];

/** More rows than this are drawn as one mean and one band from lowest to highest a pixel. */
const PLAIN_ROWS = 2_000;

/** Lets the page breathe between two columns. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve));

/** Charts below each other, one a y axis, that share their x axis, cursor and zoom. */
export class Chart {
  readonly #root: HTMLElement;
  readonly #onView: (view: string, zoomed: boolean) => void;
  readonly #onCursor: (text: string) => void;
  #plot: Plot | undefined;
  #panels: Panel[] = [];
  #view: View = [0, 1];
  #width = 0;
  /** Counts drawings, so that one that was overtaken stops. */
  #turn = 0;

  constructor(
    root: HTMLElement,
    onView: (view: string, zoomed: boolean) => void,
    onCursor: (text: string) => void,
  ) {
    this.#root = root;
    this.#onView = onView;
    this.#onCursor = onCursor;
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
    const { xs } = plot;
    const lines: Drawn[] = [];
    for (const [colour, line] of plot.lines.entries()) {
      const { low, high } = thin(line.values, Uint32Array.of(0, xs.length));
      lines.push({ ...line, colour, low: low[0] ?? 0, high: high[0] ?? 0 });
      if (xs.length > 100_000) await breathe();
      if (turn !== this.#turn) return;
    }
    this.clear();
    this.#plot = plot;
    this.#view = fullView(plot);
    this.#panels = toPanels(lines).map((panel) => this.#makePanel(panel));
    this.#root.replaceChildren(...this.#panels.map(({ element }) => element));
    this.#width = this.#root.clientWidth;
    await this.#draw();
  }

  clear(): void {
    this.#turn++;
    for (const { plot } of this.#panels) plot?.destroy();
    this.#panels = [];
    this.#plot = undefined;
    this.#root.replaceChildren();
  }

  /** Zooms by a factor around the middle, or around the cursor. */
  zoom(factor: number): void {
    const [low, high] = this.#view;
    const centre = this.#cursorX() ?? (low + high) / 2;
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

  #resetOnDoubleClick(): null {
    this.reset();
    return null; // uPlot wants no value of it
  }

  #setView([low, high]: View): void {
    if (!this.#plot) return;
    const [first, last] = fullView(this.#plot);
    const view: View = [Math.max(first, low), Math.min(last, high)];
    // Closer than a few rows there is nothing to see, and dates lose their precision.
    if (view[1] - view[0] < 2 * this.#plot.step || view[1] <= view[0]) return;
    this.#view = view;
    void this.#draw();
  }

  async #draw(): Promise<void> {
    const plot = this.#plot;
    if (!plot || this.#width === 0) return;
    const turn = ++this.#turn;
    const [low, high] = this.#view;
    // One row more at each side, so that lines run off the edges.
    const from = Math.max(0, rowAt(plot.xs, low) - 1);
    const to = Math.min(plot.xs.length, rowAt(plot.xs, high) + 2);
    const few = to - from <= PLAIN_ROWS;
    const cuts = few ? undefined : buckets(plot.xs, from, to, Math.min(this.#width, PLAIN_ROWS));
    const xs = cuts ? centres(plot.xs, cuts) : plain(plot.xs, from, to).map((x) => x ?? 0);
    for (const [i, panel] of this.#panels.entries()) {
      const data: (number | null)[][] = [];
      for (const { values } of panel.lines) {
        data.push(...(cuts ? bandOf(thin(values, cuts)) : [plain(values, from, to)]));
        if (to - from > 100_000) await breathe();
        if (turn !== this.#turn) return;
      }
      this.#render(panel, [xs, ...data], cuts !== undefined, i === this.#panels.length - 1);
    }
    const [first, last] = fullView(plot);
    this.#onView(this.#describe(few), low > first || high < last);
  }

  #describe(few: boolean): string {
    const { time, step } = this.#plot!;
    const text = (x: number) => (time ? moment(x, step) : value(x));
    const [low, high] = this.#view;
    const how = few ? "each row is drawn" : "line: mean of a pixel; band: lowest to highest";
    return `${text(low)} to ${text(high)}${time ? " UTC" : ""}; ${how}`;
  }

  #makePanel(lines: readonly Drawn[]): Panel {
    const outputs = lines.map(() => make("span", { class: "reading" }));
    const legend = make("p", {
      class: "legend",
      children: lines.map(({ name, unit, colour }, i) =>
        make("span", {
          class: "key",
          children: [
            make("i", { attributes: { style: `--colour: var(--line-${(colour % 6) + 1})` } }),
            make("b", { text: name }),
            ...(unit ? [make("span", { class: "unit", text: unit })] : []),
            outputs[i]!,
          ],
        }),
      ),
    });
    const canvas = make("div", { class: "canvas" });
    const element = make("div", { class: "panel", children: [legend, canvas] });
    return { lines, element, canvas, outputs, plot: undefined };
  }

  /** Draws a panel anew where the number of its lines changed, else gives uPlot other data. */
  #render(panel: Panel, data: (number | null)[][], banded: boolean, last: boolean): void {
    const size = { width: this.#width, height: this.#height(last) };
    const aligned = data as uPlot.AlignedData;
    if (panel.plot && panel.plot.series.length === data.length) {
      panel.plot.setData(aligned, false);
      panel.plot.setSize(size);
      const [min, max] = this.#view;
      panel.plot.setScale("x", { min, max });
      return;
    }
    panel.plot?.destroy();
    panel.canvas.replaceChildren();
    panel.plot = new uPlot({ ...this.#options(panel, banded, last), ...size }, aligned, panel.canvas);
  }

  #height(last: boolean): number {
    const room = this.#width < 560 ? [250, 165, 140] : [380, 230, 175];
    const height = room[Math.min(this.#panels.length, room.length) - 1]!;
    return height + (last ? 24 : 0);
  }

  #options(
    { lines, outputs }: Panel,
    banded: boolean,
    last: boolean,
  ): Omit<uPlot.Options, "width" | "height"> {
    const theme = panelTheme(this.#root);
    const time = this.#plot?.time ?? true;
    return {
      ms: 1,
      tzDate: (ms) => uPlot.tzDate(new Date(ms), "Etc/UTC"),
      legend: { show: false },
      padding: [6, 12, last ? 0 : 6, 0],
      cursor: {
        // The cursor moves in all panels; a drag belongs to the one it is in.
        sync: { key: "lakota", filters: { sub: (event) => event === "mousemove" || event === "mouseleave" } },
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => this.#resetOnDoubleClick() },
        points: { size: 7, fill: (_, i) => theme.lines[this.#colourOf(lines, i, banded)]! },
      },
      scales: {
        x: { time, range: () => [this.#view[0], this.#view[1]] },
        y: { range: (_, low, high) => padded(low, high) },
      },
      axes: axes(theme, last),
      series: [{}, ...lines.flatMap(({ colour }) => strokes(theme, colour, banded))],
      bands: banded
        ? lines.map(({ colour }, i) => ({
            series: [3 * i + 3, 3 * i + 2] as [number, number],
            fill: theme.bands[colour % theme.bands.length]!,
          }))
        : [],
      plugins: [touchSelect()],
      hooks: {
        setSelect: [(plot) => this.#onSelect(plot)],
        setCursor: [(plot) => this.#readout(plot, lines, outputs, banded)],
      },
    };
  }

  #colourOf(lines: readonly Drawn[], series: number, banded: boolean): number {
    const line = lines[Math.floor((series - 1) / (banded ? 3 : 1))];
    return (line?.colour ?? 0) % 6;
  }

  #onSelect(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width === 0) return;
    const view: View = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width >= 8) this.#setView(view); // less is a slip of the hand
  }

  #readout(plot: uPlot, lines: readonly Drawn[], outputs: readonly HTMLElement[], banded: boolean): void {
    const at = plot.cursor.idx;
    lines.forEach((_, i) => {
      const series = banded ? [3 * i + 1, 3 * i + 2, 3 * i + 3] : [i + 1];
      const [mean, low, high] = series.map((s) => (at == null ? undefined : plot.data[s]?.[at]));
      outputs[i]!.textContent = at == null ? "" : readingOf(mean, low, high);
    });
    if (plot !== this.#panels[0]?.plot) return;
    const x = at == null ? undefined : plot.data[0]?.[at];
    this.#onCursor(x === undefined || !this.#plot ? "" : this.#xText(x));
  }

  #xText(x: number): string {
    const { time, step } = this.#plot!;
    return time ? `${moment(Math.round(x), step)} UTC` : value(x);
  }

  #cursorX(): number | undefined {
    const plot = this.#panels[0]?.plot;
    const at = plot?.cursor.idx;
    return at == null ? undefined : plot?.data[0]?.[at];
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

  /** Puts the cursor on the point so many further, and says what is there. */
  #moveCursor(steps: number): void {
    const plot = this.#panels[0]?.plot;
    const xs = plot?.data[0];
    if (!plot || !xs || xs.length === 0) return;
    const now = plot.cursor.idx ?? Math.floor(xs.length / 2);
    const at = Math.max(0, Math.min(xs.length - 1, now + steps));
    for (const { plot: each } of this.#panels) {
      each?.setCursor({ left: each.valToPos(xs[at]!, "x"), top: each.over.clientHeight / 2 });
    }
    const values = this.#panels.flatMap(({ lines, outputs }) =>
      lines.map(({ name, unit = "" }, i) => `${name} ${outputs[i]!.textContent} ${unit}`.trim()),
    );
    this.#root.dispatchEvent(
      new CustomEvent("say", { detail: `${this.#xText(xs[at]!)}: ${values.join(", ")}` }),
    );
  }

  /** Colours are part of uPlot's options. */
  #rebuild(): void {
    for (const panel of this.#panels) {
      panel.plot?.destroy();
      panel.plot = undefined;
    }
    void this.#draw();
  }
}

/** A mean line, and the two invisible ones that hold its band. */
const bandOf = ({ mean, low, high }: Thinned) => [mean, low, high];

function strokes(theme: Theme, colour: number, banded: boolean): uPlot.Series[] {
  const line: uPlot.Series = {
    stroke: theme.lines[colour % theme.lines.length]!,
    width: 1.5,
    points: { show: false },
  };
  if (!banded) return [line];
  const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
  return [line, edge, edge];
}

function axes(theme: Theme, last: boolean): uPlot.Axis[] {
  const common = {
    stroke: theme.muted,
    font: theme.font,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { show: false },
  };
  return [
    { ...common, space: 72, ...(last ? { size: 30, gap: 8 } : { size: 0, values: () => [] }) },
    { ...common, size: 58, gap: 8, space: 34, values: (_, splits) => splits.map(tick) },
  ];
}

function readingOf(mean?: number | null, low?: number | null, high?: number | null): string {
  if (mean == null) return "missing";
  if (low == null || high == null || low === high) return value(mean);
  return `${value(mean)} (${value(low)} to ${value(high)})`;
}

/** A twentieth of air above and below. */
function padded(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const air = high > low ? (high - low) / 20 : Math.abs(high) / 20 || 1;
  return [low - air, high + air];
}

function fullView({ xs, step }: Plot): View {
  const [first, last] = [xs[0] ?? 0, xs[xs.length - 1] ?? 1];
  return first < last ? [first, last] : [first - (step || 1), last + (step || 1)];
}
