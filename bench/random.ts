/** Returns a generator of numbers from 0 to 1: two steps of Marsaglia's 32-bit xorshift give the 53 bits of each. */
export function randomFractions(seed: number): () => number {
  let x = seed;
  const bits = () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x >>> 0;
  };
  return () => ((bits() >>> 6) * 2 ** 27 + (bits() >>> 5)) / 2 ** 53;
}

/** Returns a random walk that starts at 100, in steps of hundredths. */
export function randomWalk(rows: number): Float64Array<ArrayBuffer> {
  const random = randomFractions(1);
  let value = 100;
  return Float64Array.from({ length: rows }, () => {
    value += Math.round((random() - 0.5) * 100) / 100;
    return value;
  });
}
