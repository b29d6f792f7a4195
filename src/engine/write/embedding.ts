import type { SegmentTable } from "../../changelog/segment-table.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { ChunkWriter } from "./chunk-writer.ts";

/**
 * Bytes of chunks that a commit holds. Each commit repeats what it embeds, so this bounds how a history grows; it is
 * room enough for the newest rows of a few hundred columns.
 */
const EMBED_MOST = 8_192;

/**
 * Which chunks a commit embeds: those that are new, then those that it had before, as far as there is room. The
 * others become files.
 */
export async function embedChunks(
  table: SegmentTable,
  added: ReadonlyMap<string, Bytes>,
  old: ReadonlyMap<string, Bytes>,
  writer: ChunkWriter,
  signal: AbortSignal,
): Promise<Map<string, Bytes>> {
  const used = new Set(table.flatMap(({ digests }) => digests));
  const embedded = new Map<string, Bytes>();
  const files = new Map<string, Bytes>();
  let room = EMBED_MOST;
  for (const [digest, bytes] of [...added, ...old]) {
    if (!used.has(digest) || embedded.has(digest) || files.has(digest)) continue;
    if (bytes.length <= room) {
      embedded.set(digest, bytes);
      room -= bytes.length;
    } else files.set(digest, bytes);
  }
  await Promise.all([...files].map(([digest, bytes]) => writer.putFile(digest, bytes, signal)));
  return embedded;
}
