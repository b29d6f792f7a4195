import { type DType, lanes } from "./dtype.ts";
import { Strings } from "./strings.ts";

/** The typed arrays that hold columns of fixed-size items. */
export type TypedColumn =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/** A column in memory. Complex numbers take two neighbouring numbers per row (real, imaginary). */
export type ColumnData = TypedColumn | Strings | unknown[];

/** A column of a frame, with its name and its type in the repository. */
export interface NamedColumn {
  name: string;
  /** The name of its dtype, such as `float64` or `datetime64[s]`. */
  type: string;
  data: ColumnData;
}

/** One item of an index column. */
export type IndexValue = number | bigint | string;

/** Returns the number of rows of a column. */
export function rowsOf(column: ColumnData, dtype: DType): number {
  return column.length / lanes(dtype);
}

/** Whether `column` is a column in memory. */
export const isColumnData = (column: unknown): column is ColumnData =>
  column instanceof Strings || Array.isArray(column) || ArrayBuffer.isView(column);
