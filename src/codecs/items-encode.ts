import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { Strings } from "../model/strings.ts";
import { NAT } from "../model/time.ts";

/** Returns numpy's short name of an array's dtype, which `msgpack2` and `json2` write after the items. */
export function numpyName(column: ColumnData, dtype: DType): string {
  switch (dtype.kind) {
    case "str":
      return `<U${column instanceof Strings ? Math.max(1, widest(column)) : 1}`;
    case "fixed-str":
    case "bytes":
      return dtype.name;
    case "object":
      return "|O";
    case "bool":
      return "|b1";
    case "datetime":
    case "timedelta":
      return `<${dtype.kind === "datetime" ? "M8" : "m8"}[${dtype.unit}]`;
    default: {
      const letter = { float: "f", int: "i", uint: "u", complex: "c" }[dtype.kind];
      return `${dtype.size === 1 ? "|" : "<"}${letter}${dtype.size}`;
    }
  }
}

/** Returns the number of code points of the longest string. Python truncates strings to this width. */
function widest(column: Strings): number {
  let width = 0;
  for (let row = 0; row < column.length; row++) {
    let points = 0;
    for (let i = column.offsets[row]!; i < column.offsets[row + 1]!; i++) {
      if ((column.bytes[i]! & 0xc0) !== 0x80) points++;
    }
    width = Math.max(width, points);
  }
  return width;
}

/** Returns the items of a column as numpy's `tolist` does. */
export function itemsOf(column: ColumnData, dtype: DType): unknown[] {
  if (column instanceof Strings) {
    const items = column.toArray();
    return dtype.kind === "bytes" ? items.map(toLatin1) : items;
  }
  if (Array.isArray(column)) return column;
  const items: unknown[] = Array.from<number | bigint>(column);
  if (dtype.kind === "bool") return items.map((item) => item !== 0);
  return dtype.unit ? items.map((item) => (item === NAT ? null : item)) : items;
}

const toLatin1 = (text: string): Uint8Array => Uint8Array.from(text, (unit) => unit.charCodeAt(0));
