import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Cost } from "./step.ts";

/** What one operation took on a collection of one size. */
export interface Curve extends Cost {
  readonly what: string;
  readonly operation: string;
  readonly kind: string;
  readonly count: number;
}

/** The pictures: what is drawn over what. */
const PICTURES = [
  {
    name: "series-write",
    what: "series",
    operation: "write",
    y: (cost: Cost) => cost.written / 1e3,
    label: "kB stored by a write of ten rows",
  },
  {
    name: "series-refresh",
    what: "series",
    operation: "refresh",
    y: (cost: Cost) => cost.read / 1e3,
    label: "kB read by a refresh",
  },
  {
    name: "series-cpu",
    what: "series",
    operation: "write",
    y: (cost: Cost) => cost.cpu,
    label: "ms of CPU of a write",
  },
  {
    name: "revisions-write",
    what: "revisions",
    operation: "write",
    y: (cost: Cost) => cost.cpu,
    label: "ms of CPU of a write",
  },
] as const;

/** Writes pictures of some curves, as SVG, to a folder. */
export async function writeCurves(curves: readonly Curve[], folder: string): Promise<void> {
  const { document } = parseHTML("<html></html>");
  for (const { name, what, operation, y, label } of PICTURES) {
    const data = curves
      .filter((curve) => curve.what === what && curve.operation === operation)
      .map((curve) => ({ count: curve.count, value: y(curve), table: curve.kind }));
    if (data.length === 0) continue;
    const plot = Plot.plot({
      document: document as unknown as Document,
      width: 480,
      height: 320,
      marginLeft: 56,
      style: { background: "white", fontFamily: "system-ui, sans-serif" },
      x: { type: "log", label: what, grid: true, ticks: 5, tickFormat: "~s" },
      y: { type: "log", label, grid: true, tickFormat: "~s" },
      color: { domain: ["flat", "tree"], range: ["#c2410c", "#1d4ed8"] },
      marks: [
        Plot.line(data, { x: "count", y: "value", stroke: "table" }),
        Plot.dot(data, { x: "count", y: "value", fill: "table" }),
        Plot.text(
          data.filter(({ count }) => count === Math.max(...data.map((one) => one.count))),
          {
            x: "count",
            y: "value",
            text: "table",
            fill: "table",
            dy: -10,
            dx: -4,
          },
        ),
      ],
    });
    await writeFile(join(folder, `growth-${name}.svg`), `${plot.outerHTML}\n`);
  }
}
