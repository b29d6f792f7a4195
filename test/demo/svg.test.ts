import { DOMParser } from "linkedom";
import { expect, test } from "vitest";
import { barEdges, hasSpaceForBars } from "../../demo/chart/bars.ts";
import { logLabels, logTicks } from "../../demo/chart/log-ticks.ts";
import { linearTicks } from "../../demo/chart/number-ticks.ts";
import { renderSvg, type SvgFrame, type SvgLine, type SvgPanel } from "../../demo/chart/svg.ts";
import { bandPath, linePath } from "../../demo/chart/svg-paths.ts";

const same = (n: number) => n;

const frame: SvgFrame = {
  width: 600,
  axisWidth: 50,
  x: { range: [Date.UTC(2020, 0), Date.UTC(2021, 0)], time: true, step: 86_400_000, zone: "UTC" },
  ink: "#000",
  muted: "#666",
  grid: "#ddd",
  paper: "#fff",
};
const texts = { title: "a <b> & c", range: "2020 to 2021", captions: ["Every row is drawn.", "Data: NOAA"] };
const xs = [0, 100, 200, 300].map((day) => Date.UTC(2020, 0) + day * 86_400_000);

const line = (parts: Partial<SvgLine>): SvgLine => ({
  key: { text: "price ($)", colour: "#2f5fd0", dash: undefined },
  shape: "line",
  y: [1, 10, null, 100],
  band: undefined,
  ...parts,
});
const panel = (lines: readonly SvgLine[], parts: Partial<SvgPanel> = {}): SvgPanel => ({
  xs,
  lines,
  note: "",
  y: { range: [0, 110], log: false, bool: false },
  bars: { spacing: 100 * 86_400_000, fromStart: true, slots: lines.length },
  height: 200,
  ...parts,
});
/** Parses a file, which fails if it is not XML. */
const parse = (svg: string) => new DOMParser().parseFromString(svg, "image/svg+xml");
const textsOf = (svg: string) =>
  [...parse(svg).querySelectorAll("text")].map(({ textContent }) => textContent);

test("an SVG file says what it shows: title, range, names with units, labels of both axes, and source", () => {
  const svg = renderSvg([panel([line({})], { note: "Not drawn: extremes" })], frame, texts);
  expect(parse(svg).querySelector("title")?.textContent).toBe(texts.title);
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining([
      texts.title,
      texts.range,
      "price ($)",
      "Not drawn: extremes",
      "100",
      "Jul",
      ...texts.captions,
    ]),
  );
  expect(svg).not.toContain("NaN");
});

test("lines, steps, points and bars are shapes of their own", () => {
  const of = (parts: Partial<SvgLine>) => renderSvg([panel([line(parts)])], frame, texts);
  expect(of({ shape: "steps" })).toMatch(/d="M[\d. ]+H[\d.]+V[\d.]+M/);
  const points = parse(of({ shape: "points" }));
  expect(points.querySelectorAll("circle")).toHaveLength(3);
  expect(points.querySelectorAll('path[stroke="#2f5fd0"]')).toHaveLength(1); // of the legend
  const bars = parse(of({ shape: "bars" })).querySelector('path[fill="#2f5fd0"]');
  expect(bars?.getAttribute("d")?.match(/Z/g)).toHaveLength(3);
  expect(of({ band: { low: [0, 5, null, 50], high: [2, 20, null, 110] } })).toContain('fill-opacity="0.22"');
  expect(of({ key: { text: "x", colour: "red", dash: [8, 4] } })).toContain('stroke-dasharray="8 4"');
});

test("the labels of several panels are below the last; a logarithmic axis has round values", () => {
  const log = { range: [1, 1000] as const, log: true, bool: false };
  const svg = renderSvg([panel([line({})], { y: log }), panel([line({})])], frame, texts);
  const labels = textsOf(svg);
  expect(labels.filter((label) => label === "Jul")).toHaveLength(1);
  expect(labels).toEqual(expect.arrayContaining(["1", "10", "1,000"]));
});

test("many names take several rows", () => {
  const lines = Array.from({ length: 12 }, (_, i) =>
    line({ key: { text: `a rather long name ${i}`, colour: "red", dash: undefined } }),
  );
  const svg = parse(renderSvg([panel(lines)], frame, texts));
  const places = [...svg.querySelectorAll('text[font-weight="600"]')].map((text) => ({
    x: Number(text.getAttribute("x")),
    y: Number(text.getAttribute("y")),
  }));
  expect(new Set(places.map(({ y }) => y)).size).toBeGreaterThan(2);
  expect(Math.max(...places.map(({ x }) => x))).toBeLessThan(600);
});

test("lines end at missing values, and go on over the points of other lines", () => {
  expect(linePath([0, 1, 2, 3, 4], [1, undefined, 2, null, 3], same, same, false)).toBe("M0 1L2 2M4 3");
  expect(bandPath([0, 1, 2], [1, null, 3], [2, null, 4], same, same)).toBe("M0 2L0 1ZM2 4L2 3Z");
});

test("bars stand beside one another, around their point or after it", () => {
  expect(barEdges(100, 0, { spacing: 10, fromStart: true, slots: 1 })).toEqual([101, 109]);
  expect(barEdges(100, 1, { spacing: 10, fromStart: false, slots: 2 })).toEqual([100, 104]);
  expect(hasSpaceForBars(100, 10, 300)).toBe(true);
  expect(hasSpaceForBars(100, 0.1, 300)).toBe(false);
  expect(hasSpaceForBars(100, 0, 300)).toBe(false);
});

test("ticks of numbers are round, and those of logarithms are some of each decade", () => {
  expect(linearTicks(0.05, 0.35, 100, 30)).toEqual([0.1, 0.2, 0.3]);
  expect(linearTicks(-10, 10, 300, 60)).toEqual([-10, -5, 0, 5, 10]);
  expect(logTicks(5, 700, 360)).toEqual([5, 10, 20, 50, 100, 200, 500]);
  expect(logTicks(310, 420, 360)).toEqual([320, 340, 360, 380, 400, 420]);
  expect(logTicks(1e-9, 1e9, 160)).toEqual([1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9]);
  expect(logLabels([0.01, 0.1, 1, 1e6, 2e6])).toEqual(["0.01", "0.1", "1", "1M", "2M"]);
  expect(logLabels([1.5, 2, 2.5])).toEqual(["1.5", "2.0", "2.5"]);
});
