import * as Plot from "@observablehq/plot";
import { connect, type Points } from "lakota";

const status = document.querySelector("output")!;
const charts = document.querySelector("#charts")!;

try {
  // Or connect("s3://bucket/prefix", { region, credentials }).
  const repo = await connect(new URL("../repository", location.href).href);
  const collection = await repo.collection("temperature");
  const labels = await collection.ls();
  const days = { start: "2024-01-01", stop: "2026-01-01", points: 731, method: "mean" } as const;
  const all = await Promise.all(labels.map((label) => collection.series(label).downsample(days)));
  charts.replaceChildren(...all.map(({ columns }, i) => draw(labels[i]!, columns.celsius!)));
  const rows = all.reduce((sum, each) => sum + each.rows, 0);
  status.textContent = `${rows.toLocaleString("en")} rows`;
} catch (error) {
  status.className = "error";
  status.textContent = (error as Error).message;
}

/**
 * Plot takes columns as channels: the typed arrays y, low and high are drawn as they are, and x as UTC times.
 */
function draw(label: string, { x, y, low, high }: Points): Element {
  const rows = { length: x.length };
  const colour = "#1fa187";
  const ariaHidden = "true"; // hundreds of points are useless to screen readers
  return Plot.plot({
    title: label,
    width: charts.clientWidth,
    height: 190,
    x: { type: "utc", label: null },
    y: { label: "°C", grid: true },
    marks: [
      Plot.areaY(rows, { x, y1: low, y2: high, fill: colour, fillOpacity: 0.35, ariaHidden }),
      Plot.lineY(rows, { x, y, stroke: colour, strokeWidth: 1, ariaHidden }),
    ],
  });
}
