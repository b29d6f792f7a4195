import type { ColumnData } from "../model/column.ts";
import { isNumberArray, zeros } from "../model/column-rows.ts";
import { type DType, lanes } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { NAT } from "../model/time.ts";

/** numpy's short name of an array's dtype, which `msgpack2` and `json2` write after the items. */
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

/** Code points of the longest string. Readers cut strings to this width. */
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

/** The items of a column as the values that Python's `tolist` gives. */
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

/**
 * The column in a decoded `[item …, DTYPE, SHAPE]`.
 *
 * @throws `corrupt` where it is no such list.
 */
export function castItems(message: unknown[], dtype: DType): ColumnData {
  const shape = message.at(-1);
  const rows = Array.isArray(shape) ? Number(shape[0]) : Number.NaN;
  if (!Number.isInteger(rows) || rows < 0 || rows > message.length - 2) {
    throw new LakotaError("corrupt", "A list of items does not end with its dtype and shape.");
  }
  const items = message.slice(0, rows);
  if (dtype.kind === "object") return items;
  if (dtype.kind === "str" || dtype.kind === "fixed-str" || dtype.kind === "bytes") {
    return Strings.from(items.map((item, row) => textOf(item) ?? wrongItem(item, row, dtype)));
  }
  if (lanes(dtype) !== 1)
    throw new LakotaError(
      "unsupported-codec",
      "Complex numbers cannot be stored as msgpack or JSON; use blosc.",
    );
  const out = zeros(dtype, rows);
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
    items.forEach((item, row) => {
      out[row] = integerOf(item, dtype) ?? wrongItem(item, row, dtype);
    });
  } else if (isNumberArray(out)) {
    items.forEach((item, row) => {
      out[row] = numberOf(item) ?? wrongItem(item, row, dtype);
    });
  }
  return out;
}

const numberOf = (item: unknown): number | undefined =>
  typeof item === "number" || typeof item === "bigint" || typeof item === "boolean"
    ? Number(item)
    : undefined;

function textOf(item: unknown): string | undefined {
  if (typeof item === "string") return item.toWellFormed(); // Python's text may hold lone surrogates
  if (!(item instanceof Uint8Array)) return undefined;
  return Array.from(item, (byte) => String.fromCharCode(byte)).join("");
}

function integerOf(item: unknown, dtype: DType): bigint | undefined {
  if (item === null && dtype.unit) return NAT;
  return typeof item === "bigint" || Number.isInteger(item) ? BigInt(item as number | bigint) : undefined;
}

function wrongItem(item: unknown, row: number, dtype: DType): never {
  const shown = typeof item === "object" ? Object.prototype.toString.call(item) : String(item);
  throw new LakotaError("corrupt", `Row ${row}: ${shown} is no ${dtype.name}.`);
}
