import { LakotaError } from "../../model/errors.ts";
import { ByteReader } from "./byte-reader.ts";

/** Writers pad the last run: so many values more than the page has are accepted. */
const MAX_PADDING = 2 ** 12;

export const damaged = (what: string): LakotaError =>
  new LakotaError("invalid-frame", `The Parquet file is damaged: ${what}.`);

/**
 * Checks runs of repeated and of bit-packed values, and returns how many values of a width of one bit are 1.
 *
 * @param count number of values
 * @throws `invalid-frame` for a run that is longer than all values
 */
export function checkRuns(bytes: Uint8Array, width: number, count: number): number {
  const reader = new ByteReader(bytes);
  let seen = 0;
  let ones = 0;
  while (seen < count && !reader.isAtEnd) {
    const head = reader.varint();
    const isPacked = (head & 1) === 1;
    const run = isPacked ? (head >>> 1) * 8 : head >>> 1;
    if (run > count - seen + MAX_PADDING) throw damaged(`a run of ${run} values in a page of ${count}`);
    const used = Math.min(run, count - seen);
    if (isPacked) {
      if (width === 1) ones += countOnes(bytes, reader.at, used);
      reader.at += Math.max(1, (run * width) / 8); // as hyparquet, which reads a byte of an empty run too
    } else {
      const first = bytes[reader.at];
      if (width === 1 && first === 1) ones += used;
      reader.at += (width + 7) >> 3;
    }
    seen += run;
  }
  return ones;
}

function countOnes(bytes: Uint8Array, at: number, count: number): number {
  let ones = 0;
  for (let i = 0; i < count; i++) ones += ((bytes[at + (i >> 3)] ?? 0) >> (i & 7)) & 1;
  return ones;
}

/**
 * Checks byte arrays of which each repeats the start of the one before.
 *
 * @throws `invalid-frame` if together they are longer than `max`
 */
export function checkPrefixes(bytes: Uint8Array, count: number, max: number): void {
  const reader = new ByteReader(bytes);
  const prefixes = readDeltas(reader, count);
  const suffixes = readDeltas(reader, count);
  let previous = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const prefix = prefixes[i]!;
    const suffix = suffixes[i]!;
    if (prefix < 0 || suffix < 0 || prefix > previous) throw damaged("a text repeats more than there is");
    previous = prefix + suffix;
    total += previous;
    if (total > max) throw damaged(`a page has more than ${max} bytes of text`);
  }
}

/** Reads DELTA_BINARY_PACKED integers. */
function readDeltas(reader: ByteReader, count: number): Int32Array {
  const out = new Int32Array(count);
  const blockSize = reader.varint();
  const miniblocks = reader.varint();
  reader.varint();
  const perMiniblock = blockSize / miniblocks;
  if (!Number.isInteger(perMiniblock) || perMiniblock % 8 !== 0 || perMiniblock === 0 || blockSize > 2 ** 20)
    throw damaged(`integers in blocks of ${blockSize} and ${miniblocks} parts`);
  let value = reader.zigzag();
  let at = 0;
  if (count > 0) out[at++] = value;
  while (at < count) {
    const smallest = reader.zigzag();
    const widths = Array.from({ length: miniblocks }, () => reader.byte());
    for (const width of widths) {
      if (at >= count) break;
      const end = reader.at + (perMiniblock * width) / 8;
      let byte = 0;
      let left = 0;
      for (let i = 0; i < perMiniblock && at < count; i++) {
        let delta = 0;
        for (let bits = 0; bits < width; ) {
          if (left === 0) [byte, left] = [reader.byte(), 8];
          const step = Math.min(left, width - bits);
          if (bits < 32) delta |= ((byte >>> (8 - left)) & ((1 << step) - 1)) << bits;
          left -= step;
          bits += step;
        }
        value = (value + smallest + delta) | 0;
        out[at++] = value;
      }
      reader.at = end;
    }
  }
  return out;
}
