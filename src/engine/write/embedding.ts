import type { SegmentTable } from "../../changelog/segment-table.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { ChunkWriter } from "./chunk-writer.ts";

/**
 * Bytes of embedded chunks per commit. Every commit repeats the chunks that it embeds, so this bounds the
 * growth of the history; it suffices for the newest rows of a few hundred columns.
 */
const EMBEDDING_BUDGET = 8_192;

/**
 * Chooses the chunks that a commit embeds, new ones first, then those of the base commit, within the budget.
 * Stores the others as files.
 *
 * @returns the chunks to embed, by digest
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
  let budget = EMBEDDING_BUDGET;
  for (const [digest, bytes] of [...added, ...old]) {
    if (!used.has(digest) || embedded.has(digest) || files.has(digest)) continue;
    if (bytes.length <= budget) {
      embedded.set(digest, bytes);
      budget -= bytes.length;
    } else files.set(digest, bytes);
  }
  await Promise.all([...files].map(([digest, bytes]) => writer.putFile(digest, bytes, signal)));
  return embedded;
}
