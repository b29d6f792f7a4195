import type { Bytes } from "../model/bytes.ts";
import type { ColumnData, TypedColumn } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import type { DType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";

/** Whether the raw array has the items of the column as they are in memory. */
export const isTyped = ({ kind, name }: DType): boolean =>
  kind !== "fixed-str" && kind !== "bytes" && name !== "float16";

/** Returns the typed array of a raw array. Shares its buffer if the alignment allows. */
export function typedColumn(raw: Bytes, dtype: DType): ColumnData {
  checkWhole(raw, dtype);
  const empty = zeros(dtype, 0) as TypedColumn;
  const Items = empty.constructor as new (buffer: ArrayBuffer, offset: number, length: number) => TypedColumn;
  const aligned = raw.byteOffset % empty.BYTES_PER_ELEMENT === 0 ? raw : raw.slice();
  return new Items(aligned.buffer, aligned.byteOffset, aligned.length / empty.BYTES_PER_ELEMENT);
}

/** @throws `corrupt` if the length of a raw array is not a multiple of the item size */
export function checkWhole(raw: Bytes, { name, size }: DType): void {
  if (raw.length % size === 0) return;
  const message = `${raw.length} bytes are not a whole number of ${name} items of ${size} bytes.`;
  throw new LakotaError("corrupt", message);
}
