import type { Points } from "lakota";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

/** A part of the x axis, in epoch milliseconds. Default: from the first row to the last. */
export interface Range {
  start?: number;
  stop?: number;
}

interface ChartProps {
  label: string;
  points: Points;
  range: Range;
  /** Called with the range that the user selects; with an empty one after a double-click. */
  onSelect(range: Range): void;
}

/** uPlot as a component. The plot is created once; its data are set whenever the points change. */
export function Chart({ label, points: { x, y }, range: { start, stop }, onSelect }: ChartProps) {
  const box = useRef<HTMLElement>(null);
  const [chart, setChart] = useState<uPlot>();
  const select = useEffectEvent(onSelect);

  useEffect(() => {
    const element = box.current!;
    const plot = new uPlot(optionsOf(element, label, select), [[], []], element);
    plot.over.addEventListener("dblclick", () => select({}));
    const resize = new ResizeObserver(() =>
      plot.setSize({ width: element.clientWidth, height: plot.height }),
    );
    resize.observe(element);
    const unmounted = new AbortController();
    const { signal } = unmounted;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => plot.redraw(), { signal });
    setChart(plot);
    return () => {
      unmounted.abort();
      resize.disconnect();
      plot.destroy();
    };
  }, [label]);

  useEffect(() => {
    chart?.setData([x, y], false);
    chart?.setScale("x", { min: start ?? x[0] ?? 0, max: stop ?? x.at(-1) ?? 0 });
  }, [chart, x, y, start, stop]);

  return <figure ref={box} />;
}

function optionsOf(box: HTMLElement, label: string, select: (range: Range) => void): uPlot.Options {
  const stroke = () => getComputedStyle(box).color;
  const axis = { stroke, grid: { stroke: "#8883" }, ticks: { stroke: "#8883" } };
  const onSelect = (chart: uPlot) => {
    const { left, width } = chart.select;
    if (width === 0) return;
    chart.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    select({ start: chart.posToVal(left, "x"), stop: chart.posToVal(left + width, "x") });
  };
  return {
    width: box.clientWidth,
    height: 360,
    ms: 1,
    tzDate: (milliseconds) => uPlot.tzDate(new Date(milliseconds), "UTC"),
    series: [{}, { label, stroke: "#d9650c" }],
    axes: [axis, axis],
    cursor: { drag: { setScale: false } },
    hooks: { setSelect: [onSelect] },
  };
}
