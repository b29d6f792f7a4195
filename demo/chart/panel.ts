import uPlot from "uplot";
import { createElement } from "../page/dom.ts";
import { AXIS_HEIGHT } from "./axes.ts";
import { Legend, type LegendEvents } from "./legend.ts";
import { type PanelContent, type PanelLine, PanelStyle } from "./panel-content.ts";
import type { DrawnPanel } from "./panel-pictures.ts";
import { type PlotEvents, plotOptions } from "./plot-options.ts";
import { readingsAt } from "./readings.ts";
import type { Reading } from "./tooltip.ts";

/** Events of a panel, for the chart. */
export interface PanelEvents extends LegendEvents, Omit<PlotEvents, "cursor"> {
  /** The cursor is at this x; undefined if it left the chart. */
  cursor(x: number | undefined): void;
  /** The pointer moves over this panel. */
  enter(panel: Panel): void;
}

/** One y axis with its lines, and a legend that shows their values at the cursor. */
export class Panel {
  readonly element: HTMLElement;
  readonly #lines: readonly PanelLine[];
  readonly #events: PanelEvents;
  readonly #canvas = createElement("div", { class: "canvas" });
  readonly #legend: Legend;
  #content: PanelContent | undefined;
  #plot: uPlot | undefined;
  /** What the plot was created with, and cannot be changed of it. */
  #created = "";
  #readings: readonly Reading[] = [];

  constructor(lines: readonly PanelLine[], events: PanelEvents) {
    this.#lines = lines;
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
    const style = new PanelStyle(this.#lines, content);
    const columns = content.lines.flatMap(({ y, low, high }) => (style.isBanded ? [y, low, high] : [y]));
    const data: uPlot.AlignedData = [content.xs, ...columns];
    const size = { width, height: content.height + (last ? AXIS_HEIGHT : 0) };
    this.#legend.hide(hidden);
    this.#legend.note = style.note;
    const created = JSON.stringify([data.length, style.shapes, style.isLog, last, time, zone, step]);
    if (this.#plot && created === this.#created) {
      const plot = this.#plot;
      plot.batch(() => {
        this.#hide(plot, style);
        plot.setData(data, false);
        plot.setSize(size);
        plot.setScale("x", { min: view[0], max: view[1] });
      });
      return;
    }
    this.destroy();
    this.#created = created;
    const panel = { element: this.element, lines: this.#lines, content: () => this.#content ?? content };
    const events = { ...this.#events, cursor: (plot: uPlot) => this.#onCursor(plot) };
    this.#plot = new uPlot({ ...plotOptions(panel, events), ...size }, data, this.#canvas);
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

  /** How the lines are drawn; undefined before they are. */
  get style(): PanelStyle | undefined {
    return this.#content && new PanelStyle(this.#lines, this.#content);
  }

  /** The panel as it is drawn; undefined before it is. */
  get drawn(): DrawnPanel | undefined {
    const [content, plot] = [this.#content, this.#plot];
    const { min, max } = plot?.scales.y ?? {};
    if (!content || !plot || min === undefined || max === undefined) return undefined;
    const { element } = this;
    return { element, lines: this.#lines, content, canvas: plot.ctx.canvas, range: [min, max] };
  }

  #hide(plot: uPlot, style: PanelStyle): void {
    const size = style.isBanded ? 3 : 1;
    this.#lines.forEach((_, i) => {
      const show = !style.isHidden(i);
      for (let n = 0; n < size; n++) {
        const at = 1 + i * size + n;
        if (plot.series[at]?.show !== show) plot.setSeries(at, { show });
      }
    });
  }

  #onCursor(plot: uPlot): void {
    const content = this.#content;
    const at = plot.cursor.idx ?? undefined;
    if (!content) return;
    const texts = readingsAt(this.#lines, content, at);
    this.#legend.show(texts);
    this.#readings = this.#lines.flatMap((line, i) => {
      const text = texts[i];
      return text === undefined ? [] : [{ name: line.name, unit: line.unit, line, text }];
    });
    this.#events.cursor(at === undefined ? undefined : plot.data[0][at]);
  }
}
