import type { Changelog } from "../../changelog/changelog.ts";
import { msOf, parseName } from "../../changelog/revision.ts";
import type { PublishReport } from "../../model/api/sync.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError } from "../../model/errors.ts";
import { compareStrings } from "../../model/key.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { PublishedFiles } from "../../stores/http/published-files.ts";
import { encodeIndex, type NamedFile } from "../../stores/http/published-index.ts";
import type { Store } from "../../stores/store.ts";
import { areOverviewsPublished } from "../overviews/overview-files.ts";
import { countOf, embeddable, type FolderFiles, IndexDraft, validPages } from "./index-draft.ts";
import { listAll, listRevisionFiles, withHeads } from "./indexed-files.ts";
import type { Registry } from "./registry.ts";

/** The index is made again if revisions were added or removed while it was made, up to this many times. */
const MAX_ATTEMPTS = 5;
/** Milliseconds for which the absence of an index is remembered, since each check is a request. */
const ABSENCE_TTL = 60_000;

/** Publishes the index of a repo, and renews a published index after changes. */
export class Publisher {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #warn: (message: string) => void;
  readonly #closed: AbortSignal;
  /** Whether the repo is known to have an index. */
  #isPublished = false;
  /** When it was last found to have none, in epoch milliseconds: others may publish it. */
  #absentAt = Number.NEGATIVE_INFINITY;
  /** Whether the repo was published with overviews, as far as known. */
  hasOverviews = false;
  /** The index as this publisher stored it last. */
  #stored: Bytes | undefined;
  /** The running renewal, and the one queued after it, which all later changes share. */
  #running: Promise<unknown> = Promise.resolve();
  #next: { changed: Set<Changelog | undefined>; done: Promise<void> } | undefined;

  constructor(store: Store, registry: Registry, warn: (message: string) => void, closed: AbortSignal) {
    this.#store = store;
    this.#registry = registry;
    this.#warn = warn;
    this.#closed = closed;
  }

  /**
   * Makes the index from listings of all changelogs.
   *
   * @param overviews whether readers may expect overviews. Default: as before
   */
  async publish(signal: AbortSignal, overviews?: boolean): Promise<PublishReport> {
    this.hasOverviews = overviews ?? (await areOverviewsPublished(this.#store));
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
   */
  async renew(changed?: Changelog): Promise<void> {
    if (Date.now() - this.#absentAt < ABSENCE_TTL) return;
    try {
      await this.#queueRenewal(changed);
    } catch (error) {
      if (!this.#isPublished) return; // no index is known to exist
      const { message } = asLakotaError(error);
      this.#warn(
        `The change was stored, but the published index of ${this.#store.uri} was not renewed: ${message}`,
      );
    }
  }

  #queueRenewal(changed: Changelog | undefined): Promise<void> {
    this.#next ??= this.#nextRenewal();
    this.#next.changed.add(changed);
    return this.#next.done;
  }

  #nextRenewal() {
    const changed = new Set<Changelog | undefined>();
    const done = this.#running.then(() => {
      this.#next = undefined;
      return this.#renew([...changed]);
    });
    this.#running = done.catch(() => {});
    return { changed, done };
  }

  /** Mostly takes two requests: one reads the index, one stores it with what changed. */
  async #renew(changed: readonly (Changelog | undefined)[]): Promise<void> {
    const bytes = await this.#store.get(INDEX_PATH, { reload: true });
    this.#isPublished = bytes !== undefined;
    if (!bytes) {
      this.#absentAt = Date.now();
      return;
    }
    const old = this.#open(bytes);
    this.hasOverviews = old?.index.overviews ?? false;
    const changelogs = changed.filter((changelog) => changelog !== undefined);
    if (!old || changelogs.length < changed.length) {
      await this.#makeAll(old, this.#closed);
      return;
    }
    const isAlone = this.#stored !== undefined && isEqual(bytes, this.#stored);
    await this.#add(changelogs, old, isAlone);
  }

  /** @param isAlone whether no other writer has changed the index since the last renewal */
  async #add(changelogs: readonly Changelog[], old: PublishedFiles, isAlone: boolean): Promise<void> {
    let base: PublishedFiles | undefined = old;
    let folders = await Promise.all(changelogs.map((changelog) => this.#known(changelog, old)));
    for (let attempt = 1; ; attempt++) {
      await this.#put(folders, base, this.#closed);
      if (isAlone || attempt === MAX_ATTEMPTS) return;
      // Others write too: what they stored while this index was made may be missing from it.
      const listed = await Promise.all(
        folders.map(({ folder }) => listRevisionFiles(this.#store, folder, this.#closed)),
      );
      if (listed.every((names, i) => isSame(names, folders[i]!.names))) return;
      const bytes = await this.#store.get(INDEX_PATH, { reload: true });
      base = bytes && this.#open(bytes);
      folders = await Promise.all(
        listed.map((names, i) => this.#withHeads(folders[i]!.folder, names, base, this.#closed)),
      );
    }
  }

  async #makeAll(
    old: PublishedFiles | undefined,
    signal: AbortSignal,
    overviews = old?.index.overviews,
  ): Promise<PublishReport> {
    let folders = await listAll(this.#store, this.#registry, signal);
    for (let attempt = 1; ; attempt++) {
      const all = await Promise.all(
        folders.map(([folder, names]) => this.#withHeads(folder, names, old, signal)),
      );
      const { length: bytes } = await this.#put(all, undefined, signal, overviews);
      const now = await listAll(this.#store, this.#registry, signal);
      const isSettled = JSON.stringify(folders) === JSON.stringify(now);
      const revisions = now.reduce((sum, [, names]) => sum + names.length, 0);
      if (isSettled || attempt === MAX_ATTEMPTS)
        return { path: INDEX_PATH, bytes, collections: now.length - 1, revisions };
      folders = now;
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
    return withHeads(this.#store, folder, names, signal, { known: (path) => old?.file(path) });
  }

  /** Returns an index; undefined for one that is damaged or of another version, which is then made again. */
  #open(bytes: Bytes): PublishedFiles | undefined {
    try {
      return new PublishedFiles(bytes, this.#store.uri, (path) => this.#store.get(path));
    } catch {
      return undefined;
    }
  }

  /** Returns the files of a changelog as it knows them itself, or from a listing where it does not. */
  async #known({ folder, revisions, lastWritten }: Changelog, old: PublishedFiles): Promise<FolderFiles> {
    const { pages, names: tail } = (await old.folder(folder)) ?? { pages: [], names: [] };
    const sizes = new Map(tail);
    for (const name of lastWritten?.names ?? []) sizes.set(name, lastWritten!.size);
    const names = revisions?.names.map(({ name }): NamedFile => [name, sizes.get(name) ?? 0]) ?? [];
    names.sort(([a], [b]) => compareStrings(a, b));
    // Pages have the sizes of the files that they list.
    const inPages = countOf(validPages(pages, names));
    const isKnown = revisions !== undefined && names.slice(inPages).every(([name]) => sizes.has(name));
    const files = isKnown ? names : await listRevisionFiles(this.#store, folder, this.#closed);
    const written = new Set(lastWritten?.names.map((name) => `${folder}/${name}`));
    return withHeads(this.#store, folder, files, this.#closed, {
      log: isKnown ? revisions.log : undefined,
      known: (path) => (written.has(path) ? lastWritten?.payload : old.file(path)),
    });
  }
}

/** Returns the current index of a repo as one file without pages, for a server that does not store it. */
export async function makeIndex(store: Store, registry: Registry, signal: AbortSignal): Promise<Bytes> {
  const listed = await listAll(store, registry, signal);
  const folders = await Promise.all(listed.map(([folder, names]) => withHeads(store, folder, names, signal)));
  return encodeIndex({
    time: new Date(),
    folders: new Map(folders.map(({ folder, names }) => [folder, { pages: [], names }])),
    more: [],
    files: embeddable(new Map(folders.flatMap(({ embedded }) => [...embedded])), registry.collection.path),
    overviews: await areOverviewsPublished(store),
  });
}

/** Compares folders by their latest revision. */
const byLatest = (a: FolderFiles, b: FolderFiles): number => latest(a) - latest(b);
const latest = ({ names }: FolderFiles): number =>
  names.reduce((last, [name]) => Math.max(last, msOf(parseName(name)!.child)), 0);

const isSame = (a: readonly NamedFile[], b: readonly NamedFile[]): boolean =>
  a.length === b.length && a.every(([name], i) => name === b[i]![0]);

const isEqual = (a: Bytes, b: Bytes): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
