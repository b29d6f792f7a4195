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

/** One item of an index column. */
export type IndexValue = number | bigint | string;

/** Returns the number of rows of a column. */
export function rowsOf(column: ColumnData, dtype: DType): number {
  return column.length / lanes(dtype);
}

/** Whether `column` is a typed array, not in shared memory, which can be neither transferred nor hashed. */
export function isTypedColumn(column: unknown): column is TypedColumn {
  if (!ArrayBuffer.isView(column) || column instanceof DataView) return false;
  return typeof SharedArrayBuffer === "undefined" || !(column.buffer instanceof SharedArrayBuffer);
}

/** Returns the buffers of the columns, each once: the transfer list of a message to another thread. */
export function transferables(columns: Iterable<ColumnData>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const column of columns) {
    if (column instanceof Strings) buffers.add(column.bytes.buffer).add(column.offsets.buffer);
    else if (isTypedColumn(column)) buffers.add(column.buffer);
  }
  return [...buffers];
}
