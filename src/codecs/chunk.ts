import type { ColumnData } from "../model/column.ts";
import { parseDType } from "../model/dtype.ts";
import { throwIfAborted } from "../model/errors.ts";
import { decodeColumn } from "./decode.ts";
import { type Verdict, verify } from "./digest.ts";

/** One chunk to decode: plain data, so that it can cross to another thread. */
export interface DecodeTask {
  bytes: Uint8Array<ArrayBuffer>;
  /** Column name, for messages. */
  name: string;
  /** Dtype, such as `float64`. */
  type: string;
  codecs: readonly string[];
  /** Checked where given. */
  digest?: string;
}

export interface DecodedChunk {
  column: ColumnData;
  verdict: Verdict;
}

/** Decodes chunks, on this thread or on others. */
export type DecodeChunk = (task: DecodeTask, signal?: AbortSignal) => Promise<DecodedChunk>;

/** Decodes on this thread. @throws `corrupt`, `unsupported-codec`, `unsupported`. */
export const decodeChunk: DecodeChunk = async ({ bytes, name, type, codecs, digest }, signal) => {
  throwIfAborted(signal);
  const dtype = parseDType(type);
  const decoded = await decodeColumn(bytes, { name, dtype, codecs });
  const verdict = digest === undefined ? "good" : await verify(digest, bytes, decoded, dtype);
  return { column: decoded.column, verdict };
};
