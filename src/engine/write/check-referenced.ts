import type { Changelog } from "../../changelog/changelog.ts";
import { currentId } from "../../changelog/log-lookup.ts";
import { LakotaError } from "../../model/errors.ts";
import { isUnreachable } from "../../stores/store.ts";
import { type ChunkWriter, MAX_UNREFERENCED_AGE } from "./chunk-writer.ts";

/**
 * Checks that what a new revision refers to is there: what it has stored, and what it shares with earlier ones. Must be called
 * before it is stored.
 *
 * @param shared ids of these earlier revisions
 * @throws `conflict` if it took so long that a garbage collection may have removed some of it; `offline` or `network` if that
 *   cannot be found out
 */
export async function checkReferenced(
  writer: ChunkWriter,
  changelog: Changelog,
  shared: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  if (Date.now() - writer.began <= MAX_UNREFERENCED_AGE) return;
  await writer.checkStored(signal);
  if (await areListed(changelog, shared, signal)) return;
  throw new LakotaError(
    "conflict",
    `This took so long that the revision on which it builds was trimmed from ${changelog.uri}. Nothing was written: do it again.`,
  );
}

async function areListed(
  changelog: Changelog,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<boolean> {
  try {
    changelog.refresh();
    const log = await changelog.log(undefined, signal);
    return ids.every((id) => currentId(log, id) !== undefined);
  } catch (error) {
    // Offline, a revision is built on what the device knows.
    if (changelog.store.local && isUnreachable(error)) return true;
    throw error;
  }
}
