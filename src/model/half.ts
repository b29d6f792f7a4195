/** Conversion of half floats (IEEE 754 binary16): not all platforms have `Float16Array`. */

/**
 * Returns the bits of the half float nearest to `value`, ties to even, as numpy rounds. NaN loses its
 * payload.
 */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = roundToEven(size / 2 ** (exponent - 10)); // 1024 … 2048, or below 1024 for subnormals
  if (exponent === -14) return sign | steps; // a carry to 1024 is the first normal number
  return sign | (((exponent + 15) << 10) + (steps - 1024));
}

/** Returns the value of the half float with these bits. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function roundToEven(x: number): number {
  const whole = Math.floor(x);
  const rest = x - whole;
  if (rest !== 0.5) return Math.round(x);
  return whole % 2 === 0 ? whole : whole + 1;
}
