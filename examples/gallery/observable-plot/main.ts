import * as Plot from "@observablehq/plot";
import { connect, type Downsampled, type Points } from "lakota";

const status = document.querySelector("output")!;
const charts = document.querySelector("#charts")!;

try {
  // Or connect("s3://bucket/prefix", { region, credentials }).
  const repo = await connect(new URL("../repository", location.href).href);
  const collection = await repo.collection("temperature", { allowStale: true });
  const days = { start: "2024-01-01", stop: "2026-01-01", points: 731, method: "mean" } as const;
  const drawn = new Map<string, { data: Downsampled; chart: Element }>();
  const reads = new Map<string, Promise<void>>();

  const show = (label: string, data: Downsampled) => {
    if (drawn.get(label)?.data === data) return; // the same object: nothing has changed
    drawn.set(label, { data, chart: draw(label, data.columns.celsius!) });
    const labels = [...drawn.keys()].sort();
    charts.replaceChildren(...labels.map((each) => drawn.get(each)!.chart));
    const rows = [...drawn.values()].reduce((sum, each) => sum + each.data.rows, 0);
    status.textContent = `${rows.toLocaleString("en")} rows`;
  };
  const read = async (label: string) => {
    const onStale = (data: Downsampled) => show(label, data);
    show(label, await collection.series(label).downsample({ ...days, onStale }));
  };
  const readAll = (labels: readonly string[]) => {
    for (const label of labels) if (!reads.has(label)) reads.set(label, read(label));
    return Promise.all(reads.values());
  };
  // Both lists and series are first shown as the last visit knew them.
  await readAll(await collection.ls({ onStale: (known) => void readAll(known).catch(() => {}) }));
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
