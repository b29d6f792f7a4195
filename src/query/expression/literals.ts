import type { Literal } from "../../model/expression.ts";

/** Parses a number or boolean in the notation of Python; undefined for other words. */
export function parseConstant(text: string): Literal | undefined {
  if (text === "true" || text === "false") return text === "true";
  const digits = text.replace(/(?<=\d)_(?=\d)/g, "");
  if (/^-?\d+$/.test(digits)) {
    const number = Number(digits);
    return Number.isSafeInteger(number) ? number : BigInt(digits);
  }
  if (/^-?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(digits)) return Number(digits);
  const [, minus, word] = /^(-?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  return word.toLowerCase() === "nan"
    ? Number.NaN
    : minus
      ? Number.NEGATIVE_INFINITY
      : Number.POSITIVE_INFINITY;
}

/** Formats a constant that is not text. */
export function formatConstant(value: number | bigint | boolean): string {
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value).replace("e+", "e");
  // Digits alone would be read as an integer of 64 bits.
  return Number.isSafeInteger(value) || /[.e]/.test(text) ? text : `${text}.0`;
}

/** Formats a time, which both notations write as text. */
export const formatDate = (value: Date): string =>
  Number.isNaN(value.getTime()) ? "NaT" : value.toISOString();
