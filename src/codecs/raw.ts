import { lazy } from "../async/lazy.ts";
import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import { isTyped, typedColumn } from "./typed-raw.ts";
import { cannotLoad } from "./wasm.ts";

/**
 * Converts text of fixed width and half floats, which few columns have. Imported on demand only, also by writers:
 * otherwise a bundler gives the file a namespace, by a helper that is one more file for each reader.
 */
const loadValues = lazy(() => import("./values.ts").catch(cannotLoad));

/** Returns the column in a raw array. @throws `corrupt` if its length is not a multiple of the item size */
export async function columnOfRaw(raw: Bytes, dtype: DType): Promise<ColumnData> {
  return isTyped(dtype) ? typedColumn(raw, dtype) : (await loadValues()).fromRaw(raw, dtype);
}

/** Returns the raw array of a column. Shares its buffer if possible. */
export async function rawOfColumn(column: ColumnData, dtype: DType): Promise<Bytes> {
  // Without import(), also where it is loaded already: that takes longer than to encode a few rows.
  if (isTyped(dtype) && ArrayBuffer.isView(column))
    return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  return (await loadValues()).toRaw(column, dtype);
}
