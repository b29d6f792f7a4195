import { formatPower } from "../page/format.ts";

/** Units of large numbers; an axis has one for all of its labels. */
const UNITS: readonly [size: number, name: string][] = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
];

/** Most digits after the point of a number with a unit: with more, the number is written out. */
const MAX_DECIMALS = 3;

/** Round distances of the ticks of numbers: 1, 2 and 5 times powers of ten. */
export const ROUND_STEPS = Array.from({ length: 49 }, (_, i) => i - 24).flatMap((power) =>
  [1, 2, 5].map((n) => Number(`${n}e${power}`)),
);

/**
 * Returns evenly spaced round values.
 *
 * @param pixels length of the axis
 * @param space least distance between two ticks, in the same unit
 */
export function linearTicks(low: number, high: number, pixels: number, space: number): number[] {
  const step = ROUND_STEPS.find((each) => (each / (high - low)) * pixels >= space);
  if (step === undefined || !(high > low)) return [];
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(15)));
}

/** Returns the labels of an axis, whose ticks are evenly spaced: all with as many decimals and the same unit. */
export function numberLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(...ticks.map(Math.abs));
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : largest;
  if (largest === 0 || step === 0) return ticks.map(() => "0");
  const unit = UNITS.find(([size]) => largest >= size);
  if (unit && decimalsOf(step / unit[0]) <= MAX_DECIMALS) {
    const [size, name] = unit;
    const text = withDecimals(decimalsOf(step / size));
    return ticks.map((tick) => (isZero(tick, step) ? "0" : `${text(tick / size)}${name}`));
  }
  if (largest >= 1e-3 && largest < 1e15) return ticks.map((tick) => withDecimals(decimalsOf(step))(tick));
  const power = Math.floor(Math.log10(largest));
  return ticks.map((tick) =>
    isZero(tick, step)
      ? "0"
      : formatPower(tick, Math.max(0, Math.min(15, power - Math.floor(Math.log10(step))) + 1)),
  );
}

/** Returns how many digits after the point a step needs to be exact. */
function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * scaled) return decimals;
  }
  return 12;
}

const withDecimals = (decimals: number): ((n: number) => string) => {
  const format = new Intl.NumberFormat("en", {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (n) => format.format(Math.abs(n) < 10 ** -decimals / 2 ? 0 : n).replace("-", "−");
};

/** Sums of steps may miss zero by a rounding error. */
const isZero = (tick: number, step: number) => Math.abs(tick) < step / 1e6;
