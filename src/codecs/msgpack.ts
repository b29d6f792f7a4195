import { decode, encode } from "@msgpack/msgpack";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { castItems, itemsOf, numpyName } from "./items.ts";
import { checkBounds } from "./msgpack-bounds.ts";

/**
 * The codec `msgpack2`: one msgpack array of the items, then numpy's name of the dtype, then the shape.
 * Columns of text are read and written without making a JavaScript string of each.
 */
export function encodeMsgpack(column: ColumnData, dtype: DType): Uint8Array<ArrayBuffer> {
  const body =
    column instanceof Strings && dtype.kind === "str" ? packStrings(column) : packItems(column, dtype);
  const rows = column.length;
  const end = encode([numpyName(column, dtype), [rows]]).subarray(1);
  const out = new Uint8Array(5 + body.length + end.length);
  const head = writeHeader(out, 0, rows + 2, ARRAY);
  out.set(body, head);
  out.set(end, head + body.length);
  return out.slice(0, head + body.length + end.length);
}

function packItems(column: ColumnData, dtype: DType): Uint8Array {
  const floats = dtype.kind === "float";
  const items = itemsOf(column, dtype);
  try {
    const packed = encode(floats ? items : items.map(compact), {
      useBigInt64: true,
      forceIntegerToFloat: floats,
    });
    return packed.subarray(items.length <= 15 ? 1 : items.length < 0x10000 ? 3 : 5);
  } catch (cause) {
    if (cause instanceof LakotaError) throw cause;
    throw new LakotaError(
      "invalid-frame",
      `A value cannot be stored as msgpack: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/**
 * Integers take msgpack's shortest form, as Python writes them; the encoder wants the long ones as bigint.
 *
 * @throws `invalid-frame` for what msgpack or Python's reader would not give back.
 */
function compact(value: unknown, row: number): unknown {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) {
    const number = Number(value);
    if (number >= -0x80000000 && number <= 0xffffffff) return number;
    const integer = BigInt(value as number | bigint);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return integer;
    throw unstorable(row, `the integer ${integer}: it takes more than 64 bits`);
  }
  if (typeof value === "string" && !value.isWellFormed()) throw unstorable(row, "text with a lone surrogate");
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => compact(item, row));
  const kind = Object.prototype.toString.call(value);
  if (value instanceof Date) throw unstorable(row, "a Date: store its ISO text or its epoch");
  if (kind !== "[object Object]") throw unstorable(row, kind);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === "__proto__" || !key.isWellFormed()) throw unstorable(row, `the key ${JSON.stringify(key)}`);
      return [key, compact(item, row)];
    }),
  );
}

const unstorable = (row: number, what: string): LakotaError =>
  new LakotaError("invalid-frame", `Row ${row}: msgpack cannot store ${what}.`);

/** @throws `corrupt` where the bytes are not such an array. */
export function decodeMsgpack(bytes: Uint8Array<ArrayBuffer>, dtype: DType): ColumnData {
  const strings = dtype.kind === "str" ? decodeStrings(bytes) : undefined;
  if (strings) return strings;
  return castItems(unpack(bytes).map(plain), dtype);
}

/** The values of a msgpack array; 64-bit integers are bigint. @throws `corrupt` where the bytes are none. */
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

/** 64-bit integers become numbers where that is exact. */
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

/** The lead bytes of a msgpack type: with the size in it, then with a size of 1, 2 and 4 bytes after it. */
interface Lead {
  fix: number;
  fixMax: number;
  byte?: number;
  short: number;
  long: number;
}
const ARRAY: Lead = { fix: 0x90, fixMax: 15, short: 0xdc, long: 0xdd };
const TEXT: Lead = { fix: 0xa0, fixMax: 31, byte: 0xd9, short: 0xda, long: 0xdb };

/** Writes the shortest header for `size`; returns where the content starts. */
function writeHeader(out: Uint8Array<ArrayBuffer>, at: number, size: number, lead: Lead): number {
  if (size <= lead.fixMax) {
    out[at] = lead.fix | size;
    return at + 1;
  }
  if (lead.byte !== undefined && size < 0x100) {
    out[at] = lead.byte;
    out[at + 1] = size;
    return at + 2;
  }
  const view = new DataView(out.buffer);
  if (size < 0x10000) {
    out[at] = lead.short;
    view.setUint16(at + 1, size);
    return at + 3;
  }
  out[at] = lead.long;
  view.setUint32(at + 1, size);
  return at + 5;
}

function packStrings(column: Strings): Uint8Array {
  const out = new Uint8Array(column.length * 5 + column.bytes.length);
  let at = 0;
  for (let row = 0; row < column.length; row++) {
    const item = column.bytes.subarray(column.offsets[row], column.offsets[row + 1]);
    at = writeHeader(out, at, item.length, TEXT);
    out.set(item, at);
    at += item.length;
  }
  return out.subarray(0, at);
}

/** The strings of a msgpack array, or undefined where it holds anything else. */
function decodeStrings(bytes: Uint8Array<ArrayBuffer>): Strings | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const lead = bytes[0]!;
  let at = lead >> 4 === 9 ? 1 : lead === 0xdc ? 3 : lead === 0xdd ? 5 : 0;
  if (at === 0 || bytes.length < at) return undefined;
  const n = (at === 1 ? lead & 15 : at === 3 ? view.getUint16(1) : view.getUint32(1)) - 2;
  if (n < 0 || n > bytes.length) return undefined;
  const spans = new Uint32Array(2 * n);
  const offsets = new Uint32Array(n + 1);
  for (let row = 0; row < n; row++) {
    const type = bytes[at];
    let size: number;
    if (type === undefined || at + 5 > bytes.length) return undefined; // the dtype and shape that follow take more
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

/** The length in the `DTYPE, [n]` that ends a message. */
function shapeAfter(tail: Uint8Array): number | undefined {
  if (tail.length > 32) return undefined;
  try {
    const [, end] = unpack(Uint8Array.of(0x92, ...tail));
    const shape = Array.isArray(end) ? end : [];
    return shape.length === 1 && typeof shape[0] === "number" ? shape[0] : undefined;
  } catch {
    return undefined; // the general decoder will say what is wrong
  }
}
