import type { ColumnData, IndexValue, TypedColumn } from "./column.ts";
import { rowsOf } from "./column.ts";
import { type DType, lanes } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { Strings } from "./strings.ts";
import { isTypedColumn } from "./typed-column.ts";

const ARRAYS: Record<string, new (length: number) => TypedColumn> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Float32Array, // half floats are widened, as few platforms have an array for them
  complex128: Float64Array,
  complex64: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint64: BigUint64Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
  bool: Uint8Array,
};

/** Returns a column of `rows` zero values (0, false, empty text, `""` for objects): the format's defaults. */
export function zeros(dtype: DType, rows: number): ColumnData {
  switch (dtype.kind) {
    case "datetime":
    case "timedelta":
      return new BigInt64Array(rows);
    case "str":
    case "fixed-str":
    case "bytes":
      return new Strings(new Uint8Array(0), new Uint32Array(rows + 1));
    case "object":
      return new Array(rows).fill("");
    default:
      return new ARRAYS[dtype.name]!(rows * lanes(dtype));
  }
}

/** Returns a copy of the rows from `from` up to `to`. The original can then be freed. */
export function sliceRows(column: ColumnData, dtype: DType, from: number, to: number): ColumnData {
  if (column instanceof Strings) {
    const { bytes, offsets } = column.subarray(from, to);
    return new Strings(bytes.slice(), offsets);
  }
  const n = lanes(dtype);
  return column.slice(from * n, to * n);
}

/** Concatenates parts of one dtype. A single part is returned as it is. */
export function concatRows(parts: readonly ColumnData[], dtype: DType): ColumnData {
  if (parts.length === 1) return parts[0]!;
  const rows = parts.reduce((sum, part) => sum + rowsOf(part, dtype), 0);
  const strings = parts.filter((part) => part instanceof Strings);
  if (strings.length > 0) return concatStrings(strings);
  if (parts.some(Array.isArray)) return parts.flatMap((part) => [...(part as unknown[])]);
  const out = zeros(dtype, rows);
  let at = 0;
  for (const part of parts) {
    setRows(out, part, at);
    at += part.length;
  }
  return out;
}

/** Copies `part` into `out` at item `at`. Both are of one dtype. */
export function setRows(out: ColumnData, part: ColumnData, at: number): void {
  if (out instanceof BigInt64Array && part instanceof BigInt64Array) out.set(part, at);
  else if (out instanceof BigUint64Array && part instanceof BigUint64Array) out.set(part, at);
  else if (isNumberArray(out) && isNumberArray(part)) out.set(part, at);
  else if (Array.isArray(out) && Array.isArray(part))
    for (let i = 0; i < part.length; i++) out[at + i] = part[i];
  else throw new LakotaError("internal", "Columns of different kinds cannot be joined.");
}

/** Returns the item at `row` of a column that can be an index. */
export function indexValue(column: ColumnData, row: number): IndexValue {
  const value = column instanceof Strings ? column.at(row) : column[row];
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string") return value;
  throw new LakotaError("internal", `A column of ${typeof value} cannot be an index.`);
}

function concatStrings(parts: readonly Strings[]): Strings {
  const offsets = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0) + 1);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
  let row = 0;
  let used = 0;
  for (const part of parts) {
    bytes.set(part.bytes, used);
    for (let i = 0; i < part.length; i++) offsets[++row] = used + part.offsets[i + 1]!;
    used += part.bytes.length;
  }
  return new Strings(bytes, offsets);
}

type NumberArray = Exclude<TypedColumn, BigInt64Array | BigUint64Array>;

export function isNumberArray(column: ColumnData): column is NumberArray {
  return isTypedColumn(column) && !(column instanceof BigInt64Array) && !(column instanceof BigUint64Array);
}
