import { type ColumnData, zeros } from "../model/column.ts";
import { type DType, isFixed, lanes } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";

/** numpy's short name of an array's dtype, which `msgpack2` and `json2` write after the items. */
export function numpyName(column: ColumnData, dtype: DType | undefined): string {
  if (column instanceof Strings) return `<U${Math.max(1, widest(column))}`;
  if (!dtype || dtype.kind === "object") return "|O";
  if (dtype.kind === "bool") return "|b1";
  if (dtype.unit) return `<${dtype.kind === "datetime" ? "M8" : "m8"}[${dtype.unit}]`;
  const letter = { float: "f", int: "i", uint: "u", complex: "c" }[dtype.kind as "float"];
  return `${dtype.size === 1 ? "|" : "<"}${letter}${dtype.size}`;
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

/**
 * The column in a decoded `[item …, DTYPE, SHAPE]`.
 *
 * @throws `corrupt` where it is no such list.
 */
export function castItems(message: unknown[], dtype: DType): ColumnData {
  const shape = message.at(-1);
  const rows = Array.isArray(shape) ? Number(shape[0]) : Number.NaN;
  if (message.length < 2 || !(rows >= 0 && rows <= message.length - 2)) {
    throw new LakotaError("corrupt", "A list of items does not end with its dtype and shape.");
  }
  const items = message.slice(0, rows);
  if (dtype.kind === "object") return items;
  if (!isFixed(dtype) || dtype.kind === "fixed-str" || dtype.kind === "bytes") {
    return Strings.from(items.map((item) => (typeof item === "string" ? item : String(item))));
  }
  const out = zeros(dtype, rows);
  const wide = out instanceof BigInt64Array || out instanceof BigUint64Array;
  if (lanes(dtype) !== 1)
    throw new LakotaError(
      "unsupported-codec",
      "Complex numbers cannot be stored as msgpack or JSON; use blosc.",
    );
  items.forEach((item, row) => {
    if (typeof item !== "number" && typeof item !== "bigint" && typeof item !== "boolean") {
      throw new LakotaError("corrupt", `Row ${row}: ${String(item)} is no ${dtype.name}.`);
    }
    if (wide) out[row] = BigInt(item);
    else (out as Float64Array)[row] = Number(item);
  });
  return out;
}
