import { describeValue } from "../../model/cast-value.ts";
import { LakotaError } from "../../model/errors.ts";

/**
 * A source of bytes: a `File` or `Blob`, the body of a `fetch` response, a stream of Node, an iterable, or
 * text.
 */
export type ByteSource =
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | Blob
  | string;

/** Larger chunks are split, so that parsers can keep their buffers small. */
const MAX_CHUNK = 2 ** 20;

/**
 * Reads `source` as UTF-8 in chunks of at most 1 MiB. The source is read no further than chunks are pulled.
 *
 * @param encoding what the source is encoded in; bytes in UTF-8 are passed on unchecked
 * @throws `invalid-argument` for an encoding that the platform does not support; `invalid-frame` for bytes that are
 *   not in this encoding
 */
export async function* readBytes(source: ByteSource, encoding = "utf-8"): AsyncGenerator<Uint8Array> {
  const decode = /^utf-?8$/i.test(encoding) ? undefined : createDecoder(encoding);
  for await (const bytes of iterate(source)) {
    if (!(bytes instanceof Uint8Array))
      throw new LakotaError(
        "invalid-argument",
        `source: ${describeValue(bytes)} is not a chunk of bytes (Uint8Array).`,
      );
    for (let at = 0; at < bytes.length; at += MAX_CHUNK) {
      const chunk = bytes.subarray(at, at + MAX_CHUNK);
      yield decode ? encoder.encode(decode(chunk)) : chunk;
    }
  }
  if (decode) yield encoder.encode(decode());
}

const encoder = new TextEncoder();

/** Returns a function that decodes one chunk after the other, and at the end, without a chunk, what is left. */
function createDecoder(encoding: string): (chunk?: Uint8Array) => string {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    const message = `encoding: "${encoding}" is not supported. Try utf-8, utf-16le or windows-1252.`;
    throw new LakotaError("invalid-argument", message, { cause });
  }
  return (chunk) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      const message = `The text is not in ${encoding}. Set its encoding, as in encoding: "utf-8".`;
      throw new LakotaError("invalid-frame", message, { cause });
    }
  };
}

function iterate(source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === "string") return [encoder.encode(source)];
  if (source instanceof Blob)
    return source.size > MAX_CHUNK ? iterateStream(source.stream()) : wholeBlob(source);
  return source instanceof ReadableStream ? iterateStream(source) : source;
}

/** A stream takes several times as long as a few rows do. */
async function* wholeBlob(blob: Blob): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(await blob.arrayBuffer());
}

/** Some browsers have no async iterator on streams. */
async function* iterateStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
