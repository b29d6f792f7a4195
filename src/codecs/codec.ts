import type { Bytes } from "../model/bytes.ts";
import type { BytesCodecName, ValueCodecName } from "../model/codec-names.ts";
import type { ColumnData } from "../model/column.ts";
import type { DType } from "../model/dtype.ts";
import type { Expected } from "./limits.ts";

/**
 * @param max bytes that the result may have: memory is never taken for more
 * @throws `corrupt`
 */
export type BytesDecoder = (bytes: Bytes, max: number) => Promise<Bytes>;
/** Encodes with the parameters that numcodecs uses when none are given: the format stores no parameters. */
export type BytesEncoder = (bytes: Bytes, itemSize: number) => Promise<Bytes>;
/** @throws `corrupt`, also where the number of rows is not as expected */
export type ValueDecoder = (bytes: Bytes, dtype: DType, expected: Expected) => ColumnData;
/** @throws `invalid-frame` for a value that the codec cannot hold */
export type ValueEncoder = (column: ColumnData, dtype: DType) => Bytes;

/**
 * One direction of all codecs, by name. The names are those that a schema accepts, so the compiler reports a
 * codec that
 * `decoders.ts` or `encoders.ts` lacks.
 */
export interface CodecTable<Values, Bytes> {
  /** From values to bytes and back: only the first codec of a column. */
  readonly values: Readonly<Record<ValueCodecName, Values>>;
  /** From bytes to bytes. */
  readonly bytes: Readonly<Record<BytesCodecName, Bytes>>;
}
