import { untilAborted } from "../async/abort.ts";
import { sha1 } from "../codecs/sha1.ts";
import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import type { Store } from "../stores/store.ts";
import { type Commit, decodeCommit, EMPTY_COMMIT } from "./commit.ts";
import { buildLog, currentId, type Log } from "./log.ts";
import type { MergeConflict, Merged } from "./merge.ts";
import { joinTwins } from "./python/twins.ts";
import { digestOfId, epochOf, parseName, type RevisionName } from "./revision.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/** A collection as its heads show it together. */
export interface State {
  readonly heads: readonly string[];
  readonly commit: Commit;
  readonly conflicts: readonly MergeConflict[];
}

/** A file of the changelog. */
export interface RevisionFile extends RevisionName {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Decoded commits kept in memory: the heads, and what a user looking at history goes back and forth between. */
const KEPT_COMMITS = 16;

/** The revisions of one collection: files `parent.child` in one folder, each a whole commit. */
export class Changelog {
  readonly #store: Store;
  readonly folder: string;
  readonly #schema: Schema;
  readonly #maxAge: number;
  #names: { at: number; list: Promise<readonly RevisionName[]> } | undefined;
  /** Those made here that no listing begun since has brought. */
  readonly #made = new Set<RevisionName>();
  /** Whether a listing has brought any. There are none of a new collection, and of a deleted one. */
  #hadFiles = false;
  /** The tree of the last listing: asked for again and again by whoever goes through a history. */
  #log: { names: readonly RevisionName[]; log: Log } | undefined;
  readonly #commits = new Map<string, Promise<Commit>>();
  #merged: { key: string; state: Promise<Merged> } | undefined;

  /** @param maxAge milliseconds for which a listing is believed. */
  constructor(store: Store, folder: string, schema: Schema, maxAge: number) {
    this.#store = store;
    this.folder = folder;
    this.#schema = schema;
    this.#maxAge = maxAge;
  }

  /** Forgets the listing, so that the next call asks the store. */
  refresh(): void {
    this.#names = undefined;
  }

  async log(before?: string, signal?: AbortSignal): Promise<Log> {
    return this.#build(await this.#list(signal), before);
  }

  #build(names: readonly RevisionName[], before: string | undefined): Log {
    if (before !== undefined) return buildLog(names, before);
    const { names: known, log } = this.#log ?? {};
    if (log && known?.length === names.length && names.every((one, i) => isSame(one, known[i]!))) return log;
    this.#log = { names, log: buildLog(names) };
    return this.#log.log;
  }

  /** What all heads show together; with `before` (an epoch), what they showed right before it. */
  async state(before?: string, signal?: AbortSignal): Promise<State> {
    try {
      return await this.#state(before, signal);
    } catch (error) {
      // A trim may have taken a revision between the listing and the read: look once more.
      if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
      this.refresh();
      return this.#state(before, signal);
    }
  }

  async #state(before: string | undefined, signal: AbortSignal | undefined): Promise<State> {
    const names = await this.#list(signal);
    const log = this.#build(names, before);
    const key = log.heads.join();
    if (this.#merged?.key !== key) {
      const state = this.#merge(log, log.heads);
      const merged = { key, state };
      this.#merged = merged;
      state.catch(() => {
        if (this.#merged === merged) this.#merged = undefined;
      });
    }
    return { heads: log.heads, ...(await untilAborted(this.#merged.state, signal)) };
  }

  /** One head is itself: that there are several is rare, and readers load what merges them only then. */
  async #merge(log: Log, heads: readonly string[]): Promise<Merged> {
    const [only] = heads;
    if (heads.length === 1 && only !== undefined)
      return { commit: await this.#commit(log, only), conflicts: [] };
    if (heads.length === 0) return { commit: EMPTY_COMMIT, conflicts: [] };
    const { mergeHeads } = await import("./merge.ts");
    return mergeHeads(log, heads, (id) => this.#commit(log, id));
  }

  /** The revision of an id, or of an epoch. @throws `not-found` */
  async resolve(name: string, signal?: AbortSignal): Promise<string> {
    const log = await this.log(undefined, signal);
    const found = log.ids.find((id) => epochOf(id) === name) ?? currentId(log, name);
    if (found) return found;
    throw new LakotaError("not-found", `There is no revision ${name} in ${this.#store.uri}/${this.folder}.`);
  }

  /** The files of the changelog, as the store lists them now, twins joined. */
  async files(signal?: AbortSignal): Promise<readonly RevisionFile[]> {
    const prefix = `${this.folder}/`;
    const entries = await this.#store.list(prefix, { signal });
    const files = entries.flatMap(({ path, size }) => {
      const name = parseName(path.slice(prefix.length));
      return name ? [{ ...name, path, size }] : [];
    });
    if (files.length > 0) this.#hadFiles = true;
    return joinTwins(files);
  }

  /** What some revisions show together; by a tree of the caller's own where the store has no better one. */
  async stateOf(ids: readonly string[], signal?: AbortSignal, log?: Log): Promise<Commit> {
    const merged = this.#merge(log ?? (await this.log(undefined, signal)), ids);
    return (await untilAborted(merged, signal)).commit;
  }

  /** What some revisions touched. */
  async touchedRanges(ids: readonly string[], signal?: AbortSignal): Promise<readonly TouchedRange[]> {
    const log = await this.log(undefined, signal);
    const { touchedRangesOf } = await import("./merge.ts");
    return untilAborted(
      touchedRangesOf(log, ids, (id) => this.#commit(log, id)),
      signal,
    );
  }

  /** Writes a commit as the child of `parents` (none: of the root), one file a parent. Answers its id. */
  async commit(commit: Commit, parents: readonly string[], signal?: AbortSignal): Promise<string> {
    const { encodeCommit, placeMerge } = await import("./write.ts");
    const payload = await encodeCommit(commit, this.#schema);
    const names = await this.#list(signal);
    const { id, files, copy } = placeMerge(names, parents, await sha1(payload), Date.now());
    const stuck = copy && (await this.#store.get(this.#path(copy.from), { signal }));
    if (stuck) await this.#write(copy.to, stuck, signal);
    // The one that bears the id comes first: no reader may see a twin without it.
    for (const name of [...files].reverse()) await this.#write(name, payload, signal);
    this.#keep(id, Promise.resolve(commit));
    return id;
  }

  async #write(name: string, payload: Bytes, signal: AbortSignal | undefined): Promise<void> {
    await this.#store.put(this.#path(name), payload, { signal });
    this.#made.add(parseName(name)!);
  }

  #path(file: string): string {
    return `${this.folder}/${file}`;
  }

  /** Twins joined. */
  async #list(signal: AbortSignal | undefined): Promise<readonly RevisionName[]> {
    const now = Date.now();
    if (!this.#names || now - this.#names.at > this.#maxAge) {
      const names = { at: now, list: this.#ask() };
      this.#names = names;
      names.list.catch(() => {
        if (this.#names === names) this.#names = undefined;
      });
    }
    const before = [...this.#made];
    const listed = await untilAborted(this.#names.list, signal);
    const made = new Set([...before, ...this.#made]);
    if (made.size === 0) return listed;
    const known = new Set(listed.map(({ name }) => name));
    const own = [...made].filter(({ name }) => !known.has(name));
    return own.length === 0 ? listed : joinTwins([...listed, ...own]);
  }

  /** Shared by all who wait for it, so no single caller's signal ends it. */
  async #ask(): Promise<readonly RevisionName[]> {
    const made = [...this.#made];
    const files = await this.files();
    for (const name of made) this.#made.delete(name); // made before the listing began, so it has them
    if (files.length === 0 && this.#hadFiles)
      throw this.#gone("The collection was deleted: its revisions are");
    return files;
  }

  #commit(log: Log, id: string): Promise<Commit> {
    const kept = this.#commits.get(id);
    if (kept) return kept;
    const file = log.files.get(id);
    if (file === undefined) return Promise.reject(this.#gone(`Revision ${id} is`));
    const loading = this.#load(id, file);
    this.#keep(id, loading);
    loading.catch(() => this.#commits.delete(id));
    return loading;
  }

  #keep(id: string, commit: Promise<Commit>): void {
    this.#commits.set(id, commit);
    for (const oldest of this.#commits.keys()) {
      if (this.#commits.size <= KEPT_COMMITS) break;
      this.#commits.delete(oldest);
    }
  }

  async #load(id: string, file: string): Promise<Commit> {
    const path = this.#path(file);
    const good = async (bytes: Bytes | undefined) =>
      bytes && (await sha1(bytes)) === digestOfId(id) ? bytes : undefined;
    const first = await this.#store.get(path);
    const bytes = (await good(first)) ?? (await good(await this.#store.get(path, { reload: true })));
    if (bytes) return decodeCommit(bytes, this.#schema);
    throw first
      ? new LakotaError(
          "corrupt",
          `Revision ${path} in ${this.#store.uri} is not what its name says, nor was it when fetched again.`,
        )
      : this.#gone(`Revision ${id} is`);
  }

  #gone(what: string): LakotaError {
    return new LakotaError("not-found", `${what} gone from ${this.#store.uri}/${this.folder}.`);
  }
}

/** Whether two names are of one file, and tell the same of it. */
const isSame = (a: RevisionName, b: RevisionName): boolean => a.name === b.name && a.child === b.child;
