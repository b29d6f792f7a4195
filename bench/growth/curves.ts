import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import type { Cost, Operation } from "./step.ts";

/** What one operation took on a collection of one size. */
export interface Curve extends Cost {
  readonly what: "series" | "revisions" | "heads" | "rows";
  readonly operation: Operation;
  readonly kind: TableKind | "Python";
  readonly count: number;
}

interface Picture extends Pick<Curve, "what" | "operation"> {
  readonly name: string;
  readonly y: (cost: Cost) => number;
  /** With its unit. */
  readonly label: string;
}

const kilobytesRead = ({ read }: Cost) => read / 1e3;
const kilobytesWritten = ({ written }: Cost) => written / 1e3;
const milliseconds = ({ cpu }: Cost) => cpu;
const megabytes = ({ memory }: Cost) => memory / 1e6;

const PICTURES: readonly Picture[] = [
  {
    name: "series-write",
    what: "series",
    operation: "write",
    y: kilobytesWritten,
    label: "kB stored by a write of ten rows",
  },
  {
    name: "series-write-cpu",
    what: "series",
    operation: "write",
    y: milliseconds,
    label: "ms of CPU of a write of ten rows",
  },
  {
    name: "series-refresh",
    what: "series",
    operation: "refresh",
    y: kilobytesRead,
    label: "kB read after another's write",
  },
  {
    name: "series-tail",
    what: "series",
    operation: "tail",
    y: kilobytesRead,
    label: "kB read by a first look at one series",
  },
  {
    name: "series-tail-memory",
    what: "series",
    operation: "tail",
    y: megabytes,
    label: "MB of memory of a reader of one series",
  },
  {
    name: "series-fill",
    what: "series",
    operation: "fill",
    y: ({ cpu }) => cpu / 1e3,
    label: "s of CPU to write 100 rows of each",
  },
  {
    name: "series-fill-memory",
    what: "series",
    operation: "fill",
    y: megabytes,
    label: "MB of memory to write 100 rows of each",
  },
  {
    name: "series-pull",
    what: "series",
    operation: "pull",
    y: kilobytesRead,
    label: "kB read by a pull after 100 have changed",
  },
  {
    name: "revisions-write",
    what: "revisions",
    operation: "write",
    y: milliseconds,
    label: "ms of CPU of a write of ten rows",
  },
  {
    name: "revisions-tail",
    what: "revisions",
    operation: "tail",
    y: milliseconds,
    label: "ms of CPU of a first look at one series",
  },
  {
    name: "rows-tail",
    what: "rows",
    operation: "tail",
    y: kilobytesRead,
    label: "kB read by a first look at the last ten",
  },
  {
    name: "rows-write",
    what: "rows",
    operation: "write",
    y: kilobytesWritten,
    label: "kB stored by a write of ten rows",
  },
];

/** Readable on white and, as the pictures are, for those who cannot tell red from green. */
const COLORS = { flat: "#c2410c", tree: "#1d4ed8", Python: "#6b7280" };
const SYMBOLS = { flat: "circle", tree: "square", Python: "triangle" } as const;
const KINDS = ["flat", "tree", "Python"] as const;
/** Width of an entry of the legend. */
const LEGEND_WIDTH = 64;

/** Writes pictures of some curves, as SVG, to a folder. */
export async function writeCurves(curves: readonly Curve[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const picture of PICTURES) {
    const svg = draw(picture, curves);
    if (svg !== undefined) await writeFile(join(folder, `growth-${picture.name}.svg`), `${svg}\n`);
  }
}

/** Returns a picture; undefined where nothing was measured. */
function draw({ what, operation, y, label }: Picture, curves: readonly Curve[]): string | undefined {
  const data = curves
    .filter((curve) => curve.what === what && curve.operation === operation)
    .map((curve) => ({ count: curve.count, value: y(curve), kind: curve.kind }))
    .filter(({ value }) => value > 0);
  if (data.length === 0) return undefined;
  const [xs, ys] = [decades(data.map(({ count }) => count)), decades(data.map(({ value }) => value))];
  const kinds = KINDS.filter((kind) => data.some((one) => one.kind === kind));
  const legend = kinds.flatMap((kind, i) => {
    const place = { frameAnchor: "top-right", dx: LEGEND_WIDTH * (i - kinds.length) } as const;
    const mark = { fill: COLORS[kind], symbol: SYMBOLS[kind], r: 4 };
    return [
      Plot.dot([kind], { ...place, ...mark, dy: -18 }),
      Plot.text([kind], {
        ...place,
        text: [kind],
        fill: COLORS[kind],
        textAnchor: "start",
        dx: place.dx + 8,
        dy: -24,
        fontWeight: "bold",
      }),
    ];
  });
  const { document } = parseHTML("<html></html>");
  const plot = Plot.plot({
    document: document as unknown as Document,
    width: 480,
    height: 320,
    marginTop: 44,
    marginLeft: 56,
    marginRight: 24,
    marginBottom: 44,
    style: { background: "white", color: "#1f2937", fontFamily: "system-ui, sans-serif", fontSize: "12px" },
    x: { type: "log", label: what, domain: ends(xs), ticks: xs, tickFormat: "~s", grid: true },
    y: { type: "log", label, domain: ends(ys), ticks: ys, tickFormat: tickText, grid: true },
    color: { domain: KINDS, range: KINDS.map((kind) => COLORS[kind]) },
    symbol: { domain: KINDS, range: KINDS.map((kind) => SYMBOLS[kind]) },
    marks: [
      Plot.line(data, { x: "count", y: "value", stroke: "kind", strokeWidth: 2 }),
      Plot.dot(data, { x: "count", y: "value", fill: "kind", symbol: "kind", r: 4 }),
      ...legend,
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return plot.outerHTML;
}

/** Returns the powers of ten around some values. */
function decades(values: readonly number[]): number[] {
  const from = Math.floor(Math.log10(Math.min(...values)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

const ends = (ticks: readonly number[]): [number, number] => [ticks[0]!, ticks.at(-1)!];

const tickText = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 3 });
