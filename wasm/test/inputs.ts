/** The inputs of make_vectors.py, made again. */

/** Marsaglia's 32-bit xorshift. */
export function xorshift(seed: number, count: number): Uint32Array {
  let x = seed;
  return Uint32Array.from({ length: count }, () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x;
  });
}

export function timestamps(count: number): BigInt64Array {
  return BigInt64Array.from({ length: count }, (_, i) => 1577836800n + 60n * BigInt(i));
}

/** A random walk in whole steps. */
export function walk(count: number): Float64Array {
  let sum = 0;
  return Float64Array.from(xorshift(7, count), (random) => {
    sum += (random % 201) - 100;
    return sum / 100;
  });
}

export function text(words: number): Uint8Array {
  const names = ["chunk ", "commit ", "series ", "label ", "time ", "store ", "codec ", "head\n"];
  const joined = Array.from(xorshift(3, words), (random) => `${names[random % 8]}${random % 1000} `).join("");
  return new TextEncoder().encode(joined);
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const arrays: Record<string, () => ArrayBufferView> = {
  empty: () => new Uint8Array(0),
  three: () => BigInt64Array.from(range(3), BigInt),
  "arange-1000-i4": () => Int32Array.from(range(1000)),
  "timestamps-100k": () => timestamps(100_000),
  "walk-90001": () => walk(90_001),
  "noise-50k": () => xorshift(1, 50_000),
  "noise-i2-70001": () => Uint16Array.from(xorshift(2, 70_001), (random) => random % 300),
  "zeros-300k-u1": () => new Uint8Array(300_000),
  "steps-c16": () => Float64Array.from(range(20_000), (i) => Math.floor(i / 10)),
  text: () => text(30_000),
};

export const inputNames = Object.keys(arrays);

const made = new Map<string, Uint8Array>();

/** The bytes of one input; the same array each time, not to be changed. */
export function input(name: string): Uint8Array {
  const known = made.get(name);
  if (known) return known;
  const make = arrays[name];
  if (!make) throw new Error(`No input ${name}`);
  const bytes = bytesOf(make());
  made.set(name, bytes);
  return bytes;
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
