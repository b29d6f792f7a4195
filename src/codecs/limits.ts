import type { DType } from "../model/dtype.ts";
import { isFixed } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";

/**
 * Bytes that a chunk may take at most, decoded and between its codecs. A few kilobytes can claim to be
 * gigabytes, and the number of rows in a commit is no safer than the chunk: both may be a stranger's.
 */
export const MAX_CHUNK_BYTES = 2 ** 30;

/**
 * Values that a chunk of text or objects may hold at most, those inside of other values included. A value of
 * one byte takes up to 64 bytes of memory.
 */
export const MAX_VALUES = 2 ** 24;

/** What is known of a chunk before it is decoded. */
export interface Expected {
  /** Rows, if known. A chunk with another number is `corrupt`. */
  rows?: number | undefined;
  /** Decoded bytes at most, where the number of rows does not limit them further. */
  maxBytes?: number | undefined;
}

/**
 * Returns how many bytes a column may have at most before the first of its codecs between bytes.
 *
 * @param lists whether that is a list of msgpack or JSON, instead of the raw array
 * @throws `corrupt` if the rows take more than {@link Expected.maxBytes}
 */
export function maxBytesOf(
  dtype: DType,
  lists: boolean,
  { rows, maxBytes = MAX_CHUNK_BYTES }: Expected,
): number {
  if (rows === undefined || !isFixed(dtype)) return maxBytes;
  const size = rows * dtype.size;
  if (size > maxBytes) {
    throw new LakotaError("corrupt", `${rows} rows of ${dtype.name} exceed ${maxBytes} bytes in one chunk.`);
  }
  // JSON takes at most 6 bytes for a byte of text (\\u00ff), and msgpack and JSON less than 64 for a number.
  return lists ? Math.min(maxBytes, rows * (6 * dtype.size + 64) + 4096) : size;
}

/** Returns how long `size` bytes are at most after compression that does not shorten them. */
export const maxEncoded = (size: number): number => Math.min(MAX_CHUNK_BYTES, Math.ceil(size * 1.25) + 4096);

/** @throws `corrupt` if a header claims more than `max` bytes */
export function checkClaim(size: number, max: number): void {
  if (size <= max) return;
  throw new LakotaError("corrupt", `Its header claims ${size} bytes, but it can have at most ${max}.`);
}

/** @throws `corrupt` if a chunk has another number of rows than expected, or too many to decode */
export function checkRows(found: number, { rows = found }: Expected): void {
  if (found !== rows) throw new LakotaError("corrupt", `It has ${found} rows, but its commit says ${rows}.`);
  if (found > MAX_VALUES) throw tooManyValues();
}

export const tooManyValues = (): LakotaError =>
  new LakotaError("corrupt", `It claims more than ${MAX_VALUES} values, the most that one chunk can have.`);
