import type { ColumnData } from "../model/column.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";

/**
 * Encodes `vlen-utf8`: the count as uint32, then each item as the uint32 length of its UTF-8, and the UTF-8.
 */
export function encodeVlen(items: ColumnData): Uint8Array<ArrayBuffer> {
  const column = items instanceof Strings ? items : allText(items);
  const out = new Uint8Array(4 + column.length * 4 + column.bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, column.length, true);
  let at = 4;
  for (let row = 0; row < column.length; row++) {
    const item = column.bytes.subarray(column.offsets[row], column.offsets[row + 1]);
    view.setUint32(at, item.length, true);
    out.set(item, at + 4);
    at += 4 + item.length;
  }
  return out;
}

function allText(column: ArrayLike<unknown>): Strings {
  const items = Array.from(column, (item, row) => {
    if (typeof item === "string") return item;
    throw new LakotaError("invalid-frame", `Row ${row} is not a string. vlen-utf8 stores strings only.`);
  });
  return encodeStrings(items);
}
