import { decodeColumn } from "../codecs/decode.ts";
import { unpack } from "../codecs/msgpack-decode.ts";
import { LakotaError } from "../model/errors.ts";
import { Strings } from "../model/strings.ts";
import { MAX_COLUMN_BYTES, TEXT } from "./commit.ts";

/**
 * Returns the digests of all chunks to which a revision file refers. Needs no schema.
 *
 * @throws `corrupt` if the bytes are not a commit
 */
export async function referencedDigests(bytes: Uint8Array<ArrayBuffer>): Promise<Set<string>> {
  const [payload] = unpack(bytes);
  const columns = Object.entries(mapOf(mapOf(payload).digest));
  const digests = new Set<string>();
  for (const [name, column] of columns) {
    if (!(column instanceof Uint8Array))
      throw new LakotaError("corrupt", `A commit has no digests of column "${name}".`);
    const decoded = await decodeColumn(column.slice(), { ...TEXT, name }, { maxBytes: MAX_COLUMN_BYTES });
    if (decoded.column instanceof Strings) for (const digest of decoded.column.toArray()) digests.add(digest);
  }
  return digests;
}

function mapOf(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new LakotaError("corrupt", "A revision is not a commit: its payload is not a map.");
}
