import type uPlot from "uplot";
import type { ChangeMark } from "./chart-data.ts";
import type { Beyond } from "./extremes.ts";
import type { Theme } from "./theme.ts";

/** Share of the points from which on none is marked: marks everywhere say nothing about any of them. */
const MAX_SHARE = 0.8;
/** Up to this many extremes beyond the axis are arrows; more are a line along the edge. */
const MAX_ARROWS = 24;
/** In CSS pixels. */
const ARROW = 5;
const EDGE = 2;

/** Shades parts of the x axis, each at least two pixels wide. */
export function drawMarks(plot: uPlot, marks: readonly ChangeMark[], theme: Theme): void {
  const { top, height, left, width } = plot.bbox;
  for (const { range, kind } of marks) {
    const [from, to] = range.map((x) => plot.valToPos(x, "x", true)) as [number, number];
    const start = Math.max(left, from - 1);
    const end = Math.min(left + width, Math.max(to, from + 1) + 1);
    if (end <= start) continue;
    plot.ctx.fillStyle = theme.marks[kind];
    plot.ctx.fillRect(start, top, end - start, height);
  }
}

/** Marks, at the upper and the lower edge, where values lie beyond the y axis. */
export function drawBeyond(plot: uPlot, points: readonly Beyond[], colour: string): void {
  if (points.length > MAX_SHARE * plot.data[0].length) return;
  const { ctx } = plot;
  const { top, height, left, width } = plot.bbox;
  const inView = points
    .map((point) => ({ ...point, at: plot.valToPos(point.x, "x", true) }))
    .filter(({ at }) => at >= left && at <= left + width);
  const draw = inView.length > MAX_ARROWS ? edge : arrow;
  ctx.save();
  ctx.fillStyle = colour;
  for (const { at, above, below } of inView) {
    if (above) draw(ctx, at, top, 1);
    if (below) draw(ctx, at, top + height, -1);
  }
  ctx.restore();
}

/** @param inward 1 from the upper edge, -1 from the lower one */
function arrow(ctx: CanvasRenderingContext2D, x: number, y: number, inward: 1 | -1): void {
  const size = ARROW * devicePixelRatio;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - size, y + inward * 1.6 * size);
  ctx.lineTo(x + size, y + inward * 1.6 * size);
  ctx.fill();
}

function edge(ctx: CanvasRenderingContext2D, x: number, y: number, inward: 1 | -1): void {
  const thickness = EDGE * devicePixelRatio;
  ctx.fillRect(x - thickness / 2, inward === 1 ? y : y - thickness, thickness, thickness);
}
