import type { Line } from "./thin.ts";

export const WIDTH = 1200;
const HEIGHT = 400;

/** A canvas on the page, and what draws a line across it. */
export function makeCanvas(): (line: Line, start: number, stop: number) => { low: number; high: number } {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.append(canvas);
  const pen = canvas.getContext("2d")!;
  return ({ x, y }, start, stop) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < y.length; i++) {
      low = Math.min(low, y[i]!);
      high = Math.max(high, y[i]!);
    }
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.beginPath();
    for (let i = 0; i < x.length; i++) {
      pen.lineTo((WIDTH * (x[i]! - start)) / (stop - start), (HEIGHT * (high - y[i]!)) / (high - low));
    }
    pen.stroke();
    return { low, high };
  };
}
