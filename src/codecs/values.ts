import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import { LakotaError } from "../model/errors.ts";
import { fromHalf, toHalf } from "../model/half.ts";
import { Strings } from "../model/strings.ts";
import { checkWhole, isTyped, typedColumn } from "./typed-raw.ts";

/**
 * Returns the raw little-endian array of a column of fixed-size items. Shares the column's buffer if
 * possible. (All platforms with WebAssembly are little-endian.)
 */
export function toRaw(column: ColumnData, dtype: DType): Uint8Array<ArrayBuffer> {
  if (column instanceof Strings)
    return dtype.kind === "bytes" ? packBytes(column, dtype.size) : packUcs4(column, dtype.size);
  if (Array.isArray(column)) throw new LakotaError("internal", `A column of ${dtype.name} has no raw array.`);
  if (dtype.name === "float16") return packHalf(column as Float32Array);
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

/**
 * Returns the column in a raw array. Shares its buffer if the alignment allows.
 *
 * @throws `corrupt` if the length is not a multiple of the item size
 */
export function fromRaw(raw: Uint8Array<ArrayBuffer>, dtype: DType): ColumnData {
  if (isTyped(dtype)) return typedColumn(raw, dtype);
  checkWhole(raw, dtype);
  if (dtype.kind === "fixed-str") return unpackUcs4(raw, dtype.size);
  return dtype.kind === "bytes" ? unpackBytes(raw, dtype.size) : unpackHalf(raw);
}

function packUcs4(column: Strings, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint32Array((column.length * size) / 4);
  for (let row = 0; row < column.length; row++) {
    let at = (row * size) / 4;
    for (const character of column.at(row)) out[at++] = character.codePointAt(0)!;
  }
  return new Uint8Array(out.buffer);
}

function unpackUcs4(raw: Uint8Array<ArrayBuffer>, size: number): Strings {
  const points = new Uint32Array(
    raw.byteOffset % 4 === 0 ? raw.buffer : raw.slice().buffer,
    raw.byteOffset % 4 === 0 ? raw.byteOffset : 0,
    raw.length / 4,
  );
  return unpack(points, size / 4, (point) => {
    if (point > 0x10ffff)
      throw new LakotaError("corrupt", `0x${point.toString(16)} in a text column is not a character.`);
    return String.fromCodePoint(point);
  });
}

function packBytes(column: Strings, size: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(column.length * size);
  for (let row = 0; row < column.length; row++) {
    const text = column.at(row);
    for (let i = 0; i < text.length; i++) out[row * size + i] = text.charCodeAt(i);
  }
  return out;
}

const unpackBytes = (raw: Uint8Array, size: number): Strings =>
  unpack(raw, size, (byte) => String.fromCharCode(byte));

/** Decodes items of `width` units each, without trailing zeros. */
function unpack(units: ArrayLike<number>, width: number, character: (unit: number) => string): Strings {
  const items = Array.from({ length: units.length / width }, (_, row) => {
    let end = (row + 1) * width;
    while (end > row * width && units[end - 1] === 0) end--;
    let text = "";
    for (let i = row * width; i < end; i++) text += character(units[i]!);
    return text.toWellFormed(); // Python's text may hold lone surrogates, UTF-8 cannot
  });
  return encodeStrings(items);
}

function unpackHalf(raw: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const out = new Float32Array(raw.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = fromHalf(raw[2 * i]! | (raw[2 * i + 1]! << 8));
  return out;
}

function packHalf(values: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
}
