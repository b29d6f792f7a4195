import type { IHasher } from "hash-wasm";
import { lazy } from "../async/lazy.ts";
import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import { isFixed } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { EMPTY_DIGEST } from "./digest.ts";
import { ENCODERS } from "./encoders.ts";
import { MAX_CHUNK_BYTES } from "./limits.ts";
import { codecFailure, type Encoding, pipelineOf } from "./pipeline.ts";
import { rawOfColumn } from "./raw.ts";
import { sha1 } from "./sha1.ts";

const hashing = lazy(() => import("./sha1-fallback.ts"));

/**
 * Encodes a column: applies its codecs from left to right. A column without rows becomes no bytes.
 *
 * @throws `invalid-frame` for a value that the codecs cannot hold, `unsupported-codec`
 */
export async function encodeColumn(column: ColumnData, encoding: Encoding): Promise<Bytes> {
  if (column.length === 0) return new Uint8Array(0);
  const { name, dtype } = encoding;
  const { value, steps } = pipelineOf(encoding, ENCODERS);
  try {
    let bytes = value ? value(column, dtype) : await rawOfColumn(column, dtype);
    if (bytes.length > MAX_CHUNK_BYTES) {
      const message = `${bytes.length} bytes are more than the ${MAX_CHUNK_BYTES} of one chunk. Write fewer rows.`;
      throw new LakotaError("invalid-frame", message);
    }
    let itemSize = value ? 1 : dtype.size;
    for (const step of steps) {
      bytes = await step(bytes, itemSize);
      itemSize = 1;
    }
    return bytes;
  } catch (cause) {
    throw codecFailure(cause, name, "invalid-frame");
  }
}

/**
 * Returns the digest that names a chunk. For columns of fixed-size items in the default codec it is that of
 * the raw array, as in Python, so that equal data is stored once. For all others it is that of the encoded
 * bytes, so that two encodings of the same values never share a name.
 */
export async function digestOf(column: ColumnData, encoded: Bytes, encoding: Encoding): Promise<string> {
  if (encoded.length === 0) return EMPTY_DIGEST;
  return (await rawDigestOf(column, encoding)) ?? digestOfBytes(encoded);
}

/** Returns the digest that names a chunk if it does not depend on how the chunk is encoded. Undefined if it does. */
export async function rawDigestOf(
  column: ColumnData,
  { dtype, codecs }: Encoding,
): Promise<string | undefined> {
  const isByRaw = isFixed(dtype) && codecs.length === 1 && codecs[0] === "blosc";
  if (!isByRaw) return undefined;
  return column.length === 0 ? EMPTY_DIGEST : digestOfBytes(await rawOfColumn(column, dtype));
}

async function digestOfBytes(bytes: Bytes): Promise<string> {
  if (bytes.length > SHORT) return sha1(bytes);
  hasher ??= hashing().then(({ createSHA1 }) => createSHA1());
  const loaded = await hasher.catch(() => {
    hasher = undefined; // there may be no network
  });
  return loaded ? loaded.init().update(bytes).digest("hex") : sha1(bytes);
}

/** Bytes up to which WebAssembly is faster than `crypto.subtle`, which works on another thread. */
const SHORT = 16_384;
let hasher: Promise<IHasher> | undefined;
