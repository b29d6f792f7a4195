import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { buildLog } from "../../changelog/log.ts";
import { joinTwins } from "../../changelog/python/twins.ts";
import { parseName } from "../../changelog/revision.ts";
import type { PublishReport } from "../../model/api/sync.ts";
import { asLakotaError } from "../../model/errors.ts";
import { encodeIndex } from "../../stores/http/published-index.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import type { Entry, Store } from "../../stores/store.ts";
import type { Registry } from "./registry.ts";

/** Bytes of revisions that the index holds itself, so that they take no request of their own: the registry's, then those of others. */
const EMBED = 64 << 10;
/** Listings at a time. */
const AT_A_TIME = 8;
/** Others may write while an index is being made: it is made again, and not for ever. */
const ATTEMPTS = 5;
/** That there is no index is believed for so long, for each look is a request: milliseconds. */
const BELIEVED = 60_000;

/** Folder → its revision files. */
type Folders = ReadonlyMap<string, readonly Entry[]>;

/** Writes the index of a repo, and renews it after changes where there is one. */
export class Publisher {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  #isPublished: Promise<boolean> | undefined;
  #looked = 0;
  /** The renewal under way, and the one that begins after it: many changes at once share that. */
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
   * Resolves once an index that was there knows of all that was written before this call. The change itself is done:
   * trouble with the index is a warning.
   */
  async renew(): Promise<void> {
    try {
      if (await this.#look()) await this.#soon();
    } catch (error) {
      const known = this.#isPublished && (await this.#isPublished.catch(() => false));
      this.#isPublished = undefined;
      if (!known) return; // as far as can be told, there is none
      const { message } = asLakotaError(error);
      this.#warn(`The change was made, but the index of ${this.#store.uri} was not renewed: ${message}`);
    }
  }

  /** Others may publish a repo that was not when it was opened. */
  async #look(): Promise<boolean> {
    if (await this.#isPublished) return true;
    if (!this.#isPublished || Date.now() - this.#looked >= BELIEVED) {
      this.#looked = Date.now();
      const index = this.#store.get(INDEX_PATH, { reload: true });
      this.#isPublished = index.then((bytes) => bytes !== undefined);
    }
    return this.#isPublished;
  }

  #soon(): Promise<void> {
    this.#next ??= this.#running.then(async () => {
      this.#next = undefined;
      await publish(this.#store, this.#registry, this.#closed);
    });
    this.#running = this.#next.catch(() => {});
    return this.#next;
  }
}

/** The index of a repo as it is now, for who serves it. */
export async function makeIndex(
  store: Store,
  registry: Registry,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return indexOf(store, await foldersOf(store, registry, signal), signal);
}

async function indexOf(
  store: Store,
  folders: Folders,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeIndex({ time: new Date(), folders, files: await headsOf(store, folders, signal) });
}

async function publish(store: Store, registry: Registry, signal: AbortSignal): Promise<PublishReport> {
  let folders = await foldersOf(store, registry, signal);
  for (let attempt = 1; ; attempt++) {
    const index = await indexOf(store, folders, signal);
    await store.put(INDEX_PATH, index, { overwrite: true, signal });
    const now = await foldersOf(store, registry, signal);
    const revisions = [...now.values()].reduce((sum, entries) => sum + entries.length, 0);
    if (attempt === ATTEMPTS || namesOf(folders) === namesOf(now))
      return { path: INDEX_PATH, bytes: index.length, collections: now.size - 1, revisions };
    folders = now;
  }
}

/** The revision files of the registry and of each collection, as the store lists them now. */
async function foldersOf(store: Store, registry: Registry, signal: AbortSignal): Promise<Folders> {
  const paths = [registry.rows.path, ...(await registry.paths({ signal })).values()];
  const slots = new FairSemaphore(AT_A_TIME);
  const list = (path: string) => slots.run(() => store.list(`${path}/`, { signal }));
  const lists = await Promise.all(paths.map(async (path) => [path, await list(path)] as const));
  return new Map(lists.map(([path, entries]) => [path, entries.filter((entry) => revisionOf(path, entry))]));
}

const revisionOf = (folder: string, { path }: Entry) => parseName(path.slice(folder.length + 1));

const namesOf = (folders: Folders) =>
  [...folders].map(([folder, entries]) => `${folder}: ${entries.map(({ path }) => path).join()}`).join("\n");

/** The heads' files, as far as there is room for them. */
async function headsOf(
  store: Store,
  folders: Folders,
  signal: AbortSignal,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  let room = EMBED;
  for (const [folder, entries] of folders) {
    const named = joinTwins(entries.map((entry) => ({ ...entry, ...revisionOf(folder, entry)! })));
    const { heads, files } = buildLog(named);
    const wanted = new Set(heads.map((head) => files.get(head)));
    for (const { path, name, size } of named) {
      if (!wanted.has(name) || size > room) continue;
      const bytes = await store.get(path, { signal });
      if (!bytes) continue; // trimmed meanwhile
      found.set(path, bytes);
      room -= bytes.length;
    }
  }
  return found;
}
