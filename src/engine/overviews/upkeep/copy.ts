import { settleEach } from "../../../async/settle-each.ts";
import type { SyncReport } from "../../../model/api/sync.ts";
import { overviewPath } from "../../../model/overview-path.ts";
import { isIntact } from "../overview-file.ts";
import { sharedOverviews } from "../overview-files.ts";
import {
  currentOverviews,
  listOverviews,
  type OverviewCollection,
  OverviewUpkeep,
  type UpkeepContext,
} from "./upkeep.ts";

/** Files copied at a time. */
const CONCURRENCY = 16;

/** How many files were copied, and their bytes. */
type CopiedOverviews = NonNullable<SyncReport["overviews"]>;

/** A collection in both repos. */
export interface CopiedCollection {
  readonly source: OverviewCollection;
  readonly target: OverviewCollection;
}

/**
 * Copies the overviews of collections that were copied, if the source has any. If the target was published with
 * overviews, it then gets those that it still lacks.
 *
 * @returns what was copied; undefined if the source has none
 */
export async function copyOverviews(
  source: UpkeepContext,
  target: UpkeepContext,
  collections: readonly CopiedCollection[],
  signal: AbortSignal,
): Promise<CopiedOverviews | undefined> {
  const copied = { files: 0, bytes: 0 };
  const [sourceHas, targetHas] = await Promise.all([
    sharedOverviews(source).exist(signal),
    sharedOverviews(target).exist(signal),
  ]);
  if (sourceHas) {
    const present = await listOverviews(target, signal);
    for (const collection of collections) {
      const files = await currentOverviews(collection.source, signal);
      const missing = [...new Set(files.map(({ name }) => name))].filter((name) => !present.has(name));
      await settleEach(missing, CONCURRENCY, async (name) => {
        const bytes = await source.store.get(overviewPath(name), { signal });
        if (!bytes || !(await isIntact(bytes))) return;
        await target.store.put(overviewPath(name), bytes, { signal });
        copied.files++;
        copied.bytes += bytes.length;
      });
    }
  }
  if (targetHas) {
    const upkeep = new OverviewUpkeep(target);
    for (const { changelog } of collections.map((collection) => collection.target))
      await upkeep.keepUp(changelog, signal, true);
  }
  return sourceHas ? copied : undefined;
}
