import type { ColumnData, IndexValue } from "./column.ts";
import { zeros } from "./column-rows.ts";
import type { DType } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { fromHalf, toHalf } from "./half.ts";
import type { Column } from "./schema.ts";
import { floorToUnit, NAT, type TimeInput, toUnit, type UnitCount } from "./time.ts";

const INTEGER_RANGE: Record<string, [min: bigint, max: bigint]> = {};
for (const bits of [8, 16, 32, 64]) {
  INTEGER_RANGE[`int${bits}`] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  INTEGER_RANGE[`uint${bits}`] = [0n, 2n ** BigInt(bits) - 1n];
}

/** More than any integer of 64 bits. */
const BEYOND = 2n ** 64n;

/** Where a value lies among the items that a column can hold. */
export interface Place {
  /** The value, or the item next to it. */
  readonly item: IndexValue;
  /** 0 if the item is the value; 1 if the value lies right after the item, -1 if right before it. */
  readonly side: -1 | 0 | 1;
}

/**
 * Returns where a value lies among the items of an index column. A time or number may be finer than the column's
 * unit, and beyond what the column can hold; a float is rounded to the column's precision.
 *
 * @throws `invalid-argument`, naming column and value
 */
export function placeValue({ name, dtype }: Column, value: unknown): Place {
  const range = INTEGER_RANGE[dtype.unit ? "int64" : dtype.name];
  const floor = range && floorOf(dtype, value);
  if (floor) {
    const [min, max] = range;
    if (floor.count < min) return { item: toItem(dtype, min), side: -1 };
    if (floor.count > max) return { item: toItem(dtype, max), side: 1 };
    return { item: toItem(dtype, floor.count), side: floor.exact ? 0 : 1 };
  }
  const cast = casterOf(dtype)(value);
  if (cast !== undefined) return { item: toItem(dtype, cast), side: 0 };
  throw new LakotaError(
    "invalid-argument",
    `Column "${name}": ${describeValue(value)} is not ${expectedItem(dtype, value)}.`,
  );
}

/** Returns a time or number as a count of the type's unit, rounded down; undefined for other values. */
function floorOf(dtype: DType, value: unknown): UnitCount | undefined {
  if (value === Number.POSITIVE_INFINITY) return { count: BEYOND, exact: false };
  if (value === Number.NEGATIVE_INFINITY) return { count: -BEYOND, exact: false };
  if (typeof value === "bigint") return { count: value, exact: true };
  if (dtype.kind !== "datetime") {
    if (typeof value !== "number" || Number.isNaN(value)) return undefined;
    return { count: BigInt(Math.floor(value)), exact: Number.isInteger(value) };
  }
  if (!isTimeInput(value)) return undefined;
  try {
    return floorToUnit(value, dtype.unit!);
  } catch {
    return undefined; // the caller throws an error that names the column
  }
}

/** Converts a value to what the typed array of `dtype` returns for it. */
function toItem(dtype: DType, value: IndexValue): IndexValue {
  if (typeof value === "string") return value;
  const items = zeros(dtype, 1);
  setItem(items, 0, typeof value === "bigint" && dtype.size < 8 ? Number(value) : value);
  return (items as IndexValue[])[0]!;
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
  if (!isTimeInput(value)) return undefined;
  try {
    return toUnit(value, dtype.unit!);
  } catch {
    return undefined; // the caller throws an error that names column and row
  }
}

const isTimeInput = (value: unknown): value is TimeInput =>
  value instanceof Date || ["string", "number", "bigint"].includes(typeof value);

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
