import { lowerBound } from "../../model/lower-bound.ts";
import { compareUtf8, selectEntries } from "../path.ts";
import type { Entry, Store } from "../store.ts";
import { readRecord, writeRecord } from "./records.ts";

/** The last known listing of a prefix. */
interface Listing {
  /** Nothing is known of paths up to this one. Empty: all is known. */
  from: string;
  /** When the store last confirmed it, in epoch milliseconds. */
  time: number;
  /** When it was last written down; `time` moves on without. */
  noted: number;
  entries: Entry[];
}

/** A listing that has not changed is noted again only after this long, for its time. */
const NOTE_EVERY = 60_000;
const MOST_IN_MEMORY = 256;
/** File names have a limit; what makes a longer one is remembered in memory alone. */
const LONGEST_NAME = 200;

/** Remembers listings, so that the last one can stand in while the store cannot be reached. */
export class ListingCache {
  readonly #near: Store;
  readonly #now: () => number;
  readonly #known = new Map<string, Listing>();
  readonly #dirty = new Set<string>();
  /** All that is asked is done in turn. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(near: Store, now: () => number) {
    this.#near = near;
    this.#now = now;
  }

  /** The store has answered this to `list(prefix, { startAfter })`. */
  remember(prefix: string, startAfter: string, found: readonly Entry[]): void {
    const entries = found.map((entry) => ({ ...entry }));
    this.#enqueue(() => this.#remember(prefix, startAfter, entries));
  }

  /** What `list(prefix, { startAfter })` answered last, as far as that is known. */
  recall(prefix: string, startAfter: string): Promise<{ since: Date; entries: Entry[] } | undefined> {
    return this.#enqueue(async () => {
      const listing = await this.#load(prefix);
      if (!listing || compareUtf8(listing.from, startAfter) > 0) return undefined;
      const entries = selectEntries(listing.entries, prefix, startAfter).map((entry) => ({ ...entry }));
      return { since: new Date(listing.time), entries };
    });
  }

  /** A file was made through this very cache, or removed (then without a size). */
  update(path: string, size?: number): void {
    this.#enqueue(async () => this.#update(path, size));
  }

  /** A file was renamed through this very cache. */
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

  clear(): void {
    this.#enqueue(async () => {
      this.#known.clear();
      this.#dirty.clear();
    });
  }

  /** Resolves once nothing waits to be written down. */
  async settle(): Promise<void> {
    await this.#enqueue(async () => {});
  }

  /** Runs `work` once what was asked before is done, and writes down what it changed. */
  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = done.then(() => this.#write());
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
    if (time - next.noted > NOTE_EVERY || !old || !isSame(old, next)) this.#dirty.add(prefix);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_IN_MEMORY) break;
      this.#known.delete(oldest);
    }
  }

  #update(path: string, size: number | undefined): void {
    for (const [prefix, listing] of this.#known) {
      if (!path.startsWith(prefix) || compareUtf8(path, listing.from) <= 0) continue;
      const { entries } = listing;
      const index = lowerBound(entries.length, (i) => compareUtf8(entries[i]!.path, path) < 0);
      const there = entries[index]?.path === path ? 1 : 0;
      if (size === undefined) entries.splice(index, there);
      else entries.splice(index, there, { path, size });
      this.#dirty.add(prefix);
    }
  }

  async #load(prefix: string): Promise<Listing | undefined> {
    const known = this.#known.get(prefix);
    if (known) return known;
    const record = await readRecord(this.#near, nameOf(prefix));
    return isListing(record) ? record : undefined;
  }

  async #write(): Promise<void> {
    for (const prefix of this.#dirty) {
      this.#dirty.delete(prefix);
      const listing = this.#known.get(prefix);
      if (!listing || nameOf(prefix).length > LONGEST_NAME) continue;
      listing.noted = this.#now();
      await writeRecord(this.#near, nameOf(prefix), listing);
    }
  }
}

function nameOf(prefix: string): string {
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
  const isHead = typeof from === "string" && typeof time === "number" && typeof noted === "number";
  return isHead && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null || !("path" in value && "size" in value)) return false;
  return typeof value.path === "string" && typeof value.size === "number";
}
