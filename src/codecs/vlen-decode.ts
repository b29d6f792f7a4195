import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { checkRows, type Expected } from "./limits.ts";

/** Decodes `vlen-utf8`, see {@link encodeVlen}. @throws `corrupt` if a length points beyond the bytes */
export function decodeVlen(bytes: Bytes, { kind }: DType, expected: Expected): ColumnData {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows = bytes.length < 4 ? Number.NaN : view.getUint32(0, true);
  if (!(4 + rows * 4 <= bytes.length)) throw tooShort();
  checkRows(rows, expected);
  const offsets = new Uint32Array(rows + 1);
  const text = new Uint8Array(bytes.length - 4 - rows * 4);
  let at = 4;
  for (let row = 0; row < rows; row++) {
    if (at + 4 > bytes.length) throw tooShort();
    const size = view.getUint32(at, true);
    if (at + 4 + size > bytes.length) throw tooShort();
    text.set(bytes.subarray(at + 4, at + 4 + size), offsets[row]);
    offsets[row + 1] = offsets[row]! + size;
    at += 4 + size;
  }
  const strings = new Strings(text.slice(0, offsets[rows]), offsets);
  return kind === "object" ? strings.toArray() : strings;
}

const tooShort = () =>
  new LakotaError("corrupt", "A vlen-utf8 column is too short for the lengths of its items.");
