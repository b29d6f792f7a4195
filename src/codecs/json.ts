import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { castItems, numpyName } from "./items.ts";

/** The codec `json2`: as msgpack2, but as ASCII JSON with sorted keys, the way Python writes it. */
export function encodeJson(column: ColumnData, dtype: DType): Uint8Array<ArrayBuffer> {
  const items = column instanceof Strings ? column.toArray() : Array.from(column as ArrayLike<unknown>);
  const values = dtype.kind === "bool" ? items.map((item) => item !== 0) : items;
  const text = `[${[...values, numpyName(column, dtype), [items.length]].map(toJson).join(",")}]`;
  return new TextEncoder().encode(text);
}

function toJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number")
    return Number.isFinite(value) ? (Object.is(value, -0) ? "-0.0" : String(value)) : pythonName(value);
  if (typeof value === "string") return ascii(value);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${ascii(key)}:${toJson(item)}`).join(",")}}`;
  }
  throw new LakotaError(
    "invalid-frame",
    `A value of type ${Object.prototype.toString.call(value)} cannot be stored as JSON.`,
  );
}

const pythonName = (value: number): string =>
  Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

const ascii = (text: string): string =>
  JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Strings are skipped over; what JSON lacks (NaN, infinities) or JavaScript would round (long integers) is caught. */
const TOKENS = /"(?:[^"\\]|\\.)*"|NaN|-?Infinity|-?\d{16,}(?![\d.eE])/g;
const MARK = "\u0000lakota:";

/** @throws `corrupt` where the bytes are not such a list. */
export function decodeJson(bytes: Uint8Array<ArrayBuffer>, dtype: DType): ColumnData {
  let message: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const standard = text.replace(TOKENS, (token) =>
      token.startsWith('"') ? token : JSON.stringify(MARK + token),
    );
    message = JSON.parse(standard, (_, value) =>
      typeof value === "string" && value.startsWith(MARK) ? unmark(value.slice(MARK.length)) : value,
    );
  } catch (cause) {
    throw new LakotaError("corrupt", `Not a JSON list: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(message)) throw new LakotaError("corrupt", "Not a JSON list.");
  return castItems(message, dtype);
}

function unmark(token: string): number | bigint {
  if (/[NI]/.test(token)) return Number(token);
  const number = Number(token);
  return Number.isSafeInteger(number) ? number : BigInt(token);
}
