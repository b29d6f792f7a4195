import { type ColumnData, type IndexValue, isTypedColumn, type TypedColumn } from "./column.ts";
import { zeros } from "./column-rows.ts";
import { type DType, lanes } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { fromHalf, toHalf } from "./half.ts";
import type { Column } from "./schema.ts";
import { Strings } from "./strings.ts";
import { NAT, type TimeInput, toUnit } from "./time.ts";

/**
 * The values of a column to write: a typed array, or an array of numbers, bigints, strings, dates, booleans,
 * or null for a missing number or time. Times are taken as described at {@link TimeInput}.
 */
export type ColumnInput = ArrayLike<unknown> | Strings;

const INTEGER_RANGE: Record<string, [min: bigint, max: bigint]> = {};
for (const bits of [8, 16, 32, 64]) {
  INTEGER_RANGE[`int${bits}`] = [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  INTEGER_RANGE[`uint${bits}`] = [0n, 2n ** BigInt(bits) - 1n];
}

/**
 * Converts `input` to the column's type. A typed array of the right class is returned as it is, not copied.
 *
 * @throws `invalid-frame`, naming column, row and value
 */
export function castColumn(column: Column, input: ColumnInput): ColumnData {
  const { dtype, name } = column;
  if (input instanceof Strings) return dtype.kind === "str" ? input : castColumn(column, input.toArray());
  if (typeof input !== "object" || !Number.isInteger(input?.length)) {
    throw new LakotaError(
      "invalid-frame",
      `Column "${name}": ${describe(input)} is not a column. Pass a typed array or an array.`,
    );
  }
  switch (dtype.kind) {
    case "object":
      return Array.from(input);
    case "str":
    case "fixed-str":
    case "bytes":
      return castStrings(column, input);
    default: {
      const out = zeros(dtype, 0) as TypedColumn;
      if (isTypedColumn(input) && input.constructor === out.constructor && dtype.kind !== "bool") {
        checkLanes(column, input);
        return input;
      }
      return castNumbers(column, input);
    }
  }
}

function checkLanes({ name, dtype }: Column, input: ArrayLike<unknown>): void {
  if (input.length % lanes(dtype) === 0) return;
  throw new LakotaError(
    "invalid-frame",
    `Column "${name}": ${input.length} numbers are not pairs (real, imaginary), as ${dtype.name} takes them.`,
  );
}

function castStrings({ name, dtype }: Column, input: ArrayLike<unknown>): Strings {
  const width =
    dtype.kind === "fixed-str"
      ? dtype.size / 4
      : dtype.kind === "bytes"
        ? dtype.size
        : Number.POSITIVE_INFINITY;
  const items = Array.from(input, (value, row) => {
    if (typeof value !== "string") throw invalid(name, row, value, "a string");
    if (value.length > width && [...value].length > width)
      throw invalid(name, row, value, `at most ${width} characters`);
    if (dtype.kind === "bytes" && /[^\0-\xff]/.test(value))
      throw invalid(name, row, value, "characters up to U+00FF");
    if (!value.isWellFormed()) throw invalid(name, row, value, "text: it has a lone surrogate");
    return value;
  });
  return Strings.from(items);
}

function castNumbers(column: Column, input: ArrayLike<unknown>): ColumnData {
  const { name, dtype } = column;
  checkLanes(column, input);
  const convert = converter(dtype);
  const out = zeros(dtype, input.length / lanes(dtype));
  for (let i = 0; i < input.length; i++) {
    const value = convert(input[i]);
    if (value === undefined) throw invalid(name, Math.floor(i / lanes(dtype)), input[i], expectedItem(dtype));
    // The converter of a dtype yields the item type of its array: bigint for 64-bit integers, else number.
    (out as (number | bigint)[])[i] = value;
  }
  return out;
}

function expectedItem(dtype: DType): string {
  if (dtype.kind === "datetime")
    return "a time: ISO 8601 text, a Date, epoch milliseconds, or a bigint in the column's unit";
  const range = INTEGER_RANGE[dtype.kind === "timedelta" ? "int64" : dtype.name];
  if (range) return `an integer from ${range[0]} to ${range[1]}`;
  return dtype.kind === "bool" ? "true or false" : "a number";
}

/**
 * Returns a function that converts one value to an item of `dtype`: undefined for a value that cannot be one.
 */
function converter(dtype: DType): (value: unknown) => number | bigint | undefined {
  switch (dtype.kind) {
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

function invalid(name: string, row: number, value: unknown, expected: string): LakotaError {
  return new LakotaError(
    "invalid-frame",
    `Column "${name}", row ${row}: ${describe(value)} is not ${expected}.`,
  );
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  return value && typeof value === "object" && !(value instanceof Date)
    ? Object.prototype.toString.call(value)
    : String(value);
}

/** Converts one value of a bound or key. @throws `invalid-argument`, naming column and value */
export function castIndexValue(column: Column, value: unknown): IndexValue {
  try {
    const data = castColumn(column, [value]);
    return data instanceof Strings ? data.at(0) : (data[0] as IndexValue);
  } catch (cause) {
    if (!(cause instanceof LakotaError)) throw cause;
    throw new LakotaError("invalid-argument", cause.message.replace(/, row 0/, ""), { cause });
  }
}
