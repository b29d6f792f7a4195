import { LakotaError } from "../../model/errors.ts";
import { TransientError } from "./retry.ts";

/**
 * The whole body of a response. `onBytes` is told the size of each part as it arrives. A body shorter than
 * announced is a {@link TransientError}. (Browsers and Node notice most truncations themselves: reading fails.)
 */
export async function readBody(
  response: Response,
  onBytes?: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes =
    onBytes && response.body
      ? await readParts(response.body, onBytes)
      : new Uint8Array(await response.arrayBuffer());
  const announced = announcedLength(response);
  if (announced !== undefined && bytes.length < announced) {
    throw new TransientError(
      new LakotaError("network", `Only ${bytes.length} of ${announced} bytes arrived. Try again.`),
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

/** Content-Length, unless it counts the bytes of a compressed transfer. */
function announcedLength(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  const encoding = response.headers.get("content-encoding") ?? "identity";
  return length === null || encoding !== "identity" ? undefined : Number(length);
}

/**
 * Makes a byte counter fit for retries: what an earlier attempt has reported already is not reported again
 * by the next one. Call the result at the start of each attempt.
 */
export function progressOverAttempts(
  onBytes: ((bytes: number, cached: boolean) => void) | undefined,
): () => ((bytes: number) => void) | undefined {
  let reported = 0;
  return () => {
    if (!onBytes) return undefined;
    let seen = 0;
    return (bytes) => {
      seen += bytes;
      if (seen <= reported) return;
      onBytes(seen - reported, false);
      reported = seen;
    };
  };
}
