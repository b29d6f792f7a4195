import { decode } from "@msgpack/msgpack";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { castItems } from "./items-decode.ts";
import { checkRows, type Expected } from "./limits.ts";
import { checkBounds } from "./msgpack-bounds.ts";

/** Decodes `msgpack2`, see {@link encodeMsgpack}. @throws `corrupt` */
export function decodeMsgpack(bytes: Uint8Array<ArrayBuffer>, dtype: DType, expected: Expected): ColumnData {
  const strings = dtype.kind === "str" ? decodeStrings(bytes, expected) : undefined;
  if (strings) return strings;
  return castItems(unpack(bytes).map(plain), dtype, expected);
}

/**
 * Returns the values of a msgpack array; 64-bit integers as bigint. @throws `corrupt` if the bytes are not an
 * array
 */
export function unpack(bytes: Uint8Array<ArrayBuffer>): unknown[] {
  checkBounds(bytes);
  let message: unknown;
  try {
    message = decode(bytes, { useBigInt64: true });
  } catch (cause) {
    throw new LakotaError("corrupt", `Not a msgpack array: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(message)) throw new LakotaError("corrupt", "Not a msgpack array.");
  return message;
}

/** Converts 64-bit integers to numbers where that is exact. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === "object" && !(value instanceof Uint8Array)) {
    for (const [key, item] of Object.entries(value)) (value as Record<string, unknown>)[key] = plain(item);
  }
  return value;
}

/**
 * Returns the strings of a msgpack array without making JavaScript strings; undefined if it has other items.
 */
function decodeStrings(bytes: Uint8Array<ArrayBuffer>, expected: Expected): Strings | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const lead = bytes[0]!;
  let at = lead >> 4 === 9 ? 1 : lead === 0xdc ? 3 : lead === 0xdd ? 5 : 0;
  if (at === 0 || bytes.length < at) return undefined;
  const n = (at === 1 ? lead & 15 : at === 3 ? view.getUint16(1) : view.getUint32(1)) - 2;
  if (n < 0 || n > bytes.length) return undefined;
  checkRows(n, expected);
  const spans = new Uint32Array(2 * n);
  const offsets = new Uint32Array(n + 1);
  for (let row = 0; row < n; row++) {
    const type = bytes[at];
    let size: number;
    if (type === undefined || at + 5 > bytes.length) return undefined; // dtype and shape take at least 5 bytes
    if (type >> 5 === 5) [size, at] = [type & 31, at + 1];
    else if (type === 0xd9) [size, at] = [bytes[at + 1]!, at + 2];
    else if (type === 0xda) [size, at] = [view.getUint16(at + 1), at + 3];
    else if (type === 0xdb) [size, at] = [view.getUint32(at + 1), at + 5];
    else return undefined;
    spans[2 * row] = at;
    at += size;
    if (at > bytes.length) return undefined;
    spans[2 * row + 1] = at;
    offsets[row + 1] = offsets[row]! + size;
  }
  const shape = shapeAfter(bytes.subarray(at));
  if (shape !== n) return undefined;
  const text = new Uint8Array(offsets[n]!);
  for (let row = 0; row < n; row++)
    text.set(bytes.subarray(spans[2 * row], spans[2 * row + 1]), offsets[row]);
  return new Strings(text, offsets);
}

/** Returns the length `n` in the `DTYPE, [n]` at the end of a message. */
function shapeAfter(tail: Uint8Array): number | undefined {
  if (tail.length > 32) return undefined;
  try {
    const [, end] = unpack(Uint8Array.of(0x92, ...tail));
    const shape = Array.isArray(end) ? end : [];
    return shape.length === 1 && typeof shape[0] === "number" ? shape[0] : undefined;
  } catch {
    return undefined; // the general decoder reports the error
  }
}
