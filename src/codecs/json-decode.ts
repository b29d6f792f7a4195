import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { castItems } from "./items-decode.ts";

/** Escapes, quotes, numbers, and the names of floats that JSON lacks. One pass, however the text is damaged. */
const TOKENS = /\\[\s\S]|"|NaN|-?Infinity|-?\d[\d.eE+-]*/g;

/** Reads what `json-encode.ts` tells of. @throws `corrupt` where the bytes are not such a list. */
export function decodeJson(bytes: Uint8Array<ArrayBuffer>, dtype: DType): ColumnData {
  let message: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    message = JSON.parse(marked(text), (_, value) => unmark(value));
  } catch (cause) {
    throw new LakotaError("corrupt", `Not a JSON list: ${(cause as Error).message}`, { cause });
  }
  if (!Array.isArray(message)) throw new LakotaError("corrupt", "Not a JSON list.");
  return castItems(message, dtype);
}

/**
 * The text with a letter before every string's content, s, and with what JSON lacks (NaN, infinities) or JavaScript
 * would round (long integers) as strings with an n before it.
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
