import { untilAborted } from "../../async/abort.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import { msOf, parseName } from "../../changelog/revision.ts";
import type { PublishReport } from "../../model/api/sync.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import { encodeIndex, type NamedFile } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";
import { areOverviewsPublished } from "../overviews/overview-files.ts";
import { embeddable, type FolderFiles, IndexDraft } from "./index-draft.ts";
import { listAll, listRevisionFiles, withHeads } from "./indexed-files.ts";
import { type ChangelogFiles, IndexedRevisions } from "./indexed-revisions.ts";
import type { Registry } from "./registry.ts";

/** The index is made again if revisions were added or removed while it was made, up to this many times. */
const MAX_ATTEMPTS = 5;
/** Milliseconds for which the absence of an index is remembered, since each check is a request. */
const ABSENCE_TTL = 60_000;

/** A renewal of the index for the changes that were made before it starts. */
interface Renewal {
  /** The changelogs that changed. Undefined: any may have. */
  readonly changed: Set<Changelog | undefined>;
  /** Calls that wait for it. */
  waiting: number;
  readonly ending: AbortController;
  /** Resolves also if the renewal has failed, which is reported as a warning. Rejects with what the warning throws. */
  readonly done: Promise<void>;
}

/** Publishes the index of a repo, and renews a published index after changes. */
export class Publisher {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  readonly #indexed: IndexedRevisions;
  /** Whether the repo is known to have an index. */
  #isPublished = false;
  /** When it was last found to have none, in epoch milliseconds: others may publish it. */
  #absentAt = Number.NEGATIVE_INFINITY;
  /** Whether the repo was published with overviews, as far as known. */
  hasOverviews = false;
  /** The index as this publisher stored it last. */
  #stored: Bytes | undefined;
  #running: Renewal | undefined;
  /** The renewal after the running one. All later changes share it. */
  #next: Renewal | undefined;

  constructor(store: Store, registry: Registry, warn: (message: string) => void, closed: AbortSignal) {
    this.#store = store;
    this.#registry = registry;
    this.#warn = warn;
    this.#closed = closed;
    this.#indexed = new IndexedRevisions(store);
  }

  /**
   * Makes the index from listings of all changelogs.
   *
   * @param overviews whether readers may expect overviews. Default: as before
   */
  async publish(signal: AbortSignal, overviews?: boolean): Promise<PublishReport> {
    this.hasOverviews = overviews ?? (await areOverviewsPublished(this.#store, signal));
    const report = await this.#makeAll(undefined, signal, this.hasOverviews);
    this.#isPublished = true;
    this.#absentAt = Number.NEGATIVE_INFINITY;
    return report;
  }

  /**
   * Renews the index if the repo has one. Resolves once the index contains everything written before the
   * call. The change itself is already stored, so a failure is reported as a warning.
   *
   * @param changed the changelog whose revisions changed. Default: any may have changed
   * @throws `aborted` as soon as the signal fires. The renewal continues in the background
   */
  async renew(changed?: Changelog, signal?: AbortSignal): Promise<void> {
    if (Date.now() - this.#absentAt < ABSENCE_TTL) return;
    const renewal = this.#next ?? this.#queueRenewal();
    renewal.changed.add(changed);
    renewal.waiting++;
    this.#endUnwanted();
    try {
      await untilAborted(renewal.done, signal);
    } finally {
      renewal.waiting--;
      this.#endUnwanted();
    }
  }

  #queueRenewal(): Renewal {
    const before = this.#running?.done.catch(() => {});
    const run = async () => {
      await before;
      this.#next = undefined;
      this.#running = renewal;
      try {
        await this.#renewOrWarn(renewal);
      } finally {
        this.#running = undefined;
      }
    };
    const renewal: Renewal = { changed: new Set(), waiting: 0, ending: new AbortController(), done: run() };
    renewal.done.catch(() => {}); // the calls that wait for it get the error
    this.#next = renewal;
    return renewal;
  }

  /** Ends a renewal that no call waits for and that delays another one, which takes over its changes: it may be stuck. */
  #endUnwanted(): void {
    if (!this.#running || !this.#next || this.#running.waiting > 0) return;
    for (const changelog of this.#running.changed) this.#next.changed.add(changelog);
    this.#running.ending.abort();
  }

  async #renewOrWarn({ changed, ending }: Renewal): Promise<void> {
    try {
      await this.#renew([...changed], AbortSignal.any([this.#closed, ending.signal]));
    } catch (error) {
      // No index is known to exist, or the next renewal has taken over the changes.
      if (!this.#isPublished || ending.signal.aborted) return;
      const { message } = asLakotaError(error);
      this.#warn(
        `The change was stored, but the published index of ${this.#store.uri} was not renewed: ${message}`,
      );
    }
  }

  /** Mostly takes two requests: one reads the index, one stores it with what changed. */
  async #renew(changed: readonly (Changelog | undefined)[], signal: AbortSignal): Promise<void> {
    const bytes = await this.#store.get(INDEX_PATH, { reload: true, signal });
    this.#isPublished = bytes !== undefined;
    if (!bytes) {
      this.#absentAt = Date.now();
      return;
    }
    const old = this.#open(bytes, signal);
    this.hasOverviews = old?.index.overviews ?? false;
    const changelogs = changed.filter((changelog) => changelog !== undefined);
    if (!old || changelogs.length < changed.length) {
      await this.#makeAll(old, signal);
      return;
    }
    const isAlone = this.#stored !== undefined && isEqual(bytes, this.#stored);
    if (!isAlone) this.#indexed.forget();
    await this.#add(changelogs, old, isAlone, signal);
  }

  /** @param isAlone whether no other writer has changed the index since the last renewal */
  async #add(
    changelogs: readonly Changelog[],
    old: PublishedFiles,
    isAlone: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    let base: PublishedFiles | undefined = old;
    let folders: readonly ChangelogFiles[] = await Promise.all(
      changelogs.map((changelog) => this.#indexed.filesOf(changelog, old, signal)),
    );
    for (let attempt = 1; ; attempt++) {
      await this.#put(folders, base, signal);
      this.#indexed.record(folders);
      if (isAlone || attempt === MAX_ATTEMPTS) return;
      // Others write too: what they stored while this index was made may be missing from it.
      const listed = await Promise.all(
        folders.map(({ folder }) => listRevisionFiles(this.#store, folder, signal)),
      );
      if (listed.every((names, i) => isSame(names, folders[i]!.names))) return;
      const bytes = await this.#store.get(INDEX_PATH, { reload: true, signal });
      base = bytes && this.#open(bytes, signal);
      folders = await Promise.all(
        listed.map((names, i) => this.#withHeads(folders[i]!.folder, names, base, signal)),
      );
    }
  }

  async #makeAll(
    old: PublishedFiles | undefined,
    signal: AbortSignal,
    overviews = old?.index.overviews,
  ): Promise<PublishReport> {
    this.#indexed.forget();
    let listed = await listAll(this.#store, this.#registry, signal);
    for (let attempt = 1; ; attempt++) {
      const all = await Promise.all(
        listed.folders.map(([folder, names]) => this.#withHeads(folder, names, old, signal)),
      );
      const { length: bytes } = await this.#put(all, undefined, signal, overviews);
      const now = await listAll(this.#store, this.#registry, signal);
      const isSettled = JSON.stringify(listed) === JSON.stringify(now);
      const revisions = now.folders.reduce((sum, [, names]) => sum + names.length, 0);
      if (isSettled || attempt === MAX_ATTEMPTS)
        return { path: INDEX_PATH, bytes, collections: now.collections, revisions };
      listed = now;
    }
  }

  /** Stores an index with these folders, its pages first. */
  async #put(
    folders: readonly FolderFiles[],
    old: PublishedFiles | undefined,
    signal: AbortSignal,
    overviews?: boolean,
  ): Promise<Bytes> {
    const draft = new IndexDraft(old, overviews);
    // The last one set counts as the most recently changed.
    for (const folder of [...folders].sort(byLatest)) await draft.set(folder);
    const { pages, index } = await draft.encode(this.#registry.collection.path);
    await Promise.all([...pages].map(([path, bytes]) => this.#store.put(path, bytes, { signal })));
    await this.#store.put(INDEX_PATH, index, { overwrite: true, signal });
    this.#stored = index;
    return index;
  }

  #withHeads(
    folder: string,
    names: readonly NamedFile[],
    old: PublishedFiles | undefined,
    signal: AbortSignal,
  ): Promise<FolderFiles> {
    return withHeads(this.#store, { folder, names }, signal, { known: (path) => old?.file(path) });
  }

  /** Returns an index; undefined for one that is damaged or of another version, which is then made again. */
  #open(bytes: Bytes, signal: AbortSignal): PublishedFiles | undefined {
    try {
      return new PublishedFiles(bytes, this.#store.uri, (path) => this.#store.get(path, { signal }));
    } catch {
      return undefined;
    }
  }
}

/** Returns the current index of a repo as one file without pages, for a server that does not store it. */
export async function makeIndex(store: Store, registry: Registry, signal: AbortSignal): Promise<Bytes> {
  const { folders: listed } = await listAll(store, registry, signal);
  const folders = await Promise.all(
    listed.map(([folder, names]) => withHeads(store, { folder, names }, signal)),
  );
  return encodeIndex({
    time: new Date(),
    folders: new Map(folders.map(({ folder, names }) => [folder, { pages: [], names }])),
    more: [],
    files: embeddable(new Map(folders.flatMap(({ embedded }) => [...embedded])), registry.collection.path),
    overviews: await areOverviewsPublished(store, signal),
  });
}

/** Compares folders by their latest revision. */
const byLatest = (a: FolderFiles, b: FolderFiles): number => latest(a) - latest(b);
const latest = ({ names }: FolderFiles): number =>
  names.reduce((last, [name]) => Math.max(last, msOf(parseName(name)!.child)), 0);

const isSame = (a: readonly NamedFile[], b: readonly NamedFile[]): boolean =>
  a.length === b.length && a.every(([name], i) => name === b[i]![0]);

const isEqual = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
