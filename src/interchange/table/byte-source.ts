import { LakotaError } from "../../model/errors.ts";

/** Where bytes come from: a file of the page (`File`, `Blob`), a `fetch` body, a stream of Node, or text. */
export type ByteSource =
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ReadableStream<Uint8Array>
  | Blob
  | string;

/** Most bytes that go on at once, so that one large piece does not become a large buffer. */
const MAX_CHUNK = 2 ** 20;

/** The bytes of `source` in pieces, pulled one by one: the next is asked for when this one is dealt with. */
export async function* readBytes(source: ByteSource, encoding = "utf-8"): AsyncGenerator<Uint8Array> {
  const utf8 = /^utf-?8$/i.test(encoding);
  const decoder = utf8 ? undefined : createDecoder(encoding);
  for await (const chunk of iterate(source)) {
    for (let at = 0; at < chunk.length; at += MAX_CHUNK) {
      const piece = chunk.subarray(at, at + MAX_CHUNK);
      yield decoder ? encoder.encode(decoder.decode(piece, { stream: true })) : piece;
    }
  }
  if (decoder) yield encoder.encode(decoder.decode());
}

const encoder = new TextEncoder();

function createDecoder(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    const message = `"${encoding}" is no encoding that this platform knows. Try utf-8, utf-16le or windows-1252.`;
    throw new LakotaError("invalid-argument", message, { cause });
  }
}

function iterate(source: ByteSource): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof source === "string") return [encoder.encode(source)];
  if (source instanceof Blob) return iterateStream(source.stream());
  return source instanceof ReadableStream ? iterateStream(source) : source;
}

/** Not every browser lets a stream be iterated. */
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
