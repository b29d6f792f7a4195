import { untilAborted } from "../async/abort.ts";
import { lazy } from "../async/lazy.ts";
import { Shared } from "../async/shared.ts";
import { sha1 } from "../codecs/sha1.ts";
import type { TableKind } from "../model/api/table-kind.ts";
import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import type { Entry, Store } from "../stores/store.ts";
import { type Commit, EMPTY_COMMIT } from "./commit.ts";
import type { ContinuedListings } from "./continued-listings.ts";
import { decodeCommit } from "./decode-commit.ts";
import { buildLog, type Log } from "./log.ts";
import type { MergeConflict, Merged } from "./merge.ts";
import { digestOfId, parseName, type RevisionName } from "./revision.ts";
import { Revisions } from "./revisions.ts";

const merging = lazy(() => import("./merge.ts"));
const writing = lazy(() => import("./write-commit.ts"));
const continuing = lazy(() => import("./continued-listings.ts"));

/** What all heads of a collection show when they are merged. */
export interface State {
  readonly heads: readonly string[];
  readonly commit: Commit;
  readonly conflicts: readonly MergeConflict[];
}

/** Decoded commits kept in memory: enough for the heads, and for a user who steps through the history. */
const KEPT_COMMITS = 16;
/** Bytes of the longest encoded commit that is kept in memory. */
const MAX_KEPT_PAYLOAD = 64 << 10;

/**
 * Milliseconds for which a revision written here counts as there although listings leave it out: some stores
 * list a file a while after it was written. Beyond that, others have deleted it.
 */
const LISTING_LAG = 60_000;

/** Revisions from which listings go on from what is known, in a history that is longer. Variable for tests. */
export const CONTINUED = { revisions: 64 };
/** Milliseconds after which a complete listing, in the background, adds what such listings miss. */
const COMPLETE_INTERVAL = 60_000;

/**
 * By store and folder, the revisions written here that no listing has included yet, and when they were written. All
 * objects of a collection share them: a renamed one has a new object.
 */
const writtenTo = new WeakMap<Store, Map<string, Map<RevisionName, number>>>();

function writtenRevisions(store: Store, folder: string): Map<RevisionName, number> {
  const folders = writtenTo.get(store) ?? new Map<string, Map<RevisionName, number>>();
  writtenTo.set(store, folders);
  const written = folders.get(folder) ?? new Map<RevisionName, number>();
  folders.set(folder, written);
  return written;
}

/** Whether a listing has all revisions, or may lack some as {@link Changelog.recentLog} does. */
interface ListingScope {
  isComplete: boolean;
}

interface Listing {
  /** When it began, in epoch milliseconds. */
  at: number;
  readonly scope: ListingScope;
  revisions: Shared<Revisions>;
}

/** Returns shared work that is done. */
const resolved = <T>(value: T) => new Shared(async () => value);

/** The changelog of one collection: revision files `parent.child` in one folder, each with a whole commit. */
export class Changelog {
  readonly store: Store;
  /** Path of the folder of its files. */
  readonly folder: string;
  readonly schema: Schema;
  readonly tableKind: TableKind;
  readonly #maxAge: number;
  #listing: Listing | undefined;
  /** The last known revisions, which the next listing is compared with. */
  #last: Revisions | undefined;
  /** What the last complete listing had, and when it began, in epoch milliseconds. */
  #complete: { at: number; revisions: Revisions } | undefined;
  /** Continues the complete listing. Others than the first are passed to it. */
  #continued: ContinuedListings | undefined;
  /** What an earlier visit has recorded: shown only, since it may lack ancestors and have what was deleted. */
  #recalled: Promise<Revisions | undefined> | undefined;
  /** The last commit written here, and all revisions right after it. */
  #placed: { id: string; revisions: Revisions } | undefined;
  /** The files of the last commit written here, and their content if it is short. */
  lastWritten: { names: readonly string[]; size: number; payload: Bytes | undefined } | undefined;
  readonly #written: Map<RevisionName, number>;
  /** Whether the store is known to have had a file. An empty listing then means that the collection was deleted. */
  #hadFiles = false;
  readonly #commits = new Map<string, Shared<Commit>>();
  #merged: { key: string; state: Shared<Merged> } | undefined;
  /**
   * Set while it is known from an earlier visit only that the collection exists. Listings wait for it, and fail with
   * its error.
   */
  confirm: (() => Promise<unknown>) | undefined;

  /** @param maxAge milliseconds for which a listing is reused */
  constructor(store: Store, folder: string, schema: Schema, maxAge: number, tableKind: TableKind = "flat") {
    this.store = store;
    this.folder = folder;
    this.schema = schema;
    this.tableKind = tableKind;
    this.#maxAge = maxAge;
    this.#written = writtenRevisions(store, folder);
  }

  get uri(): string {
    return `${this.store.uri}/${this.folder}`;
  }

  /** What the last listing had, and what was written here since; undefined before the first listing. */
  get revisions(): Revisions | undefined {
    return this.#last?.with([...this.#written.keys()]);
  }

  /** Is called after revisions were deleted. */
  forget(deleted: readonly RevisionName[]): void {
    const names = new Set(deleted.map(({ name }) => name));
    for (const file of this.#written.keys()) if (names.has(file.name)) this.#written.delete(file);
    if (names.size > 0) this.#hadFiles = true;
    this.#last = this.#recalled = this.#complete = this.#continued = undefined;
    this.refresh();
  }

  /** Discards the listing, so that the next call asks the store. */
  refresh(): void {
    this.#listing = undefined;
  }

  /** Returns the tree of all revisions, gaps bridged; with `before` (an epoch), only of those made earlier. */
  async log(before?: string, signal?: AbortSignal): Promise<Log> {
    const { names, log } = await this.#list(signal, true);
    return this.bridged(before === undefined ? log : buildLog(names, before), signal);
  }

  /** As {@link log}, but it may lack revisions built on old ones, or have deleted ones, for about a minute. */
  async recentLog(signal?: AbortSignal): Promise<Log> {
    return this.bridged((await this.#list(signal)).log, signal);
  }

  /** Returns a tree whose heads are no ancestors of each other, also where files are missing in between. */
  async bridged(log: Log, signal?: AbortSignal): Promise<Log> {
    if (log.heads.length < 2) return log;
    const { bridgeGaps } = await merging();
    return untilAborted(
      bridgeGaps(log, (id) => this.commitOf(log, id, signal)),
      signal,
    );
  }

  /** Returns what all heads show when merged; with `before` (an epoch), what they showed right before it. */
  async state(before?: string, signal?: AbortSignal): Promise<State> {
    try {
      return await this.#state(before, signal);
    } catch (error) {
      // A trim may have removed a revision between the listing and the read: list again.
      if (!(error instanceof LakotaError) || error.code !== "not-found") throw error;
      this.#listing = this.#complete = undefined;
      return this.#state(before, signal);
    }
  }

  /** Returns what the first listing will most likely show. Undefined if that is unknown, or once there was a listing. */
  async expected(signal?: AbortSignal): Promise<State | undefined> {
    if (this.#last) return undefined;
    const { log } = this.#revisionsOf((await this.store.expected?.(`${this.folder}/`)) ?? []);
    const [head, ...others] = log.heads;
    if (head === undefined || others.length > 0) return undefined;
    return { heads: [head], commit: await this.commitOf(log, head, signal), conflicts: [] };
  }

  /**
   * Returns what the last listing showed, of this visit or an earlier one, without another listing. Undefined if none is
   * known, or it was contradicted.
   */
  async known(signal?: AbortSignal): Promise<State | undefined> {
    const listed = this.revisions;
    const revisions = listed ?? (await this.#recall());
    if (!revisions?.names.length) return undefined;
    // One head shows its own commit. Several are merged, for which the recorded end of a history is not enough.
    const mayLackAncestors = !listed && revisions.names.length >= CONTINUED.revisions;
    if (mayLackAncestors && revisions.log.heads.length > 1) return undefined;
    return this.#stateOf(await this.bridged(revisions.log, signal), signal);
  }

  /** Returns what an earlier visit has recorded. Reads that start together all get the same. */
  #recall(): Promise<Revisions | undefined> {
    const prefix = `${this.folder}/`;
    this.#recalled ??= Promise.resolve(this.store.local?.lastListing(prefix)).then(
      (entries) => entries && this.#revisionsOf(entries),
    );
    return this.#recalled;
  }

  /** Lists ahead of the first read, if an earlier visit has found revisions. The listing is new when it arrives. */
  async listAhead(): Promise<void> {
    const recalled = await this.#recall();
    if (!recalled?.names.length || this.#maxAge <= 0 || this.#listing) return;
    const listing = this.#startListing(Number.POSITIVE_INFINITY);
    await listing.revisions.result;
    listing.at = Date.now();
  }

  async #state(before: string | undefined, signal: AbortSignal | undefined): Promise<State> {
    const log = await (before === undefined ? this.recentLog(signal) : this.log(before, signal));
    return this.#stateOf(log, signal);
  }

  async #stateOf(log: Log, signal?: AbortSignal): Promise<State> {
    const key = log.heads.join();
    if (this.#merged?.key !== key || this.#merged.state.abandoned) {
      const state = new Shared((ending) => this.#merge(log, log.heads, ending));
      const merged = { key, state };
      this.#merged = merged;
      state.result.catch(() => {
        if (this.#merged === merged) this.#merged = undefined;
      });
    }
    return { heads: log.heads, ...(await this.#merged.state.join(signal)) };
  }

  /** Several heads are rare, so the code that merges them is loaded on demand. */
  async #merge(log: Log, heads: readonly string[], signal: AbortSignal): Promise<Merged> {
    const [only] = heads;
    if (heads.length === 1 && only !== undefined)
      return { commit: await this.commitOf(log, only, signal), conflicts: [] };
    if (heads.length === 0) return { commit: EMPTY_COMMIT, conflicts: [] };
    const { mergeHeads } = await merging();
    return mergeHeads(log, heads, (id) => this.commitOf(log, id, signal), signal);
  }

  /**
   * Writes a commit as the child of `parents`, with one file for each; without parents, as a child of the
   * root.
   *
   * @returns its id
   */
  async commit(commit: Commit, parents: readonly string[], signal?: AbortSignal): Promise<string> {
    const { writeCommit } = await writing();
    const revisions = await this.#list(signal);
    const listing = this.#listing;
    const { id, ...written } = await writeCommit(
      commit,
      parents,
      {
        store: this.store,
        folder: this.folder,
        schema: this.schema,
        revisions,
        isNext: parents.join() === this.#placed?.id && revisions === this.#placed.revisions,
        load: (parent) => this.commitOf(revisions.log, parent, signal),
        onWritten: (file) => this.#written.set(file, Date.now()),
      },
      signal,
    );
    this.#keep(id, resolved(written.commit));
    const { payload } = written;
    this.lastWritten = {
      // Without the copy of an earlier revision that a merge may need.
      names: written.files.flatMap(({ child, name }) => (digestOfId(child) === digestOfId(id) ? name : [])),
      size: payload.length,
      payload: payload.length <= MAX_KEPT_PAYLOAD ? payload : undefined,
    };
    this.#placed = { id, revisions: revisions.with(written.files) };
    this.#continued?.keep(written.files);
    if (listing && this.#listing === listing) listing.revisions = resolved(this.#placed.revisions);
    if (this.#last === revisions) this.#last = this.#placed.revisions;
    return id;
  }

  #path(file: string): string {
    return `${this.folder}/${file}`;
  }

  /** Returns the revisions, from a listing not older than `maxAge`. */
  async #list(signal: AbortSignal | undefined, isComplete = false): Promise<Revisions> {
    const now = Date.now();
    const last = this.#listing;
    const isRecent = last && now - last.at <= this.#maxAge && (last.scope.isComplete || !isComplete);
    const listing = isRecent && !last.revisions.abandoned ? last : this.#startListing(now, isComplete);
    const before = [...this.#written.keys()];
    const listed = await listing.revisions.join(signal);
    const revisions = listed.with([...new Set([...before, ...this.#written.keys()])]);
    if (revisions === listed) return listed;
    listing.revisions = resolved(revisions);
    this.#last = revisions;
    return revisions;
  }

  #startListing(at: number, isComplete = false): Listing {
    const scope = { isComplete };
    const listing = { at, scope, revisions: new Shared((signal) => this.#listStore(scope, signal)) };
    this.#listing = listing;
    listing.revisions.result.catch(({ code }) => {
      if (this.#listing === listing) this.#listing = undefined;
      if (code !== "not-found") return;
      this.#last = this.#complete = this.#continued = undefined;
      this.#recalled = Promise.resolve(undefined);
    });
    return listing;
  }

  #revisionsOf(entries: readonly Entry[]): Revisions {
    const names = entries.map(({ path }) => path.slice(this.folder.length + 1));
    return Revisions.of(names, this.folder);
  }

  async #listStore(scope: ListingScope, signal: AbortSignal): Promise<Revisions> {
    const isLong = this.#complete && this.#complete.revisions.names.length >= CONTINUED.revisions;
    const revisions = scope.isComplete || !isLong ? undefined : await this.#listEnd(signal);
    if (revisions) return revisions;
    scope.isComplete = true;
    return this.#listAll(signal);
  }

  /** Lists what was added lately. Returns all revisions; undefined if only a complete listing can tell. */
  async #listEnd(signal: AbortSignal): Promise<Revisions | undefined> {
    const parts = await continuing().catch(() => undefined);
    const complete = this.#complete;
    if (!parts || !complete) return undefined;
    this.#continued ??= new parts.ContinuedListings(complete.revisions);
    const began = Date.now();
    const revisions = await this.#continued.next({
      folder: this.folder,
      list: async (start) => this.#withUnlisted(await this.#names(signal, start), began, start),
      load: (log, id) => this.commitOf(log, id, signal),
      last: () => this.#last ?? complete.revisions,
    });
    if (!revisions || this.#complete === undefined) return undefined;
    if (began - complete.at > COMPLETE_INTERVAL && this.#complete === complete) {
      complete.at = began;
      this.#listAll().catch(() => {}); // others report what is wrong
    }
    this.#last = revisions;
    return revisions;
  }

  async #listAll(signal?: AbortSignal): Promise<Revisions> {
    const at = Date.now();
    const continued = this.#continued;
    const mark = continued?.mark ?? 0;
    const names = await this.#names(signal);
    if (names.some((name) => parseName(name))) this.#hadFiles = true;
    else if (this.#hadFiles) throw this.#gone("The collection was deleted: its revisions are");
    let revisions = Revisions.of(this.#withUnlisted(names, at), this.folder, this.#last);
    if (continued && continued === this.#continued) revisions = continued.restart(revisions, mark);
    this.#complete = { at, revisions };
    this.#last = revisions;
    return revisions;
  }

  async #names(signal: AbortSignal | undefined, startAfter?: string): Promise<string[]> {
    const prefix = `${this.folder}/`;
    const start = startAfter !== undefined && { startAfter: prefix + startAfter };
    const listing = this.store.list(prefix, { detail: "path", signal, ...start });
    const [entries] = await Promise.all([listing, this.confirm?.()]);
    return entries.map(({ path }) => path.slice(prefix.length));
  }

  /** Adds the files written here that a listing of what sorts after `start` does not have yet. */
  #withUnlisted(names: string[], began: number, start = ""): string[] {
    const unlisted = new Map([...this.#written].map(([file]) => [file.name, file]));
    for (const name of names) {
      const file = unlisted.get(name);
      if (!file) continue;
      unlisted.delete(name);
      this.#written.delete(file);
    }
    for (const [name, file] of unlisted) {
      if (name > start && began - this.#written.get(file)! > LISTING_LAG) this.#written.delete(file);
      else names.push(name);
    }
    return names;
  }

  /** Returns a commit of the tree. @throws `not-found`, `corrupt`, and the errors of the store */
  commitOf(log: Log, id: string, signal?: AbortSignal): Promise<Commit> {
    const kept = this.#commits.get(id);
    if (kept && !kept.abandoned) return kept.join(signal);
    const file = log.files.get(id);
    if (file === undefined) return Promise.reject(this.#gone(`Revision ${id} is`));
    const loading = new Shared((ending) => this.#load(id, file, ending));
    this.#keep(id, loading);
    loading.result.catch(() => {
      if (this.#commits.get(id) === loading) this.#commits.delete(id);
    });
    return loading.join(signal);
  }

  #keep(id: string, commit: Shared<Commit>): void {
    this.#commits.set(id, commit);
    for (const oldest of this.#commits.keys()) {
      if (this.#commits.size <= KEPT_COMMITS) break;
      this.#commits.delete(oldest);
    }
  }

  async #load(id: string, file: string, signal: AbortSignal): Promise<Commit> {
    const path = this.#path(file);
    const verified = async (bytes: Bytes | undefined) =>
      bytes && (await sha1(bytes)) === digestOfId(id) ? bytes : undefined;
    const first = await this.store.get(path, { signal });
    const again = () => this.store.get(path, { reload: true, signal });
    const bytes = (await verified(first)) ?? (await verified(await again()));
    if (bytes) return decodeCommit(bytes, this.schema, this.store);
    // Others have deleted it, so it no longer counts as there until listings include it.
    if (!first) this.forget([...this.#written.keys()].filter(({ name }) => name === file));
    throw first
      ? new LakotaError(
          "corrupt",
          `Revision ${path} in ${this.store.uri} does not match the digest in its name, even when fetched again.`,
        )
      : this.#gone(`Revision ${id} is`);
  }

  #gone(what: string): LakotaError {
    return new LakotaError("not-found", `${what} gone from ${this.uri}.`);
  }
}
