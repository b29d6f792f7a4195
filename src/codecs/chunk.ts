import type { ColumnData } from "../model/column.ts";
import { parseDType } from "../model/dtype.ts";
import { throwIfAborted } from "../model/errors.ts";
import { decodeColumn } from "./decode.ts";
import { type Verdict, verify } from "./digest.ts";

/** A chunk to decode, as plain data that can be sent to another thread. */
export interface DecodeTask {
  bytes: Uint8Array<ArrayBuffer>;
  /** Column name, for messages. */
  name: string;
  /** Dtype, such as `float64`. */
  type: string;
  codecs: readonly string[];
  /** Number of rows, where a commit states it. */
  rows?: number | undefined;
  /** Verified if given. */
  digest?: string;
  /** Whether the digest is certain to be of these bytes: see `Segment.exact`. */
  exact?: boolean;
}

export interface DecodedChunk {
  column: ColumnData;
  verdict: Verdict;
}

/** Decodes a chunk, on this thread or on another one. */
export interface DecodeChunk {
  (task: DecodeTask, signal?: AbortSignal): Promise<DecodedChunk>;
  /** Prepares for chunks that will follow, of so many decoded bytes together. */
  expect?(bytes: number): void;
}

/** Decodes on this thread. @throws `corrupt`, `unsupported-codec`, `unsupported`, `network`, `aborted` */
export const decodeChunk: DecodeChunk = async (task, signal) => {
  const { bytes, name, type, codecs, rows, digest, exact } = task;
  throwIfAborted(signal);
  const dtype = parseDType(type);
  const decoded = await decodeColumn(bytes, { name, dtype, codecs }, { rows });
  const verdict = digest === undefined ? "good" : await verify(digest, bytes, decoded, dtype, exact);
  return { column: decoded.column, verdict };
};
