import { lowerBound } from "../../model/lower-bound.ts";
import { compareUtf8, selectEntries } from "../path.ts";
import type { Entry, Store } from "../store.ts";
import { readRecord, writeRecord } from "./records.ts";

/** The last known listing of a prefix, as it is recorded in the local store. */
interface Listing {
  /** The listing covers only paths after this one. Empty: all paths. */
  from: string;
  /** When the store last confirmed it, in epoch milliseconds. */
  time: number;
  /** When it was last recorded, in epoch milliseconds. `time` may be later. */
  noted: number;
  entries: Entry[];
}

/** A listing that has not changed is recorded again after this many milliseconds, for its `time`. */
const RECORD_INTERVAL = 60_000;
/** Listings held in memory. */
const MAX_IN_MEMORY = 256;
/**
 * Longest name of a record: file systems have a limit. Listings with longer names are held in memory only.
 */
const MAX_NAME = 200;

/** Remembers listings, so that the last one can be used while the remote store cannot be reached. */
export class ListingCache {
  readonly #local: Store;
  readonly #now: () => number;
  readonly #known = new Map<string, Listing>();
  readonly #dirty = new Set<string>();
  /** Operations run one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(local: Store, now: () => number) {
    this.#local = local;
    this.#now = now;
  }

  /** Remembers the result of `list(prefix, { startAfter })`. Takes ownership of `entries`. */
  remember(prefix: string, startAfter: string, entries: Entry[]): void {
    this.#enqueue(() => this.#remember(prefix, startAfter, entries));
  }

  /** Returns the last known result of `list(prefix, { startAfter })`, or `undefined`. */
  recall(prefix: string, startAfter: string): Promise<{ since: Date; entries: Entry[] } | undefined> {
    return this.#enqueue(async () => {
      const listing = await this.#load(prefix);
      if (!listing || compareUtf8(listing.from, startAfter) > 0) return undefined;
      const entries = selectEntries(listing.entries, prefix, startAfter).map((entry) => ({ ...entry }));
      return { since: new Date(listing.time), entries };
    });
  }

  /** Updates the listings for a file that this cache created, or deleted (then without a size). */
  update(path: string, size?: number): void {
    this.#enqueue(async () => this.#update(path, size));
  }

  /** Updates the listings for a file that this cache renamed. */
  move(from: string, to: string): void {
    this.#enqueue(async () => {
      const sizes = [...this.#known.values()].map(
        ({ entries }) => entries.find((e) => e.path === from)?.size,
      );
      this.#update(from, undefined);
      this.#update(
        to,
        sizes.find((size) => size !== undefined),
      );
    });
  }

  /** Resolves once every change is recorded. */
  async settle(): Promise<void> {
    await this.#enqueue(async () => {});
  }

  /** Runs `work` after the operations before it, and records what it changed. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.then(() => this.#record());
    return done;
  }

  async #remember(prefix: string, startAfter: string, entries: Entry[]): Promise<void> {
    const old = await this.#load(prefix);
    const time = this.#now();
    const next: Listing = { from: startAfter, time, noted: old?.noted ?? 0, entries };
    if (old && compareUtf8(old.from, startAfter) < 0) {
      next.from = old.from;
      next.entries = [...old.entries.filter((e) => compareUtf8(e.path, startAfter) <= 0), ...entries];
    }
    this.#known.delete(prefix);
    this.#known.set(prefix, next);
    if (time - next.noted > RECORD_INTERVAL || !old || !isSame(old, next)) this.#dirty.add(prefix);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_IN_MEMORY) break;
      this.#known.delete(oldest);
    }
  }

  #update(path: string, size: number | undefined): void {
    for (const [prefix, listing] of this.#known) {
      if (!path.startsWith(prefix) || compareUtf8(path, listing.from) <= 0) continue;
      const { entries } = listing;
      const index = lowerBound(entries.length, (i) => compareUtf8(entries[i]!.path, path) < 0);
      const replaced = entries[index]?.path === path ? 1 : 0;
      if (size === undefined) entries.splice(index, replaced);
      else entries.splice(index, replaced, { path, size });
      this.#dirty.add(prefix);
    }
  }

  async #load(prefix: string): Promise<Listing | undefined> {
    const known = this.#known.get(prefix);
    if (known) return known;
    const record = await readRecord(this.#local, recordName(prefix));
    return isListing(record) ? record : undefined;
  }

  async #record(): Promise<void> {
    for (const prefix of this.#dirty) {
      this.#dirty.delete(prefix);
      const listing = this.#known.get(prefix);
      if (!listing || recordName(prefix).length > MAX_NAME) continue;
      listing.noted = this.#now();
      await writeRecord(this.#local, recordName(prefix), listing).catch(() => {}); // best effort
    }
  }
}

function recordName(prefix: string): string {
  return `list-${encodeURIComponent(prefix)}`;
}

function isSame(a: Listing, b: Listing): boolean {
  if (a.from !== b.from || a.entries.length !== b.entries.length) return false;
  return a.entries.every(({ path, size }, i) => path === b.entries[i]!.path && size === b.entries[i]!.size);
}

function isListing(value: unknown): value is Listing {
  if (typeof value !== "object" || value === null || !("from" in value && "entries" in value)) return false;
  if (!("time" in value && "noted" in value)) return false;
  const { from, time, noted, entries } = value;
  const hasFields = typeof from === "string" && typeof time === "number" && typeof noted === "number";
  return hasFields && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null || !("path" in value && "size" in value)) return false;
  return typeof value.path === "string" && typeof value.size === "number";
}
