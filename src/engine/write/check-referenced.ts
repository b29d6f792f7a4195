import type { Changelog } from "../../changelog/changelog.ts";
import { currentId } from "../../changelog/log-lookup.ts";
import { LakotaError } from "../../model/errors.ts";
import { type ChunkWriter, MAX_UNREFERENCED_AGE } from "./chunk-writer.ts";

/**
 * Checks that what a new revision refers to is there: what it has stored, and what it shares with earlier ones. Must be called
 * before it is stored.
 *
 * @param shared ids of these earlier revisions
 * @throws `conflict` if it took so long that a garbage collection may have removed some of it
 */
export async function checkReferenced(
  writer: ChunkWriter,
  changelog: Changelog,
  shared: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (Date.now() - writer.began <= MAX_UNREFERENCED_AGE) return;
  try {
    await writer.checkStored(signal);
    changelog.refresh();
    const log = await changelog.log(undefined, signal);
    if (shared.every((id) => currentId(log, id) !== undefined)) return;
  } catch (error) {
    // What is written offline is in the outbox, where nothing collects it.
    if (error instanceof LakotaError && error.code === "offline") return;
    throw error;
  }
  throw new LakotaError(
    "conflict",
    `This took so long that the revision on which it builds was trimmed from ${changelog.uri}. Nothing was written: do it again.`,
  );
}
