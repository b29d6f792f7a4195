import { settleEach } from "../../async/settle-each.ts";
import type { RevisionFile } from "../../changelog/changelog-queries.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Store } from "../../stores/store.ts";

/** Files deleted at a time. */
const CONCURRENCY = 16;

/**
 * Deletes revision files at once, and checks that the store no longer lists them: some stores confirm a deletion
 * that they do not make. A revision that stays although its children go would count as a head, and show old rows.
 *
 * @throws `network` if the store still lists a file after a second attempt
 */
export async function deleteRevisions(
  store: Store,
  files: readonly RevisionFile[],
  signal: AbortSignal,
): Promise<void> {
  if (files.length > 1) {
    await settleEach(files, CONCURRENCY, ({ path }) => store.delete(path, { signal }));
    const listed = await listedOf(store, files, signal);
    if (listed.length > 0) await deleteOneByOne(store, listed, signal);
  } else await deleteOneByOne(store, files, signal);
}

async function deleteOneByOne(
  store: Store,
  files: readonly RevisionFile[],
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    await store.delete(file.path, { signal });
    if ((await listedOf(store, [file], signal)).length === 0) continue;
    throw new LakotaError(
      "network",
      `${store.uri} has confirmed the deletion of ${file.path}, but still lists it. No later revision was ` +
        "deleted. Trim again.",
    );
  }
}

/** Returns those of some files that the store lists. */
async function listedOf(
  store: Store,
  files: readonly RevisionFile[],
  signal: AbortSignal,
): Promise<RevisionFile[]> {
  // A cache would keep a record of each of these listings.
  const remote = store.local?.remoteStore ?? store;
  const prefix = commonPrefix(files.map(({ path }) => path));
  const paths = new Set((await remote.list(prefix, { signal, detail: "path" })).map(({ path }) => path));
  return files.filter(({ path }) => paths.has(path));
}

/** Returns the longest text that all texts begin with. Names of revisions that follow each other have much in common. */
function commonPrefix([first = "", ...others]: readonly string[]): string {
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--;
  return first.slice(0, length);
}
