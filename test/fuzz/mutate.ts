import type { Bytes } from "../../src/model/bytes.ts";

/** A source of random numbers that a seed determines. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0 || 1;
  }

  /** Returns an integer from 0 to `below` - 1. */
  int(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }
}

/** @param others inputs and tokens from which parts may be taken */
type Mutation = (bytes: Bytes, random: Random, others: Parts) => Bytes;

interface Parts {
  readonly inputs: readonly Bytes[];
  /** Strings of the code. */
  readonly tokens: readonly Bytes[];
}

const NUMBERS = [
  0,
  1,
  2,
  3,
  7,
  8,
  15,
  16,
  31,
  127,
  128,
  255,
  256,
  4095,
  65_535,
  65_536,
  2 ** 24,
  2 ** 30,
  2 ** 31 - 1,
].concat([2 ** 31, 2 ** 32 - 1, 2 ** 32 - 2]);

const splice = (bytes: Bytes, at: number, remove: number, insert: ArrayLike<number>): Bytes => {
  const out = new Uint8Array(bytes.length - remove + insert.length);
  out.set(bytes.subarray(0, at));
  out.set(insert, at);
  out.set(bytes.subarray(at + remove), at + insert.length);
  return out;
};

/** Half of all changes are near the start, where headers are. */
const place = (bytes: Bytes, random: Random): number =>
  random.int(random.int(2) ? Math.min(bytes.length, 40) : bytes.length);

const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    bytes[place(bytes, random)]! ^= 1 << random.int(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[place(bytes, random)] = random.int(256);
    return bytes;
  },
  (bytes, random) => {
    bytes[place(bytes, random)]! += random.int(17) - 8;
    return bytes;
  },
  (bytes, random) => {
    const at = place(bytes, random);
    const width = random.pick([1, 2, 4, 8]);
    if (at + width > bytes.length) return bytes;
    const number = random.int(4) ? random.pick(NUMBERS) : bytes.length + random.int(9) - 4;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const little = random.int(2) === 0;
    if (width === 1) bytes[at] = number;
    else if (width === 2) view.setUint16(at, number, little);
    else if (width === 4) view.setUint32(at, number, little);
    else view.setBigInt64(at, BigInt(number) * (random.int(2) ? 1n : -1n), little);
    return bytes;
  },
  (bytes, random) => {
    const at = place(bytes, random);
    return splice(bytes, at, Math.min(bytes.length - at, 1 + random.int(8)), []);
  },
  (bytes, random) => bytes.slice(0, random.int(bytes.length)),
  (bytes, random) => {
    const at = place(bytes, random);
    return splice(
      bytes,
      at,
      0,
      Array.from({ length: 1 + random.int(8) }, () => random.int(256)),
    );
  },
  (bytes, random) => {
    const from = random.int(bytes.length);
    const part = bytes.slice(from, from + 1 + random.int(24));
    return splice(bytes, place(bytes, random), 0, part);
  },
  (bytes, random) => {
    const from = random.int(bytes.length);
    const part = bytes.slice(from, from + 1 + random.int(8));
    const times = 1 + random.int(40);
    const repeated = new Uint8Array(part.length * times);
    for (let i = 0; i < times; i++) repeated.set(part, i * part.length);
    return splice(bytes, from, 0, repeated);
  },
  (bytes, random, others) => {
    const other = random.pick(others.inputs);
    const from = random.int(other.length + 1);
    const part = other.subarray(from, from + 1 + random.int(other.length));
    return splice(bytes, place(bytes, random), 0, part);
  },
  (bytes, random, { tokens }) => {
    const token = random.pick(tokens);
    const at = place(bytes, random);
    const remove = random.int(2) ? 0 : Math.min(bytes.length - at, token.length);
    return splice(bytes, at, remove, token);
  },
];

/** Length of inputs at most. */
export const MAX_LENGTH = 4096;

/** Returns a changed copy of an input. */
export function mutate(input: Bytes, random: Random, others: Parts): Bytes {
  let bytes = input.slice();
  for (let times = 1 << random.int(4); times > 0; times--) {
    if (bytes.length === 0) bytes = Uint8Array.of(random.int(256));
    bytes = random.pick(MUTATIONS)(bytes, random, others);
  }
  return bytes.slice(0, MAX_LENGTH);
}

/** Length of the inputs that {@link grow} makes. */
const GROWN_LENGTH = 1 << 16;

/** Returns an input in which a part is repeated many times. */
export function grow(input: Bytes, random: Random): Bytes {
  const from = random.int(input.length);
  const part = input.slice(from, from + 1 + random.int(random.int(2) ? 4 : 64));
  const times = Math.ceil(GROWN_LENGTH / Math.max(1, part.length));
  const repeated = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) repeated.set(part, i * part.length);
  return splice(input, from, 0, repeated);
}
