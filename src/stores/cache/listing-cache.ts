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
  /** When all of it was last recorded, in epoch milliseconds. `time` may be later. */
  noted: number;
  entries: Entry[];
}

/** A listing in memory. */
interface KnownListing extends Listing {
  /** All of it up to this path is recorded. Undefined if nothing is. */
  recorded?: string | undefined;
}

/** What is recorded of the end of a long listing, so that not all of it is recorded for each file that is added. */
interface ListingEnd {
  /** The {@link Listing.noted} of the listing. */
  of: number;
  /** The path after which the entries come in place of those of the listing. */
  after: string;
  time: number;
  entries: Entry[];
}

/** A listing that has not changed is recorded again after this many milliseconds, for its `time`. */
const RECORD_INTERVAL = 60_000;
/** Entries at the end of a listing that are recorded apart, if they are the only ones that have changed. */
const END = 128;
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
  readonly #known = new Map<string, KnownListing>();
  /** By prefix, the first path that has changed. */
  readonly #dirty = new Map<string, string>();
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
    const isContinued = old !== undefined && compareUtf8(old.from, startAfter) <= 0;
    const listing = isContinued ? old : { from: startAfter, time, noted: old?.noted ?? 0, entries };
    if (isContinued) {
      const { length } = old.entries;
      const isAfter = (i: number) => compareUtf8(old.entries[i]!.path, startAfter) > 0;
      const start = startAfter === "" ? 0 : lowerBound(length, (i) => !isAfter(i));
      const changed = firstChange(old.entries, start, entries);
      old.time = time;
      old.entries.length = start;
      for (const entry of entries) old.entries.push(entry);
      if (changed !== undefined) this.#markDirty(prefix, changed);
    }
    if (!isContinued || time - listing.noted > RECORD_INTERVAL) this.#markDirty(prefix, "");
    this.#known.delete(prefix);
    this.#known.set(prefix, listing);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_IN_MEMORY) break;
      this.#known.delete(oldest);
    }
  }

  #markDirty(prefix: string, path: string): void {
    const before = this.#dirty.get(prefix);
    if (before === undefined || compareUtf8(path, before) < 0) this.#dirty.set(prefix, path);
  }

  #update(path: string, size: number | undefined): void {
    for (const [prefix, listing] of this.#known) {
      if (!path.startsWith(prefix) || compareUtf8(path, listing.from) <= 0) continue;
      const { entries } = listing;
      const index = lowerBound(entries.length, (i) => compareUtf8(entries[i]!.path, path) < 0);
      const replaced = entries[index]?.path === path ? 1 : 0;
      if (size === undefined) entries.splice(index, replaced);
      else entries.splice(index, replaced, { path, size });
      this.#markDirty(prefix, path);
    }
  }

  async #load(prefix: string): Promise<KnownListing | undefined> {
    const known = this.#known.get(prefix);
    if (known) return known;
    const record = await readRecord(this.#local, recordName(prefix));
    if (!isListing(record)) return undefined;
    const end = await readRecord(this.#local, endName(prefix));
    if (!isEnd(end) || end.of !== record.noted) return record;
    const kept = record.entries.filter(({ path }) => compareUtf8(path, end.after) <= 0);
    return { ...record, time: end.time, entries: [...kept, ...end.entries] };
  }

  async #record(): Promise<void> {
    for (const [prefix, changed] of this.#dirty) {
      this.#dirty.delete(prefix);
      const listing = this.#known.get(prefix);
      if (!listing || recordName(prefix).length > MAX_NAME) continue;
      await this.#write(prefix, listing, changed).catch(() => {}); // best effort
    }
  }

  async #write(prefix: string, listing: KnownListing, changed: string): Promise<void> {
    const { from, time, noted, entries, recorded: after } = listing;
    if (after !== undefined && compareUtf8(changed, after) > 0) {
      const start = lowerBound(entries.length, (i) => compareUtf8(entries[i]!.path, after) <= 0);
      const end: ListingEnd = { of: noted, after, time, entries: entries.slice(start) };
      await writeRecord(this.#local, endName(prefix), end);
      return;
    }
    listing.recorded = undefined;
    listing.noted = Math.max(this.#now(), noted + 1); // tells which end belongs to it
    await writeRecord(this.#local, recordName(prefix), { from, time, noted: listing.noted, entries });
    listing.recorded = entries.at(-END)?.path;
  }
}

function recordName(prefix: string): string {
  return `list-${encodeURIComponent(prefix)}`;
}

const endName = (prefix: string): string => `end-${recordName(prefix)}`;

/** Returns the first path at which the end of a listing differs from other entries. */
function firstChange(
  listing: readonly Entry[],
  start: number,
  entries: readonly Entry[],
): string | undefined {
  for (let i = 0; i < Math.max(entries.length, listing.length - start); i++) {
    const [a, b] = [listing[start + i], entries[i]];
    if (a && b && a.path === b.path && a.size === b.size) continue;
    return !a || (b && compareUtf8(b.path, a.path) < 0) ? b?.path : a.path;
  }
  return undefined;
}

function isListing(value: unknown): value is Listing {
  if (typeof value !== "object" || value === null || !("from" in value && "entries" in value)) return false;
  if (!("time" in value && "noted" in value)) return false;
  const { from, time, noted, entries } = value;
  const hasFields = typeof from === "string" && typeof time === "number" && typeof noted === "number";
  return hasFields && Array.isArray(entries) && entries.every(isEntry);
}

function isEnd(value: unknown): value is ListingEnd {
  if (typeof value !== "object" || value === null || !("of" in value && "after" in value)) return false;
  if (!("time" in value && "entries" in value)) return false;
  const { of, after, time, entries } = value;
  const hasFields = typeof of === "number" && typeof after === "string" && typeof time === "number";
  return hasFields && Array.isArray(entries) && entries.every(isEntry);
}

function isEntry(value: unknown): value is Entry {
  if (typeof value !== "object" || value === null || !("path" in value && "size" in value)) return false;
  return typeof value.path === "string" && typeof value.size === "number";
}
