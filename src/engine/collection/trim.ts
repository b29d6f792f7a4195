import type { Changelog } from "../../changelog/changelog.ts";
import { ancestors, buildLog, type Log } from "../../changelog/log.ts";
import { epochOf, toEpoch } from "../../changelog/revision.ts";
import type { TrimOptions, TrimReport } from "../../model/api/maintenance.ts";
import type { Store } from "../../stores/store.ts";

/** Milliseconds: readers who have listed the changelog before still find what they listed. */
const RECENT = 1_200_000;

/** What {@link Collection.trim} does. Oldest first: cut off in the middle, it leaves a shorter history that is whole. */
export async function trim(
  changelog: Changelog,
  store: Store,
  { before, dryRun }: TrimOptions,
  signal: AbortSignal,
): Promise<TrimReport> {
  const epoch = toEpoch(before ?? Date.now() - RECENT);
  const files = await changelog.files(signal);
  const log = buildLog(files);
  const needed = neededIds(log);
  const removed = log.ids.filter((id) => epochOf(id) < epoch && !needed.has(id));
  const gone = new Set(removed);
  const old = files.filter(({ child }) => gone.has(child));
  const bytes = old.reduce((sum, { size }) => sum + size, 0);
  if (dryRun) return { removed, bytes };
  for (const id of removed) {
    const own = old.filter(({ child }) => child === id);
    await Promise.all(own.map(({ path }) => store.delete(path, { signal })));
  }
  changelog.refresh();
  return { removed, bytes };
}

/** Heads, and where there are several, all that not each of them knows, with what that was built on. */
function neededIds(log: Log): Set<string> {
  const reaches = log.heads.map((head) => ancestors(log, head));
  const open = log.ids.filter(
    (id) => reaches.some((reach) => reach.has(id)) && !reaches.every((reach) => reach.has(id)),
  );
  const bases = open.flatMap((id) => log.parents.get(id)!);
  return new Set([...log.heads, ...open, ...bases]);
}
