import type { ColumnData } from "../model/column.ts";
import { isNumberArray, zeros } from "../model/column-rows.ts";
import { type DType, lanes } from "../model/dtype.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import { LakotaError } from "../model/errors.ts";
import { NAT } from "../model/time.ts";
import { checkRows, type Expected } from "./limits.ts";

/**
 * Returns the column in a decoded list `[item …, DTYPE, SHAPE]`, the form of msgpack2 and json2.
 *
 * @throws `corrupt` for any other list, or an item that the column cannot hold
 */
export function castItems(message: unknown[], dtype: DType, expected: Expected): ColumnData {
  const shape = message.at(-1);
  const rows = Array.isArray(shape) ? Number(shape[0]) : Number.NaN;
  if (!Number.isInteger(rows) || rows < 0 || rows > message.length - 2) {
    throw new LakotaError("corrupt", "A list of items does not end with its dtype and shape.");
  }
  checkRows(rows, expected);
  const items = message.slice(0, rows);
  if (dtype.kind === "object") return items;
  if (dtype.kind === "str" || dtype.kind === "fixed-str" || dtype.kind === "bytes") {
    return encodeStrings(items.map((item, row) => textOf(item) ?? wrongItem(item, row, dtype)));
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
  throw new LakotaError("corrupt", `Row ${row}: ${shown} is not of type ${dtype.name}.`);
}
