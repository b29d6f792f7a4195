import type { ColumnData, TypedColumn } from "../../model/column.ts";
import { sliceRows, zeros } from "../../model/column-rows.ts";
import type { DType } from "../../model/dtype.ts";
import { encodeStrings } from "../../model/encode-strings.ts";
import { LakotaError } from "../../model/errors.ts";
import { Strings } from "../../model/strings.ts";
import { NAT, toUnit } from "../../model/time.ts";
import { isTypedColumn } from "../../model/typed-column.ts";

export type Floats = Float64Array<ArrayBuffer>;
export type Integers = BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

/**
 * Values of many rows, in the form that operators work on. Numbers, times and durations are float64 if that
 * holds them exactly, because bigints are slow: times as counts of their unit, missing ones NaN. Only columns
 * with integers beyond 2⁵³, such as times in nanoseconds, stay 64-bit.
 */
export type Values =
  | { readonly form: "floats"; readonly data: Floats }
  | { readonly form: "integers"; readonly data: Integers }
  | { readonly form: "flags"; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly form: "text"; readonly data: Strings }
  /** Objects and complex numbers, which no function accepts. */
  | { readonly form: "opaque"; readonly data: ColumnData };

export type Vector = Values & {
  /** Whether there is one value, for all rows. */
  readonly constant?: boolean;
  /** The column as it was read; absent for computed values. */
  readonly source?: ColumnData;
};

const TWO_32 = 0x100000000;
/** Bound of the upper halves of integers that float64 holds exactly: −2⁵³ ≤ n < 2⁵³. */
const EXACT = 0x200000;

/** Converts a column to a vector. */
export function toVector(source: ColumnData, dtype: DType): Vector {
  switch (dtype.kind) {
    case "float":
      return { form: "floats", data: toFloats(source), source };
    case "int":
    case "uint":
      return { ...fromIntegers(source, false), source };
    case "datetime":
    case "timedelta":
      // Read with the option `numbers`, they are milliseconds.
      return {
        ...fromIntegers(source instanceof Float64Array ? toCounts(source, dtype) : source, true),
        source,
      };
    case "bool":
      if (source instanceof Uint8Array) return { form: "flags", data: source, source };
      break;
    case "str":
    case "fixed-str":
    case "bytes":
      return { form: "text", data: toStrings(source), source };
    case "complex":
    case "object":
      return { form: "opaque", data: source, source };
  }
  throw typeMismatch(dtype);
}

const toCounts = (ms: Float64Array, { unit }: DType) => BigInt64Array.from(ms, (time) => toUnit(time, unit!));

function toFloats(source: ColumnData): Floats {
  if (source instanceof Float64Array) return source;
  if (isTypedColumn(source) && !isWide(source)) return new Float64Array(source);
  throw new LakotaError("internal", "A column of numbers is not a typed array of them.");
}

function fromIntegers(source: ColumnData, times: boolean): Values {
  if (!isTypedColumn(source) || !isWide(source)) return { form: "floats", data: toFloats(source) };
  const data = narrowed(source, times);
  return data ? { form: "floats", data } : { form: "integers", data: source };
}

const toStrings = (source: ColumnData): Strings =>
  source instanceof Strings ? source : encodeStrings(Array.from(source as ArrayLike<unknown>, String));

const isWide = (data: TypedColumn): data is Integers =>
  data instanceof BigInt64Array || data instanceof BigUint64Array;

/**
 * Converts 64-bit integers to float64, missing times to NaN. Undefined if float64 cannot hold all of them
 * exactly.
 */
export function narrowed(data: Integers, times: boolean): Floats | undefined {
  const low = new Uint32Array(data.buffer, data.byteOffset, 2 * data.length);
  const high =
    data instanceof BigUint64Array ? low : new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const [lo, hi] = [low[2 * i]!, high[2 * i + 1]!];
    if (hi >= -EXACT && hi < EXACT) out[i] = hi * TWO_32 + lo;
    else if (times && lo === 0 && hi === -0x80000000) out[i] = Number.NaN;
    else return undefined;
  }
  return out;
}

/** Returns numbers, times and booleans, one per row, as float64 or as 64-bit integers. */
export function numbersIn(vector: Vector): Floats | Integers {
  if (vector.form === "floats" || vector.form === "integers") return vector.data;
  if (vector.form === "flags") return new Float64Array(vector.data);
  throw new LakotaError("internal", "Numbers were expected.");
}

/** As {@link numbersIn}, always as 64-bit integers; missing times are NaT. */
export function integersIn(vector: Vector): Integers {
  const data = numbersIn(vector);
  return data instanceof Float64Array ? BigInt64Array.from(data, toBigInt) : data;
}

/**
 * As {@link numbersIn}, always as float64, even if that rounds.
 *
 * @param times whether NaT is a missing value
 */
export function floatsIn(vector: Vector, times = false): Floats {
  const data = numbersIn(vector);
  if (data instanceof Float64Array) return data;
  return Float64Array.from(data as ArrayLike<bigint>, (value) =>
    times && value === NAT ? Number.NaN : Number(value),
  );
}

const toBigInt = (value: number): bigint => (Number.isNaN(value) ? NAT : BigInt(value));

/** Converts a vector to a column, in a new buffer. @param rows length of the column, for a constant */
export function toColumn(vector: Vector, dtype: DType, rows: number): ColumnData {
  if (vector.form === "text" && vector.constant) return repeatText(vector.data, rows);
  const { source = vector.form === "text" || vector.form === "opaque" ? vector.data : undefined } = vector;
  if (source) return sliceRows(source, dtype, 0, rows);
  return fillColumn(numbersIn(vector), dtype, rows, vector.constant === true);
}

function fillColumn(
  data: ArrayLike<number | bigint>,
  dtype: DType,
  rows: number,
  constant: boolean,
): ColumnData {
  const out = zeros(dtype, rows);
  const step = constant ? 0 : 1;
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
    for (let i = 0; i < rows; i++) {
      const value = data[i * step]!;
      out[i] = typeof value === "bigint" ? value : toBigInt(value);
    }
  } else if (isTypedColumn(out)) {
    for (let i = 0; i < rows; i++) out[i] = Number(data[i * step]!);
  } else throw typeMismatch(dtype);
  return out;
}

/** Converts numbers or bigints to a column of `dtype`. */
export const columnOf = (values: ArrayLike<number | bigint>, dtype: DType): ColumnData =>
  fillColumn(values, dtype, values.length, false);

function repeatText(text: Strings, rows: number): Strings {
  return encodeStrings(new Array<string>(rows).fill(text.at(0)));
}

const typeMismatch = ({ name }: DType) =>
  new LakotaError("internal", `The values of a column do not match its type ${name}.`);
