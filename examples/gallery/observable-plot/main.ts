import * as Plot from "@observablehq/plot";
import { connect, type Points } from "lakota";

const says = document.querySelector("output")!;
const charts = document.querySelector("#charts")!;

try {
  // Or "s3://bucket/prefix", with { region, credentials } beside it.
  const repo = await connect(new URL("../repository", location.href).href);
  const collection = await repo.collection("temperature");
  const labels = await collection.ls();
  const days = { start: "2024-01-01", stop: "2026-01-01", points: 731, method: "mean" } as const;
  const all = await Promise.all(labels.map((label) => collection.series(label).downsample(days)));
  charts.replaceChildren(...all.map(({ columns }, i) => draw(labels[i]!, columns.celsius!)));
  const rows = all.reduce((sum, each) => sum + each.rows, 0);
  says.textContent = `${rows.toLocaleString("en")} rows`;
} catch (error) {
  says.className = "error";
  says.textContent = (error as Error).message;
}

/** Plot takes columns as they are: it draws y, low and high from our arrays, and makes dates of x for its axis. */
function draw(label: string, { x, y, low, high }: Points): Element {
  const rows = { length: x.length };
  const colour = "#1fa187";
  const ariaHidden = "true"; // a screen reader has nothing of so many corners
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
