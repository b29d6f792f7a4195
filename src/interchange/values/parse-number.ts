import type { DType } from "../../model/dtype.ts";

const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const SPACE = 32;

/** Powers of ten that are exact as a double. */
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);

/** Integers of so many digits are always exact as a double. */
const SAFE_DIGITS = 15;

/**
 * Returns bytes as trimmed text, one character per byte, which suffices for the ASCII of numbers and times.
 */
export function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return text.trim();
}

/**
 * Returns the nearest double; undefined for text that is not a number. `inf` is a number, `nan` is not.
 *
 * @param decimal the character code of the decimal separator
 */
export function parseFloatBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimal: number,
): number | undefined {
  let at = start;
  const negative = bytes[at] === MINUS;
  if (negative) at++;
  let digits = 0;
  let value = 0;
  let point = -1;
  for (; at < end; at++) {
    const c = bytes[at]!;
    if (c >= ZERO && c <= 57) {
      value = value * 10 + (c - ZERO);
      digits++;
    } else if (c === decimal && point < 0) point = at;
    else break;
  }
  // Value and power of ten are both exact, so a single division returns the nearest double.
  if (at === end && digits > 0 && digits <= SAFE_DIGITS) {
    const places = point < 0 ? 0 : end - point - 1;
    const magnitude = places === 0 ? value : value / POWERS[places]!;
    return negative ? -magnitude : magnitude;
  }
  return parseFloatText(decodeLatin1(bytes, start, end), decimal === 46 ? "." : ",");
}

// No two quantifiers of these patterns can share digits, or a long cell would take more than linear time.
const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

export function parseFloatText(text: string, decimal: "." | ","): number | undefined {
  const plain = decimal === "," ? text.replaceAll(".", "?").replace(",", ".") : text;
  if (FLOAT.test(plain)) return Number(plain);
  const infinite = INFINITE.exec(text);
  if (!infinite) return undefined;
  return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

export interface IntegerRange {
  readonly min: bigint;
  readonly max: bigint;
}

/** Returns the range of an integer type. The smallest count of a timedelta is NaT, so it is excluded. */
export function integerRange({ kind, size }: DType): IntegerRange {
  const bits = BigInt(8 * size);
  if (kind === "uint") return { min: 0n, max: 2n ** bits - 1n };
  return { min: -(2n ** (bits - 1n)) + (kind === "timedelta" ? 1n : 0n), max: 2n ** (bits - 1n) - 1n };
}

/** Returns the integer; undefined for text that is not an integer, or for one out of range. */
export function parseIntegerBytes(
  bytes: Uint8Array,
  start: number,
  end: number,
  { min, max }: IntegerRange,
): bigint | undefined {
  const value = parseSmallInteger(bytes, start, end);
  const integer = value === undefined ? parseIntegerText(decodeLatin1(bytes, start, end)) : BigInt(value);
  return integer !== undefined && integer >= min && integer <= max ? integer : undefined;
}

/** Returns an integer of at most 15 digits; undefined for all other text. */
export function parseSmallInteger(bytes: Uint8Array, start: number, end: number): number | undefined {
  const first = bytes[start];
  let at = first === MINUS || first === PLUS ? start + 1 : start;
  if (at === end || end - at > SAFE_DIGITS) return undefined;
  let value = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return first === MINUS && value !== 0 ? -value : value;
}

/** Accepts `17.0`, as pandas writes integers in a column with missing values. No type holds more than 20 digits. */
function parseIntegerText(text: string): bigint | undefined {
  const match = /^([+-]?)0*(\d{1,20})(?:\.0*)?$/.exec(text);
  if (!match) return undefined;
  return BigInt(match[2]!) * (match[1] === "-" ? -1n : 1n);
}

const PART = "[+-]?(?:\\d+(?:\\.\\d*)?(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?|inf(?:inity)?|nan)";
const COMPLEX = new RegExp(`^\\(?(?:(${PART})(?=[+-]))?(${PART})j\\)?$`, "i");

/**
 * Returns the real and the imaginary part of a complex number in Python's notation, `(1.5-2j)`. A number
 * without j is real.
 */
export function parseComplex(text: string): [number, number] | undefined {
  const match = COMPLEX.exec(text);
  if (match) return [parsePart(match[1] ?? "0"), parsePart(match[2]!)];
  const real = parseFloatText(text, ".");
  return real === undefined ? undefined : [real, 0];
}

/** The pattern matches numbers and `nan` alone, so what is not a number is NaN. */
const parsePart = (text: string) => parseFloatText(text, ".") ?? Number.NaN;

/** Whether a byte is a space or a tab, which are ignored around cells other than text. */
export const isSpace = (byte: number | undefined): boolean => byte === SPACE || byte === 9;
