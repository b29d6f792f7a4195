import { type BarLayout, barEdges } from "./bars.ts";
import { isolated } from "./plot-series.ts";

type Values = readonly (number | null | undefined)[];
/** Returns the place of a value in the picture. */
type Scale = (value: number) => number;

/** Places with one decimal: more cannot be seen. */
export const place = (n: number): string => String(Math.round(n * 10) / 10);

/** Returns the data of a path through the points of a line, which ends at gaps. @param steps whether values hold until the next */
export function linePath(xs: readonly number[], ys: Values, x: Scale, y: Scale, steps: boolean): string {
  let isDrawing = false;
  const parts: string[] = [];
  ys.forEach((value, i) => {
    if (value === undefined) return; // a point of another line
    if (value === null) {
      isDrawing = false;
      return;
    }
    const [left, top] = [place(x(xs[i]!)), place(y(value))];
    if (!isDrawing) parts.push(`M${left} ${top}`);
    else parts.push(steps ? `H${left}V${top}` : `L${left} ${top}`);
    isDrawing = true;
  });
  return parts.join("");
}

/** Returns the data of closed paths between two lines, each without gaps. */
export function bandPath(xs: readonly number[], low: Values, high: Values, x: Scale, y: Scale): string {
  const stretches: [left: string, low: string, high: string][][] = [[]];
  xs.forEach((at, i) => {
    const [bottom, top] = [low[i], high[i]];
    if (bottom === null || top === null) stretches.push([]);
    else if (bottom !== undefined && top !== undefined)
      stretches.at(-1)!.push([place(x(at)), place(y(bottom)), place(y(top))]);
  });
  return stretches
    .filter(({ length }) => length > 0)
    .map((points) => {
      const there = points.map(([left, , top]) => `${left} ${top}`);
      const back = points.toReversed().map(([left, bottom]) => `${left} ${bottom}`);
      return `M${[...there, ...back].join("L")}Z`;
    })
    .join("");
}

/** Returns the data of rectangles from a base to each value. */
export function barsPath(
  xs: readonly number[],
  ys: Values,
  { x, y, base }: { x: Scale; y: Scale; base: number },
  slot: number,
  layout: BarLayout,
): string {
  return ys
    .map((value, i) => {
      if (value === null || value === undefined) return "";
      const [left, right] = barEdges(xs[i]!, slot, layout).map(x);
      return `M${place(left!)} ${place(base)}V${place(y(value))}H${place(right!)}V${place(base)}Z`;
    })
    .join("");
}

/** Returns the places of points: of all, or only of those between two gaps, which no line is drawn through. */
export function pointPlaces(
  xs: readonly number[],
  ys: Values,
  all: boolean,
  x: Scale,
  y: Scale,
): [left: string, top: string][] {
  const rows = all ? ys.map((_, i) => i) : isolated(ys);
  return rows.flatMap((i) => {
    const value = ys[i];
    return value === null || value === undefined ? [] : [[place(x(xs[i]!)), place(y(value))]];
  });
}
