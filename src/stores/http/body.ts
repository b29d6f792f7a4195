import { LakotaError } from "../../model/errors.ts";
import { TransientError } from "./retry.ts";

/**
 * Reads the whole body of a response.
 *
 * @param onBytes called with the number of bytes of each part as it arrives
 * @throws TransientError for a body shorter than its Content-Length. (Browsers and Node detect most
 * truncations themselves.)
 */
export async function readBody(
  response: Response,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes =
    onBytes && response.body
      ? await readParts(response.body, onBytes)
      : new Uint8Array(await response.arrayBuffer());
  const expected = contentLength(response);
  if (expected !== undefined && bytes.length < expected) {
    throw new TransientError(
      new LakotaError("network", `The response ended after ${bytes.length} of ${expected} bytes. Try again.`),
    );
  }
  return bytes;
}

async function readParts(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    onBytes(value.length);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Returns the Content-Length, unless it counts the bytes of a compressed transfer. */
function contentLength(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  const encoding = response.headers.get("content-encoding") ?? "identity";
  return length === null || encoding !== "identity" ? undefined : Number(length);
}

/**
 * Adapts a progress callback to retries, so that no byte is reported twice. The returned function is to be
 * called at the start of each attempt, and returns the callback for that attempt.
 */
export function progressOverAttempts(
  onBytes: ((bytes: number, cached: boolean) => void) | undefined,
): () => ((bytes: number) => void) | undefined {
  let reported = 0;
  return () => {
    if (!onBytes) return undefined;
    let received = 0;
    return (bytes) => {
      received += bytes;
      if (received <= reported) return;
      onBytes(received - reported, false);
      reported = received;
    };
  };
}
