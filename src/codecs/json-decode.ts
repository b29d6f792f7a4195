import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { castItems } from "./items-decode.ts";
import { type Expected, MAX_VALUES, tooManyValues } from "./limits.ts";

/** Escapes, quotes, numbers, and the names of floats that JSON lacks. Linear time, also for damaged text. */
const TOKENS = /\\[\s\S]|"|NaN|-?Infinity|-?\d[\d.eE+-]*/g;

/** Decodes `json2`, see {@link encodeJson}. @throws `corrupt` */
export function decodeJson(bytes: Uint8Array<ArrayBuffer>, dtype: DType, expected: Expected): ColumnData {
  checkCount(bytes);
  let message: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    message = JSON.parse(marked(text), (_, value) => unmark(value));
  } catch (cause) {
    throw new LakotaError("corrupt", `Not a JSON list: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(message)) throw new LakotaError("corrupt", "Not a JSON list.");
  return castItems(message, dtype, expected);
}

/** @throws `corrupt` for more values than a chunk can have: each but the first follows one of `[{,:` */
function checkCount(bytes: Uint8Array<ArrayBuffer>): void {
  if (bytes.length <= MAX_VALUES) return;
  let count = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === 0x22) inString = !inString;
    else if (inString)
      i += byte === 0x5c ? 1 : 0; // the character after a backslash
    else if (byte === 0x5b || byte === 0x7b || byte === 0x2c || byte === 0x3a) count++;
  }
  if (count > MAX_VALUES) throw tooManyValues();
}

/**
 * Marks strings for {@link unmark}: the content of every string gets the prefix `s`. Numbers that JSON lacks
 * (NaN, infinities) or that JavaScript would round (long integers) become strings with the prefix `n`.
 */
function marked(text: string): string {
  let inString = false;
  return text.replace(TOKENS, (token) => {
    if (token === '"') {
      inString = !inString;
      return inString ? '"s' : '"';
    }
    return !inString && /^-?(?:\d{16,}|NaN|Infinity)$/.test(token) ? `"n${token}"` : token;
  });
}

function unmark(value: unknown): unknown {
  if (typeof value === "string") return value[0] === "s" ? value.slice(1) : toNumber(value.slice(1));
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.slice(1), item]));
}

function toNumber(token: string): number | bigint {
  if (/[NI]/.test(token)) return Number(token);
  const number = Number(token);
  return Number.isSafeInteger(number) ? number : BigInt(token);
}
