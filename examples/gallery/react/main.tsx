import { connect, type Downsampled } from "lakota";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Chart } from "./Chart.tsx";
import { type Range, useDownsampled } from "./useDownsampled.ts";

// Or connect("s3://bucket/prefix", { region, credentials }).
const series = connect(new URL("../repository", location.href).href)
  .then((repo) => repo.collection("temperature", { allowStale: true }))
  .then((collection) => collection.series("roof"));

/** The new range, as fractions of the visible one. */
const MOVES = { "Zoom in": [0.25, 0.75], "Zoom out": [-0.5, 1.5], Earlier: [-0.5, 0.5], Later: [0.5, 1.5] };

function App() {
  const [range, setRange] = useState<Range>({});
  const { data, error } = useDownsampled(series, range, 2 * innerWidth);
  const points = data?.columns.celsius;
  const move = ([from = 0, to = 1]: number[]) => {
    const { start = points?.x[0] ?? 0, stop = points?.x.at(-1) ?? 0 } = range;
    setRange({ start: start + from * (stop - start), stop: start + to * (stop - start) });
  };
  return (
    <>
      <h1>Roof</h1>
      <p>Drag across the chart to zoom, double-click to see all.</p>
      <nav>
        {Object.entries(MOVES).map(([name, to]) => (
          <button key={name} type="button" disabled={!points} onClick={() => move(to)}>
            {name}
          </button>
        ))}
        <button type="button" onClick={() => setRange({})}>
          All
        </button>
      </nav>
      {points && <Chart label="°C" points={points} range={range} onSelect={setRange} />}
      <output className={error && "error"}>{error ? error.message : describe(data)}</output>
    </>
  );
}

function describe(data: Downsampled | undefined): string {
  if (!data) return "Connecting …";
  if (data.rows === 0) return "No rows here";
  const { y } = data.columns.celsius!;
  const [low, high] = [Math.min(...y), Math.max(...y)];
  return `${data.rows.toLocaleString("en")} rows in ${y.length} points, ${low} to ${high} °C`;
}

createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
