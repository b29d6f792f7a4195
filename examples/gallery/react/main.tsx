import type { Downsampled } from "lakota";
import { useCollection, useDownsampled, useRepo } from "lakota/react";
import { StrictMode, Suspense, useState } from "react";
import { createRoot } from "react-dom/client";
import { Chart, type Range } from "./Chart.tsx";
import { ErrorBoundary } from "./ErrorBoundary.tsx";

/** The new range, as fractions of the visible one. */
const MOVES = { "Zoom in": [0.25, 0.75], "Zoom out": [-0.5, 1.5], Earlier: [-0.5, 0.5], Later: [0.5, 1.5] };

function Roof() {
  // Or useRepo("s3://bucket/prefix", { region, credentials }).
  const repo = useRepo(new URL("../repository", location.href).href);
  const temperature = useCollection(repo, "temperature", { allowStale: true });
  const [range, setRange] = useState<Range>({});
  const { data, error } = useDownsampled(temperature, "roof", { ...range, points: 2 * innerWidth });
  const points = data?.columns.celsius;
  const move = ([from = 0, to = 1]: number[]) => {
    const { start = points?.x[0] ?? 0, stop = points?.x.at(-1) ?? 0 } = range;
    setRange({ start: start + from * (stop - start), stop: start + to * (stop - start) });
  };
  return (
    <>
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
      {error ? <output className="error">{String(error)}</output> : <output>{describe(data)}</output>}
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
    <h1>Roof</h1>
    <p>Drag across the chart to zoom, double-click to see all. New rows appear by themselves.</p>
    <ErrorBoundary>
      <Suspense fallback={<output>Connecting …</output>}>
        <Roof />
      </Suspense>
    </ErrorBoundary>
  </StrictMode>,
);
