import { AXIS_HEIGHT, TIME_SPACE, Y_SPACE } from "./axes.ts";
import type { BarLayout } from "./bars.ts";
import type { LineShape, XRange } from "./chart-data.ts";
import type { PictureKey, PictureTexts } from "./image.ts";
import { logLabels, logTicks } from "./log-ticks.ts";
import { linearTicks, numberLabels } from "./number-ticks.ts";
import { bandPath, barsPath, linePath, place, pointPlaces } from "./svg-paths.ts";
import { timeTicks } from "./time-ticks.ts";

/** One line of a panel. Its key has name, unit and colour. */
export interface SvgLine {
  readonly key: PictureKey;
  readonly shape: LineShape;
  readonly y: readonly (number | null | undefined)[];
  /** The lowest and highest values of its band; undefined without one. */
  readonly band: Record<"low" | "high", readonly (number | null | undefined)[]> | undefined;
}

/** What a panel draws. Lengths are in CSS pixels. */
export interface SvgPanel {
  readonly xs: readonly number[];
  /** Those that are not hidden. */
  readonly lines: readonly SvgLine[];
  /** What the panel does not draw. */
  readonly note: string;
  readonly y: { readonly range: XRange; readonly log: boolean; readonly bool: boolean };
  readonly bars: BarLayout;
  readonly height: number;
}

/** What all panels share, and the colours. */
export interface SvgFrame {
  readonly width: number;
  /** Width of the y axes. */
  readonly axisWidth: number;
  readonly x: {
    readonly range: XRange;
    readonly time: boolean;
    readonly step: number;
    readonly zone: string;
  };
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly paper: string;
}

const MARGIN = 16;
const LINE = 22;
/** Space for half a label. */
const RIGHT = 28;
/** Usual width of a character, as a share of the size of the font: nothing is measured. */
const CHARACTER = 0.56;
/** Least distance between points, at which each is drawn beside its line. */
const POINT_SPACE = 14;

/** Returns panels as an SVG file, with all that one has to know to read it. */
export function renderSvg(panels: readonly SvgPanel[], frame: SvgFrame, texts: PictureTexts): string {
  const parts: string[] = [];
  let top = MARGIN + LINE / 2;
  parts.push(text(texts.title, MARGIN, top, { size: 18, weight: 650, fill: frame.ink }));
  top += LINE;
  parts.push(text(texts.range, MARGIN, top, { size: 13, fill: frame.muted }));
  top += 0.9 * LINE;
  panels.forEach((panel, i) => {
    const keys = drawKeys(panel, frame, top);
    parts.push(...keys.parts);
    top += keys.height + 6;
    const isLast = i === panels.length - 1;
    parts.push(...drawPanel(panel, frame, top, `plot-${i}`, isLast));
    top += panel.height + (isLast ? AXIS_HEIGHT : 14);
  });
  for (const caption of texts.captions.filter(Boolean)) {
    parts.push(text(caption, MARGIN, top + LINE / 2, { size: 13, fill: frame.muted }));
    top += LINE;
  }
  const [width, height] = [Math.ceil(frame.width + 2 * MARGIN), Math.ceil(top + MARGIN)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, sans-serif" dominant-baseline="middle">`,
    `<title>${escapeXml(texts.title)}</title>`,
    `<desc>${escapeXml([texts.range, ...texts.captions].filter(Boolean).join(". "))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${frame.paper}"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** Draws the names of lines, in as many rows as they need. */
function drawKeys({ lines, note }: SvgPanel, { width, ink, muted }: SvgFrame, top: number) {
  const parts: string[] = [];
  let [left, row] = [MARGIN, top + LINE / 2];
  const add = (label: string, mark: string, style: TextStyle, indent: number) => {
    const length = indent + label.length * 13 * CHARACTER + 18;
    if (left > MARGIN && left + length > MARGIN + width) [left, row] = [MARGIN, row + LINE];
    if (mark) parts.push(`<path d="M${place(left)} ${place(row)}h14" ${mark}/>`);
    parts.push(text(label, left + indent, row, style));
    left += length;
  };
  for (const { key } of lines)
    add(key.text, `${stroke(key, 3)} fill="none"`, { size: 13, weight: 600, fill: ink }, 20);
  if (note) add(note, "", { size: 13, fill: muted }, 0);
  return { parts, height: row + LINE / 2 - top };
}

function drawPanel(panel: SvgPanel, frame: SvgFrame, top: number, id: string, isLast: boolean): string[] {
  const { xs, lines, y: scale, bars, height } = panel;
  const left = MARGIN + frame.axisWidth;
  const width = frame.width - frame.axisWidth - RIGHT;
  const [first, last] = frame.x.range;
  const x = (value: number) => left + ((value - first) / (last - first)) * width;
  const warp = scale.log ? Math.log : (value: number) => value;
  const [low, high] = scale.range.map(warp) as [number, number];
  const y = (value: number) => top + height - ((warp(value) - low) / (high - low)) * height;
  const base = scale.log ? top + height : y(0);
  const areSparse = (values: SvgLine["y"]) =>
    values.filter((value) => typeof value === "number").length * POINT_SPACE <= width;
  const drawn = lines.flatMap(({ key, shape, y: ys, band }, slot) => {
    if (shape === "bars")
      return [`<path d="${barsPath(xs, ys, { x, y, base }, slot, bars)}" fill="${key.colour}"/>`];
    const points = pointPlaces(xs, ys, shape === "points" || areSparse(ys), x, y);
    return [
      band &&
        `<path d="${bandPath(xs, band.low, band.high, x, y)}" fill="${key.colour}" fill-opacity="0.22"/>`,
      shape !== "points" &&
        `<path d="${linePath(xs, ys, x, y, shape === "steps")}" fill="none" stroke-linejoin="round" ${stroke(key, 1.5)}/>`,
      ...points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5" fill="${key.colour}"/>`),
    ].filter((part) => typeof part === "string");
  });
  return [
    `<clipPath id="${id}"><rect x="${place(left)}" y="${place(top)}" width="${place(width)}" height="${height}"/></clipPath>`,
    ...drawYAxis(panel, frame, { left, width, y }),
    ...drawXAxis(frame, { top, height, width, x, isLast }),
    `<g clip-path="url(#${id})">`,
    ...drawn,
    "</g>",
  ];
}

function drawYAxis(
  { y: { range, log, bool }, height }: SvgPanel,
  { grid, muted }: SvgFrame,
  { left, width, y }: { left: number; width: number; y: (value: number) => number },
): string[] {
  const [low, high] = range;
  const ticks = bool ? [0, 1] : log ? logTicks(low, high, height) : linearTicks(low, high, height, Y_SPACE);
  const labels = bool ? ["false", "true"] : log ? logLabels(ticks) : numberLabels(ticks);
  return ticks.flatMap((tick, i) => [
    `<path d="M${place(left)} ${place(y(tick))}h${place(width)}" stroke="${grid}"/>`,
    text(labels[i]!, left - 8, y(tick), { size: 12, fill: muted, anchor: "end" }),
  ]);
}

function drawXAxis(
  { x: { range, time, step, zone }, grid, muted }: SvgFrame,
  {
    top,
    height,
    width,
    x,
    isLast,
  }: { top: number; height: number; width: number; x: (value: number) => number; isLast: boolean },
): string[] {
  const [low, high] = range;
  const numbers = linearTicks(low, high, width, TIME_SPACE);
  const ticks = time
    ? timeTicks(low, high, ((high - low) / width) * TIME_SPACE, step, zone)
    : { at: numbers, labels: numberLabels(numbers) };
  return ticks.at.flatMap((tick, i) => [
    `<path d="M${place(x(tick))} ${place(top)}v${height}" stroke="${grid}"/>`,
    ...(isLast ? ticks.labels[i]!.split("\n") : []).map((line, row) =>
      text(line, x(tick), top + height + 14 + 15 * row, { size: 12, fill: muted, anchor: "middle" }),
    ),
  ]);
}

const stroke = ({ colour, dash }: PictureKey, width: number): string =>
  `stroke="${colour}" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash.join(" ")}"` : ""}`;

interface TextStyle {
  size: number;
  fill: string;
  weight?: number;
  anchor?: "middle" | "end";
}

function text(content: string, x: number, y: number, { size, fill, weight, anchor }: TextStyle): string {
  const style = `${weight ? ` font-weight="${weight}"` : ""}${anchor ? ` text-anchor="${anchor}"` : ""}`;
  return `<text x="${place(x)}" y="${place(y)}" font-size="${size}" fill="${fill}"${style}>${escapeXml(content)}</text>`;
}

/** Escapes text for XML; characters that XML does not have are dropped. */
function escapeXml(content: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return content
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ufffd\u{10000}-\u{10ffff}]/gu, "")
    .replace(/[&<>"]/g, (character) => entities[character]!);
}
