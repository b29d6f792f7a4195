import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { buildLog } from "../../changelog/log.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { parseName, type RevisionName } from "../../changelog/revision.ts";
import type { PublishReport } from "../../model/api/sync.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { encodeIndex } from "../../stores/http/published-index.ts";
import type { Entry, Store } from "../../stores/store.ts";
import { collectionFolders } from "./collection-folders.ts";
import type { Registry } from "./registry.ts";

/**
 * Bytes of revisions embedded in the index, which then need no request of their own. The registry's come
 * first.
 */
const EMBEDDING_BUDGET = 64 << 10;
/** Folders listed at a time. */
const CONCURRENCY = 8;
/** The index is made again if revisions were added or removed while it was made, up to this many times. */
const MAX_ATTEMPTS = 5;
/** Milliseconds for which the absence of an index is remembered, since each check is a request. */
const ABSENCE_TTL = 60_000;

/** Revision files by folder. */
type Folders = ReadonlyMap<string, readonly Entry[]>;

/** Publishes the index of a repo, and renews a published index after changes. */
export class Publisher {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  #isPublished: Promise<boolean> | undefined;
  #checkedAt = 0;
  /** The running renewal, and the one queued after it, which all later changes share. */
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(store: Store, registry: Registry, warn: (message: string) => void, closed: AbortSignal) {
    this.#store = store;
    this.#registry = registry;
    this.#warn = warn;
    this.#closed = closed;
  }

  async publish(signal: AbortSignal): Promise<PublishReport> {
    const report = await publish(this.#store, this.#registry, signal);
    this.#isPublished = Promise.resolve(true);
    return report;
  }

  /**
   * Renews the index if the repo has one. Resolves once the index contains everything written before the
   * call. The change itself is already stored, so a failure is reported as a warning.
   */
  async renew(): Promise<void> {
    try {
      if (await this.#checkPublished()) await this.#queueRenewal();
    } catch (error) {
      const known = this.#isPublished && (await this.#isPublished.catch(() => false));
      this.#isPublished = undefined;
      if (!known) return; // no index is known to exist
      const { message } = asLakotaError(error);
      this.#warn(
        `The change was stored, but the published index of ${this.#store.uri} was not renewed: ${message}`,
      );
    }
  }

  /** Returns whether the repo is published. Checks again from time to time, since others may publish it. */
  async #checkPublished(): Promise<boolean> {
    if (await this.#isPublished) return true;
    if (!this.#isPublished || Date.now() - this.#checkedAt >= ABSENCE_TTL) {
      this.#checkedAt = Date.now();
      const index = this.#store.get(INDEX_PATH, { reload: true });
      this.#isPublished = index.then((bytes) => bytes !== undefined);
    }
    return this.#isPublished;
  }

  #queueRenewal(): Promise<void> {
    this.#next ??= this.#running.then(async () => {
      this.#next = undefined;
      await publish(this.#store, this.#registry, this.#closed);
    });
    this.#running = this.#next.catch(() => {});
    return this.#next;
  }
}

/** Returns the current index of a repo, for a server that does not store it. */
export async function makeIndex(store: Store, registry: Registry, signal: AbortSignal): Promise<Bytes> {
  return indexOf(store, await foldersOf(store, registry, signal), signal);
}

async function indexOf(store: Store, folders: Folders, signal: AbortSignal): Promise<Bytes> {
  return encodeIndex({ time: new Date(), folders, files: await headsOf(store, folders, signal) });
}

async function publish(store: Store, registry: Registry, signal: AbortSignal): Promise<PublishReport> {
  let folders = await foldersOf(store, registry, signal);
  for (let attempt = 1; ; attempt++) {
    const index = await indexOf(store, folders, signal);
    await store.put(INDEX_PATH, index, { overwrite: true, signal });
    const now = await foldersOf(store, registry, signal);
    const revisions = [...now.values()].reduce((sum, entries) => sum + entries.length, 0);
    if (attempt === MAX_ATTEMPTS || namesOf(folders) === namesOf(now))
      return { path: INDEX_PATH, bytes: index.length, collections: now.size - 1, revisions };
    folders = now;
  }
}

/** Lists the revision files of the registry and of each collection. */
async function foldersOf(store: Store, registry: Registry, signal: AbortSignal): Promise<Folders> {
  const paths = [registry.collection.path, ...(await collectionFolders(registry, { signal })).values()];
  const slots = new FairSemaphore(CONCURRENCY);
  const list = (path: string) => slots.run(() => store.list(`${path}/`, { signal }));
  const lists = await Promise.all(paths.map(async (path) => [path, await list(path)] as const));
  return new Map(lists.map(([path, entries]) => [path, entries.filter((entry) => revisionOf(path, entry))]));
}

/** Returns the names of the files of heads: none if the changelog is damaged, which its readers will report. */
function headFilesOf(revisions: readonly RevisionName[]): (string | undefined)[] {
  try {
    const { heads, files } = buildLog(revisions);
    return heads.map((head) => files.get(head));
  } catch (error) {
    if (asLakotaError(error).code === "corrupt") return [];
    throw error;
  }
}

const revisionOf = (folder: string, { path }: Entry) => parseName(path.slice(folder.length + 1));

const namesOf = (folders: Folders) =>
  [...folders].map(([folder, entries]) => `${folder}: ${entries.map(({ path }) => path).join()}`).join("\n");

/** Returns the revision files of heads, as far as the budget allows. */
async function headsOf(store: Store, folders: Folders, signal: AbortSignal): Promise<Map<string, Bytes>> {
  const embedded = new Map<string, Bytes>();
  let budget = EMBEDDING_BUDGET;
  for (const [folder, entries] of folders) {
    const revisions = joinTwins(entries.map((entry) => ({ ...entry, ...revisionOf(folder, entry)! })));
    const headFiles = new Set(headFilesOf(revisions));
    for (const { path, name, size } of revisions) {
      if (!headFiles.has(name) || size > budget) continue;
      const bytes = await store.get(path, { signal });
      if (!bytes) continue; // trimmed since it was listed
      embedded.set(path, bytes);
      budget -= bytes.length;
    }
  }
  return embedded;
}
