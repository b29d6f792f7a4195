import { LakotaError } from "../../model/errors.ts";
import { TransientError } from "./retry.ts";

/** Most bytes read of a response that is not used, or only for its error message. */
const MAX_ERROR_BYTES = 64 << 10;
/** Most bytes that are taken because a response announces them. */
const MAX_EXPECTED = 16 << 20;

/**
 * Reads the whole body of a response.
 *
 * @param onBytes called with the number of bytes of each part as it arrives
 * @throws TransientError for a body shorter than its Content-Length. (Browsers and Node detect most
 * truncations themselves.)
 */
export async function readBody(
  response: Response,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await readParts(response, onBytes, Number.POSITIVE_INFINITY);
  const expected = contentLength(response);
  if (expected !== undefined && bytes.length < expected) {
    throw new TransientError(
      new LakotaError("network", `The response ended after ${bytes.length} of ${expected} bytes. Try again.`),
    );
  }
  return bytes;
}

/** Like {@link readBody}, for a part of a file. Undefined if the server sends the whole file, which is not read. */
export async function readPart(
  response: Response,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return response.status === 206 ? readBody(response, onBytes) : undefined;
}

/** The value of a `Range` header. From another origin it needs no CORS preflight. */
export const rangeHeader = (from: number, to: number): string => `bytes=${from}-${to - 1}`;

/** Like {@link readBody}, for text. */
export async function readText(response: Response, onBytes: (bytes: number) => void): Promise<string> {
  return new TextDecoder().decode(await readBody(response, onBytes));
}

/**
 * Reads the start of a body that is not needed, or only for an error message. The rest is not read: the server
 * may send any amount. (Without reading, the connection would remain busy.)
 */
export async function readErrorText(response: Response, onBytes: (bytes: number) => void): Promise<string> {
  return new TextDecoder().decode(await readParts(response, onBytes, MAX_ERROR_BYTES));
}

async function readParts(
  response: Response,
  onBytes: (bytes: number) => void,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  // Only a hint: a compressed body is longer.
  const expected = Number(response.headers.get("content-length"));
  let bytes = new Uint8Array(Math.min(expected || 0, limit, MAX_EXPECTED));
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length < limit) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.length > bytes.length) {
      const longer = new Uint8Array(Math.max(2 * bytes.length, length + value.length));
      longer.set(bytes.subarray(0, length));
      bytes = longer;
    }
    bytes.set(value, length);
    length += value.length;
    onBytes(value.length);
  }
  if (length >= limit) reader?.cancel().catch(() => {});
  return length === bytes.length ? bytes : bytes.slice(0, length);
}

/**
 * Returns the Content-Length, unless it counts the bytes of a compressed transfer, or may: from another origin, pages see
 * this header, but not whether the transfer was compressed.
 */
function contentLength(response: Response): number | undefined {
  if (response.type === "cors") return undefined;
  const length = response.headers.get("content-length");
  const encoding = response.headers.get("content-encoding") ?? "identity";
  return length === null || encoding !== "identity" ? undefined : Number(length);
}

/**
 * Adapts a progress callback to retries, so that no byte is reported twice. The returned function is to be
 * called at the start of each attempt, and returns the callback for that attempt, which calls `onPart` too.
 */
export function progressOverAttempts(
  onBytes: ((bytes: number, cached: boolean) => void) | undefined,
): (onPart: (bytes: number) => void) => (bytes: number) => void {
  let reported = 0;
  return (onPart) => {
    let received = 0;
    return (bytes) => {
      onPart(bytes);
      received += bytes;
      if (received <= reported) return;
      onBytes?.(received - reported, false);
      reported = received;
    };
  };
}
