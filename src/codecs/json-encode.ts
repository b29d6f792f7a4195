import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { compareStrings } from "../model/key.ts";
import { itemsOf, numpyName } from "./items-encode.ts";

/**
 * Encodes `json2`: the list of msgpack2 as ASCII JSON with sorted keys, byte for byte as Python writes it.
 */
export function encodeJson(column: ColumnData, dtype: DType): Uint8Array<ArrayBuffer> {
  const toText = dtype.kind === "float" ? (item: unknown) => pythonFloat(item as number) : toJson;
  const items = itemsOf(column, dtype).map(toText);
  const text = `[${[...items, toJson(numpyName(column, dtype)), `[${items.length}]`].join(",")}]`;
  return new TextEncoder().encode(text);
}

function toJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    const integer = Number.isSafeInteger(value) && !Object.is(value, -0);
    return integer ? String(value) : pythonFloat(value);
  }
  if (typeof value === "string") return ascii(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).sort(([a], [b]) => compareStrings(a, b));
    return `{${entries.map(([key, item]) => `${ascii(key)}:${toJson(item)}`).join(",")}}`;
  }
  throw new LakotaError(
    "invalid-frame",
    `A value of type ${Object.prototype.toString.call(value)} cannot be stored as JSON.`,
  );
}

/**
 * Formats as Python's `repr`: JavaScript's digits, but always a point or an exponent, which starts at 1e16
 * and 1e-05.
 */
function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, power] = value.toExponential().split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    return `${digits}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

const ascii = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
