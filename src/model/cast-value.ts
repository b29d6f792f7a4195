import type { ColumnData, IndexValue } from "./column.ts";
import { zeros } from "./column-rows.ts";
import type { DType } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { fromHalf, toHalf } from "./half.ts";
import type { Column } from "./schema.ts";
import { NAT, type TimeInput, toUnit } from "./time.ts";

const INTEGER_RANGE: Record<string, [min: bigint, max: bigint]> = {};
for (const bits of [8, 16, 32, 64]) {
  INTEGER_RANGE[`int${bits}`] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  INTEGER_RANGE[`uint${bits}`] = [0n, 2n ** BigInt(bits) - 1n];
}

/** Converts one value of a bound or key. @throws `invalid-argument`, naming column and value */
export function castIndexValue({ name, dtype }: Column, value: unknown): IndexValue {
  const cast = casterOf(dtype)(value);
  if (cast === undefined) {
    throw new LakotaError(
      "invalid-argument",
      `Column "${name}": ${describeValue(value)} is not ${expectedItem(dtype, value)}.`,
    );
  }
  if (typeof cast === "string") return cast;
  const items = zeros(dtype, 1);
  setItem(items, 0, cast);
  return (items as IndexValue[])[0]!; // rounded to the precision of the column
}

/** Sets an item of a typed array. {@link casterOf} returns what the array of the type holds. */
export function setItem(items: ColumnData, i: number, value: IndexValue): void {
  (items as IndexValue[])[i] = value;
}

/**
 * Returns a function that converts a value to an item of `dtype`, which must not be `object`: undefined for a value
 * that cannot be one.
 */
export function casterOf(dtype: DType): (value: unknown) => IndexValue | undefined {
  switch (dtype.kind) {
    case "str":
    case "fixed-str":
    case "bytes":
      return (value) => (typeof value === "string" && !expectedText(dtype, value) ? value : undefined);
    case "datetime":
      return (value) => toTime(value, dtype);
    case "timedelta":
      return (value) =>
        value === null || value === undefined ? NAT : toInteger(value, INTEGER_RANGE.int64!);
    case "bool":
      return (value) => (value === true || value === 1 ? 1 : value === false || value === 0 ? 0 : undefined);
    case "int":
    case "uint": {
      const range = INTEGER_RANGE[dtype.name]!;
      if (dtype.size === 8) return (value) => toInteger(value, range);
      return (value) => {
        const integer = toInteger(value, range);
        return integer === undefined ? undefined : Number(integer);
      };
    }
    default:
      return dtype.name === "float16" ? toFloat16 : toFloat;
  }
}

/** Returns what a value that {@link casterOf} refused should be, for an error message. */
export function expectedItem(dtype: DType, value: unknown): string {
  const { kind, name } = dtype;
  if (kind === "datetime")
    return "a time: ISO 8601 text, a Date, epoch milliseconds, or a bigint in the column's unit";
  if (kind === "str" || kind === "fixed-str" || kind === "bytes")
    return (typeof value === "string" && expectedText(dtype, value)) || "a string";
  const range = INTEGER_RANGE[kind === "timedelta" ? "int64" : name];
  if (range) return `an integer from ${range[0]} to ${range[1]}`;
  return kind === "bool" ? "true or false" : "a number";
}

/** Returns what a text should be that is no item of `dtype`. */
function expectedText({ kind, size }: DType, text: string): string | undefined {
  const width = kind === "fixed-str" ? size / 4 : kind === "bytes" ? size : Number.POSITIVE_INFINITY;
  if (text.length > width && [...text].length > width) return `at most ${width} characters`;
  if (kind === "bytes" && /[^\0-\xff]/.test(text)) return "characters up to U+00FF";
  return text.isWellFormed() ? undefined : "text: it has a lone surrogate";
}

/** Returns a value as error messages show it. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  return value && typeof value === "object" && !(value instanceof Date)
    ? Object.prototype.toString.call(value)
    : String(value);
}

function toTime(value: unknown, dtype: DType): bigint | undefined {
  if (value === null || value === undefined) return NAT;
  if (!(value instanceof Date) && !["string", "number", "bigint"].includes(typeof value)) return undefined;
  try {
    return toUnit(value as TimeInput, dtype.unit!);
  } catch {
    return undefined; // the caller throws an error that names column and row
  }
}

function toInteger(value: unknown, [min, max]: [bigint, bigint]): bigint | undefined {
  const isInteger = typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value));
  if (!isInteger) return undefined;
  const integer = BigInt(value as number | bigint);
  return integer >= min && integer <= max ? integer : undefined;
}

function toFloat(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value === null || value === undefined) return Number.NaN;
  return typeof value === "boolean" ? Number(value) : undefined;
}

/** Rounds once, from the number itself: rounding to float32 first would move a few values by one step. */
function toFloat16(value: unknown): number | undefined {
  const number = toFloat(value);
  return number === undefined ? undefined : fromHalf(toHalf(number));
}
