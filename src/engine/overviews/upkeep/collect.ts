import { settleEach } from "../../../async/settle-each.ts";
import type { SharedOverviews } from "../overview-files.ts";
import { currentOverviews, listOverviews, type OverviewCollection } from "./upkeep.ts";

/** Files deleted at a time. */
const CONCURRENCY = 16;

interface CollectOptions {
  /** Milliseconds for which a file is kept after it was written. */
  grace: number;
  /** Returns the time by the store's clock, in epoch milliseconds. */
  now: () => Promise<number>;
  dryRun: boolean;
  signal: AbortSignal;
}

/**
 * Deletes overviews that no current state has, and returns how many. One that a concurrent commit needs may be among
 * them: then charts read chunks.
 *
 * @param collections all of the repo
 */
export async function collectOverviews(
  shared: SharedOverviews,
  collections: () => Promise<readonly OverviewCollection[]>,
  { grace, now, dryRun, signal }: CollectOptions,
): Promise<{ files: number; bytes: number }> {
  const listed = await listOverviews(shared, signal);
  const needed = new Set<string>();
  if (listed.size > 0)
    for (const collection of await collections())
      for (const { name } of await currentOverviews(collection, signal)) needed.add(name);
  const others = [...listed].filter(([name]) => !needed.has(name)).map(([, file]) => file);
  const time = others.length > 0 ? await now() : 0;
  const unneeded = others.filter(({ modified = time }) => grace <= 0 || time - modified > grace);
  if (!dryRun) await settleEach(unneeded, CONCURRENCY, ({ path }) => shared.store.delete(path, { signal }));
  return { files: unneeded.length, bytes: unneeded.reduce((sum, { size }) => sum + size, 0) };
}
