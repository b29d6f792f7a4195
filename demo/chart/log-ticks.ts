import { linearTicks, numberLabels } from "./number-ticks.ts";

/** Least distance between the ticks of a logarithmic axis, in CSS pixels. */
const SPACE = 26;
/** The same for an axis so short that it looks linear. */
const LINEAR_SPACE = 34;
/** Ticks in each decade, from many to few. */
const DECADES: readonly (readonly number[])[] = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];

/**
 * Returns the round values of a logarithmic axis: some of each decade, or evenly spaced ones where the axis is shorter than
 * that.
 *
 * @param pixels length of the axis
 */
export function logTicks(low: number, high: number, pixels: number): number[] {
  const decades = Math.log10(high / low);
  if (decades < 0.7) return linearTicks(low, high, pixels, LINEAR_SPACE);
  const perDecade = pixels / decades;
  const fits = DECADES.find((steps) => perDecade * closest(steps) >= SPACE) ?? [1];
  const stride = Math.max(1, Math.ceil(SPACE / perDecade));
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, i) => first + i);
  return powers
    .filter((power) => power % stride === 0)
    .flatMap((power) => fits.map((step) => Number(`${step}e${power}`)))
    .filter((tick) => tick >= low && tick <= high);
}

/** Returns the least distance between ticks, in decades. */
const closest = (steps: readonly number[]): number =>
  Math.min(...steps.map((step, i) => Math.log10((steps[i + 1] ?? 10) / step)));

/** Returns labels that each have the digits they need: these ticks are not evenly spaced. */
export const logLabels = (ticks: readonly number[]): string[] => {
  const isEven =
    ticks.length > 2 && Math.abs(ticks[1]! - ticks[0]! - (ticks[2]! - ticks[1]!)) < 1e-9 * ticks[2]!;
  return isEven ? numberLabels(ticks) : ticks.map((tick) => numberLabels([tick])[0]!);
};
