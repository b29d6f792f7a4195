import { settleEach } from "../../async/settle-each.ts";
import { listFiles, type RevisionFile } from "../../changelog/changelog-queries.ts";
import { type Commit, EMPTY_COMMIT } from "../../changelog/commit.ts";
import { decodeCommit } from "../../changelog/decode-commit.ts";
import { buildLog, type Log } from "../../changelog/log.ts";
import { revisionsForMerge } from "../../changelog/merge-base.ts";
import { recordedChains } from "../../changelog/recorded-chains.ts";
import { digestOfId, epochOf, toEpoch } from "../../changelog/revision.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { TrimOptions, TrimReport } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import type { CollectionContext } from "./collection-context.ts";
import { deleteRevisions } from "./delete-revisions.ts";

/**
 * Default age in milliseconds. Readers that listed the changelog before a trim still find what they listed.
 */
const DEFAULT_AGE = 1_200_000;
/** Revisions read at a time. */
const CONCURRENCY = 16;
/** Bytes of a revision above which it is not read: deleting it in its turn takes less time. */
const MAX_READ = 256 << 10;

/**
 * Deletes old revisions: {@link Collection.trim}. Deletes the oldest first, so that an interrupted trim
 * leaves a shorter, complete history. Within a chain ({@link recordedChains}), it deletes all but the newest at
 * once: that one shows what is left of the others to be its ancestors.
 */
export function trim(collection: CollectionContext, options: TrimOptions): Promise<TrimReport> {
  return collection.exclusively((signal) => trimHistory(collection, options, signal), options.signal);
}

async function trimHistory(
  collection: CollectionContext,
  { before, dryRun }: TrimOptions,
  signal: AbortSignal,
): Promise<TrimReport> {
  const { changelog, repo } = collection;
  const epoch = toEpoch(before === undefined ? Date.now() - DEFAULT_AGE : before);
  const files = await listFiles(changelog, signal);
  const load = (file: RevisionFile) => loadCommit(collection, file, signal);
  // What is left of a chain would count as heads, and a merge of the heads needs all their ancestors.
  const log = await changelog.bridged(buildLog(files), signal);
  const removed = removableRevisions(log, epoch);
  const filesOf = new Map<string, RevisionFile[]>(removed.map((id) => [id, []]));
  for (const file of files) filesOf.get(file.child)?.push(file);
  const bytes = [...filesOf.values()].flat().reduce((sum, { size }) => sum + size, 0);
  if (dryRun) return { removed, bytes };
  for (const step of await stepsOf(log, filesOf, load))
    await deleteRevisions(repo.store, step, signal).finally(() => changelog.forget(step));
  return { removed, bytes };
}

/** Returns the commit of a revision, or one that records nothing if it is damaged or gone. */
async function loadCommit(
  { repo, schema }: CollectionContext,
  { path, child }: RevisionFile,
  signal: AbortSignal,
): Promise<Commit> {
  const bytes = await repo.store.get(path, { signal });
  if (!bytes || (await sha1(bytes)) !== digestOfId(child)) return EMPTY_COMMIT;
  try {
    return await decodeCommit(bytes, schema, repo.store);
  } catch (error) {
    if (error instanceof LakotaError && error.code === "corrupt") return EMPTY_COMMIT;
    throw error;
  }
}

/** Returns the revisions made before an epoch that no merge of the heads needs, as far as no gap arises. */
function removableRevisions(log: Log, epoch: string): string[] {
  const needed = revisionsForMerge(log);
  const removed = new Set<string>();
  for (const id of log.ids) {
    // A revision whose parent stays must stay too, or the parent would count as a head.
    const isOrphaned = log.parents
      .get(id)!
      .every((parent) => !log.parents.has(parent) || removed.has(parent));
    if (epochOf(id) < epoch && isOrphaned && !needed.has(id)) removed.add(id);
  }
  return [...removed];
}

/** Returns the files to delete, oldest first, in steps. Those of one step may be deleted in any order. */
async function stepsOf(
  log: Log,
  filesOf: ReadonlyMap<string, readonly RevisionFile[]>,
  load: (file: RevisionFile) => Promise<Commit>,
): Promise<RevisionFile[][]> {
  const recorded = await recordsOf([...filesOf.values()].flat(), load);
  const chains = recordedChains(log, [...filesOf.keys()], (id) => recorded.get(id));
  return chains.flatMap((chain) => {
    const files = chain.map((id) => filesOf.get(id)!);
    if (files.some(({ length }) => length > 1)) return files.flat().map((file) => [file]);
    const [older, newest] = [files.slice(0, -1).flat(), files.at(-1)!];
    return older.length > 0 ? [older, [...newest]] : [[...newest]];
  });
}

/** Returns what revisions record as their ancestors. Leaves out what takes too long to find out. */
async function recordsOf(
  files: readonly RevisionFile[],
  load: (file: RevisionFile) => Promise<Commit>,
): Promise<Map<string, Bytes>> {
  const recorded = new Map<string, Bytes>();
  const read = async (file: RevisionFile) => {
    const { ancestors } = await load(file);
    if (ancestors) recorded.set(file.child, ancestors);
  };
  const [newest, ...others] = files.filter(({ size }) => size <= MAX_READ).reverse();
  if (!newest || others.length < 2) return recorded;
  await read(newest);
  // Without a record, the others most likely have none either: Python Lakota has written them.
  if (recorded.size > 0) await settleEach(others, CONCURRENCY, read);
  return recorded;
}
