import { settleEach } from "../../async/settle-each.ts";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_FOLDER, INDEX_PATH } from "../../model/layout.ts";
import { isIndexPath } from "../../model/parse-layout.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import { pagePath } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";

/** Files deleted at a time. */
const CONCURRENCY = 16;

interface CollectOptions {
  /** Milliseconds for which a page is kept after it was written: readers may have an older index. */
  grace: number;
  /** Returns the time by the store's clock, in epoch milliseconds. */
  now: () => Promise<number>;
  signal: AbortSignal;
}

/** Deletes the pages that the published index no longer names. Leaves all of them where it cannot be read. */
export async function collectIndexPages(store: Store, { grace, now, signal }: CollectOptions): Promise<void> {
  const entries = await store.list(INDEX_FOLDER, { detail: "modified", signal });
  const pages = entries.filter(({ path }) => path !== INDEX_PATH && isIndexPath(path));
  if (pages.length === 0) return;
  const needed = await neededPages(store, signal);
  if (!needed) return;
  const others = pages.filter(({ path }) => !needed.has(path));
  const time = others.length > 0 ? await now() : 0;
  const unneeded = others.filter(({ modified = time }) => grace <= 0 || time - modified > grace);
  await settleEach(unneeded, CONCURRENCY, ({ path }) => store.delete(path, { signal }));
}

async function neededPages(store: Store, signal: AbortSignal): Promise<Set<string> | undefined> {
  try {
    const bytes = await store.get(INDEX_PATH, { reload: true, signal });
    const published = new PublishedFiles(bytes, store.uri, (path) => store.get(path, { signal }));
    return new Set((await published.pages()).map(pagePath));
  } catch (error) {
    const { code } = asLakotaError(error);
    if (code === "not-found" || code === "corrupt") return undefined;
    throw error;
  }
}
