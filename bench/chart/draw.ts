import type { Line } from "./thin.ts";

export const WIDTH = 1200;
const HEIGHT = 400;

/**
 * Adds a canvas to the page. Returns a function that draws a line from `start` to `stop` and returns its extremes.
 */
export function makeCanvas(): (line: Line, start: number, stop: number) => { low: number; high: number } {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  document.body.append(canvas);
  const context = canvas.getContext("2d")!;
  return ({ x, y }, start, stop) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < y.length; i++) {
      low = Math.min(low, y[i]!);
      high = Math.max(high, y[i]!);
    }
    context.clearRect(0, 0, WIDTH, HEIGHT);
    context.beginPath();
    for (let i = 0; i < x.length; i++) {
      context.lineTo((WIDTH * (x[i]! - start)) / (stop - start), (HEIGHT * (high - y[i]!)) / (high - low));
    }
    context.stroke();
    return { low, high };
  };
}
