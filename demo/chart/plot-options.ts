import type uPlot from "uplot";
import { panelAxes } from "./axes.ts";
import type { XRange } from "./chart-data.ts";
import { dragPan } from "./drag-pan.ts";
import { beyondAxis } from "./extremes.ts";
import { drawBeyond, drawMarks } from "./marks.ts";
import { type PanelContent, type PanelLine, PanelStyle } from "./panel-content.ts";
import { uplotSeries } from "./plot-series.ts";
import { panelTheme, type Theme } from "./theme.ts";
import { touchGestures } from "./touch-gestures.ts";
import { padRange } from "./y-range.ts";

/** What the user does in a plot. */
export interface PlotEvents {
  /** The user selected a range to zoom to. */
  select(range: XRange): void;
  /** The user moved the view by a fraction of its width. */
  pan(fraction: number): void;
  reset(): void;
  /** The cursor was moved, or has left the plot. */
  cursor(plot: uPlot): void;
  /** Returns the width of the y axis for labels that need this much. */
  axisWidth(needed: number): number;
}

/** The panel that a plot belongs to. */
export interface PlottedPanel {
  readonly element: Element;
  readonly lines: readonly PanelLine[];
  /** What is drawn now: a plot is used for more than one content. */
  content(): PanelContent;
}

/** Selections that are narrower, in CSS pixels, are accidental. */
const LEAST_SELECTION = 8;

/** Returns the options of a plot, all but its size. */
export function plotOptions(
  panel: PlottedPanel,
  events: PlotEvents,
): Omit<uPlot.Options, "width" | "height"> {
  const { lines } = panel;
  const { last, time, zone, step } = panel.content();
  const current = () => new PanelStyle(lines, panel.content());
  const { isBanded, isBool, isLog, shapes } = current();
  const theme = panelTheme(panel.element);
  const size = isBanded ? 3 : 1;
  const colourOf = (line: number) => (lines[line]?.colour ?? 0) % theme.lines.length;
  const plotted = lines.map((line, i) => ({
    colour: theme.lines[colourOf(i)]!,
    index: line.colour,
    isOtherState: line.otherStateOf !== undefined,
    shape: shapes[i]!,
    banded: isBanded,
    show: !current().isHidden(i),
    bars: { layout: () => current().barLayout, slot: () => current().slotOf(line.name) },
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
        dblclick: () => () => {
          events.reset();
          return null; // uPlot's type requires a value
        },
        mousedown: dragPan((fraction) => events.pan(fraction)),
      },
      points: {
        size: 7,
        width: 0,
        fill: (_, series) => theme.lines[colourOf(Math.floor((series - 1) / size))]!,
      },
    },
    scales: {
      x: { time: false, range: () => current().xRange },
      y: {
        ...(isLog && { distr: 3 }),
        range: (_, low, high) => padRange(...current().withZero(low, high), isLog),
      },
    },
    axes: panelAxes({
      theme,
      last,
      time,
      zone,
      step,
      bool: isBool,
      log: isLog,
      width: (needed) => events.axisWidth(needed),
    }),
    series: [{}, ...plotted.flatMap(uplotSeries)],
    bands: isBanded
      ? lines.map((_, i) => ({ series: [3 * i + 3, 3 * i + 2], fill: theme.bands[colourOf(i)]! }))
      : [],
    plugins: [touchGestures((range) => events.select(range))],
    hooks: {
      drawClear: [(plot) => drawMarks(plot, panel.content().marks, theme)],
      draw: [(plot) => markBeyond(plot, panel, theme)],
      setSelect: [(plot) => select(plot, events)],
      setCursor: [(plot) => events.cursor(plot)],
    },
  };
}

/** Marks where extremes that are not drawn lie outside of the y axis. */
function markBeyond(plot: uPlot, panel: PlottedPanel, theme: Theme): void {
  const content = panel.content();
  const style = new PanelStyle(panel.lines, content);
  const { min, max } = plot.scales.y ?? {};
  if (style.isBanded || !content.means || min === undefined || max === undefined) return;
  content.lines.forEach(({ low, high }, i) => {
    if (style.isHidden(i)) return;
    const colour = theme.lines[panel.lines[i]!.colour % theme.lines.length]!;
    drawBeyond(plot, beyondAxis(content.xs, low, high, [min, max]), colour);
  });
}

function select(plot: uPlot, events: PlotEvents): void {
  const { left, width } = plot.select;
  if (width === 0) return;
  const range: XRange = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (width >= LEAST_SELECTION) events.select(range);
}
