import { encode } from "@msgpack/msgpack";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { itemsOf, numpyName } from "./items-encode.ts";

/**
 * Encodes `msgpack2`: one msgpack array of the items, numpy's name of the dtype, and the shape. Text columns
 * are encoded without making JavaScript strings.
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
 * Prepares a value for the encoder, which needs integers beyond 32 bits as bigint to write all in their
 * shortest form, as Python does.
 *
 * @throws `invalid-frame` for a value that msgpack or Python's reader would not return unchanged
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

/** The lead bytes of a msgpack type: with the size included, or followed by a size of 1, 2 or 4 bytes. */
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
