import { settleEach } from "../../../async/settle-each.ts";
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

/** A collection in both repos. */
export interface CopiedCollection {
  readonly source: OverviewCollection;
  readonly target: OverviewCollection;
}

/**
 * Copies the overviews of collections that were copied, if the source has any. If the target was published with
 * overviews, it then gets those that it still lacks.
 */
export async function copyOverviews(
  source: UpkeepContext,
  target: UpkeepContext,
  collections: readonly CopiedCollection[],
  signal: AbortSignal,
): Promise<void> {
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
        if (bytes && (await isIntact(bytes))) await target.store.put(overviewPath(name), bytes, { signal });
      });
    }
  }
  if (!targetHas) return;
  const upkeep = new OverviewUpkeep(target);
  for (const { changelog } of collections.map((collection) => collection.target))
    await upkeep.keepUp(changelog, signal, true);
}
