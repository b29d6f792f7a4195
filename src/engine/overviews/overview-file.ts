import { decodeZstd } from "../../codecs/bytes-decode.ts";
import { sha1 } from "../../codecs/sha1.ts";
import { type Bytes, toHex } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";

/** First bytes of a file: `LKOV`, and the version. */
export const MAGIC = Uint8Array.of(0x4c, 0x4b, 0x4f, 0x56, 1);
/** Bytes before the compressed content: the first bytes, and the SHA-1 of the compressed content. */
export const HEADER_BYTES = MAGIC.length + 20;

/** Returns whether a file is what was stored, whatever it is of. */
export async function isIntact(bytes: Bytes): Promise<boolean> {
  const isKnown = bytes.length > HEADER_BYTES && MAGIC.every((byte, i) => byte === bytes[i]);
  if (!isKnown) return false;
  return (await sha1(bytes.slice(HEADER_BYTES))) === toHex(bytes.subarray(MAGIC.length, HEADER_BYTES));
}

/**
 * Returns what a file has compressed.
 *
 * @param name of the file
 * @param most bytes that the content may have
 * @throws `corrupt` if it is damaged
 */
export async function openFile(bytes: Bytes, name: string, most: number): Promise<Bytes> {
  if (!(await isIntact(bytes))) throw unusable(name, "its bytes are not those that were stored");
  return decodeZstd(bytes.slice(HEADER_BYTES), most).catch((error: unknown) => {
    throw error instanceof LakotaError && error.code !== "corrupt"
      ? error
      : unusable(name, "it is no zstd frame");
  });
}

/** Returns the error for a file that is damaged, or of something else. */
export function unusable(name: string, cause: unknown): LakotaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LakotaError("corrupt", `The overview ${name} cannot be used: ${why}.`, { cause });
}
