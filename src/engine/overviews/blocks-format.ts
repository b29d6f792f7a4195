import type { Bytes } from "../../model/bytes.ts";
import { Summary } from "../../query/downsample/summary.ts";

// The blocks of an overview in bytes that compress well, without any loss. Each field is a column of 8 bytes per block,
// of which all first bytes come first, then all second ones, and so on. Positions are stored as differences of the bits
// of floats: in a regular series these are 0, or the same in every block.

/** Number of columns, besides the unit of positions. */
const COLUMNS = 12;
const WIDTH = 8;
/** Bytes of the unit. */
const UNIT = 8;

/** Returns the number of bytes that some blocks take before compression. */
export const packedSize = (blocks: number): number => UNIT + COLUMNS * WIDTH * blocks;

/** The bits of the fields of a summary. */
type Bits = Record<"count" | "sum" | XField | YField, BigInt64Array<ArrayBuffer>>;
type XField = "fromX" | "toX" | "firstX" | "lastX" | "lowX" | "highX";
type YField = "first" | "last" | "low" | "high";

const bitsOf = (summary: Summary): Bits => {
  const bits = (field: Float64Array) =>
    new BigInt64Array(summary.data.buffer, field.byteOffset, field.length);
  const { count, sum, fromX, toX, firstX, first, lastX, last, lowX, low, highX, high } = summary;
  return {
    count: bits(count),
    sum: bits(sum),
    fromX: bits(fromX),
    toX: bits(toX),
    firstX: bits(firstX),
    first: bits(first),
    lastX: bits(lastX),
    last: bits(last),
    lowX: bits(lowX),
    low: bits(low),
    highX: bits(highX),
    high: bits(high),
  };
};

/** Packs the blocks of all segments of an overview. */
export function packBlocks(summary: Summary): Bytes {
  const { length } = summary;
  const bits = bitsOf(summary);
  const unit = unitOf(summary, bits);
  const bytes = new Uint8Array(packedSize(length));
  new DataView(bytes.buffer).setBigInt64(0, unit, true);
  const hasValues = (block: number) => summary.count[block]! > 0;
  /** A block without values has nothing but its range of x. */
  const ofValues = (value: (block: number) => bigint) => (block: number) =>
    hasValues(block) ? value(block) : 0n;
  const columns: ((block: number) => bigint)[] = [
    (i) => bits.count[i]!,
    (i) => stepOf(bits.fromX, i) - stepOf(bits.fromX, i - 1),
    (i) => widthOf(bits, i) - widthOf(bits, i - 1),
    ofValues((i) => bits.firstX[i]! - bits.fromX[i]!),
    ofValues((i) => bits.toX[i]! - bits.lastX[i]!),
    ofValues((i) => (bits.lowX[i]! - bits.fromX[i]!) / unit),
    ofValues((i) => (bits.highX[i]! - bits.fromX[i]!) / unit),
    ofValues((i) => bits.sum[i]!),
    ofValues((i) => bits.first[i]!),
    ofValues((i) => bits.last[i]!),
    ofValues((i) => bits.low[i]!),
    ofValues((i) => bits.high[i]!),
  ];
  const column = new BigInt64Array(length);
  columns.forEach((value, c) => {
    for (let block = 0; block < length; block++) column[block] = value(block);
    const from = new Uint8Array(column.buffer);
    const into = bytes.subarray(UNIT + c * WIDTH * length);
    for (let block = 0; block < length; block++)
      for (let byte = 0; byte < WIDTH; byte++) into[byte * length + block] = from[block * WIDTH + byte]!;
  });
  return bytes;
}

/** The inverse of {@link packBlocks}. @param bytes as many as {@link packedSize} */
export function unpackBlocks(bytes: Bytes, length: number): Summary {
  const summary = new Summary(length);
  const bits = bitsOf(summary);
  const unit = new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true);
  let next = 0;
  const column = () => {
    const values = new BigInt64Array(length);
    const into = new Uint8Array(values.buffer);
    const from = bytes.subarray(UNIT + next++ * WIDTH * length);
    for (let block = 0; block < length; block++)
      for (let byte = 0; byte < WIDTH; byte++) into[block * WIDTH + byte] = from[byte * length + block]!;
    return values;
  };
  const fill = (field: BigInt64Array, value: (block: number, stored: bigint) => bigint) =>
    column().forEach((stored, block) => {
      field[block] = value(block, stored);
    });
  const fillValues = (field: BigInt64Array, value: (block: number, stored: bigint) => bigint) =>
    column().forEach((stored, block) => {
      if (summary.count[block]! > 0) field[block] = value(block, stored);
    });
  const plain = (_: number, stored: bigint) => stored;
  const fromStart = (block: number, stored: bigint) => bits.fromX[block]! + stored * unit;
  fill(bits.count, plain);
  fill(bits.fromX, (i, stored) => (bits.fromX[i - 1] ?? 0n) + stepOf(bits.fromX, i - 1) + stored);
  fill(bits.toX, (i, stored) => bits.fromX[i]! + widthOf(bits, i - 1) + stored);
  fillValues(bits.firstX, (i, stored) => bits.fromX[i]! + stored);
  fillValues(bits.lastX, (i, stored) => bits.toX[i]! - stored);
  fillValues(bits.lowX, fromStart);
  fillValues(bits.highX, fromStart);
  for (const field of ["sum", "first", "last", "low", "high"] as const) fillValues(bits[field], plain);
  return summary;
}

/** Differences are stored modulo 2⁶⁴. */
const stepOf = (bits: BigInt64Array, block: number): bigint => (bits[block] ?? 0n) - (bits[block - 1] ?? 0n);
const widthOf = ({ fromX, toX }: Bits, block: number): bigint => (toX[block] ?? 0n) - (fromX[block] ?? 0n);

/** Returns the greatest unit of which the positions of extremes in their blocks are multiples. */
function unitOf({ length, count }: Summary, { fromX, lowX, highX }: Bits): bigint {
  let unit = 0n;
  for (let block = 0; block < length && unit !== 1n; block++) {
    if (count[block] === 0) continue;
    unit = greatestDivisor(unit, lowX[block]! - fromX[block]!);
    unit = greatestDivisor(unit, highX[block]! - fromX[block]!);
  }
  return unit === 0n ? 1n : unit;
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
