/**
 * Listings of a long history that have only its end.
 *
 * ```
 *   file, by name     old.L   ...   A.B   B.C   B.D   C.E   D.E
 *                     ^ late        ^ a listing begins before the parents of the last minute
 * ```
 *
 * Names sort by parents, so a revision that was built on an old one (L) is not listed. Alone it is seen later: by the next
 * complete listing. But no revision may be seen without what it was built on: a merge of L shows the rows of L, and beside
 * another head they would disappear again. So every new head must record (see recent-ancestors.ts) that all revisions
 * between it and known ones are there, or everything is listed. What is shown is then always what a complete listing
 * would show, had the late revisions been stored a little later, and the deleted ones been deleted a little later.
 */

import { LakotaError } from "../model/errors.ts";
import { hextime } from "../model/layout.ts";
import { lowerBound } from "../model/lower-bound.ts";
import type { Commit } from "./commit.ts";
import type { Log } from "./log.ts";
import { completeBorder } from "./recent-ancestors.ts";
import { digestOfId, msOf, parseName, type RevisionName, ROOT } from "./revision.ts";
import type { Revisions } from "./revisions.ts";

/** Variable for tests, whose histories are short. */
export const LIMITS = {
  /** Revisions that are listed again at least. */
  revisions: 16,
  /** Milliseconds before the latest revision; those made since are listed again. A writer mostly takes less to commit. */
  period: 60_000,
  /** Milliseconds for which everything is listed after a listing that was not enough: many write at once then. */
  pause: 10_000,
};
/** Milliseconds by which the twins of a revision mostly differ at most: one for each parent. */
const TWINS = 16;
/** Revisions that are read to learn whether all others are known. From then on a complete listing costs less. */
const MAX_READS = 8;

/** How {@link ContinuedListings} get at the changelog. */
export interface ListingSource {
  readonly folder: string;
  /** Returns the names of all files that sort after this one. */
  list(startAfter: string): Promise<readonly string[]>;
  load(log: Log, id: string): Promise<Commit>;
  /** The last known revisions; they may have some that were deleted. */
  last(): Revisions;
}

/** The revisions of one changelog, from a complete listing and those that continue it. */
export class ContinuedListings {
  #revisions!: Revisions;
  /** Their names, sorted. */
  #names!: string[];
  /** Their ids, and those of their parents that were missing when all was listed. */
  #known!: Set<string>;
  /** Whether times and parents are as the rules above need them. */
  #isRegular!: boolean;
  /** Until when everything is listed, in epoch milliseconds. */
  #pausedUntil = 0;
  /** All that was added, in the order in which it was found. */
  readonly #found: RevisionName[] = [];

  /** @param complete the revisions of a complete listing */
  constructor(complete: Revisions) {
    this.#begin(complete);
  }

  /** A place in the order of what was found, for {@link restart}. */
  get mark(): number {
    return this.#found.length;
  }

  /**
   * Continues from another complete listing.
   *
   * @param mark as it was when that listing began: what was found since may be missing from it
   * @returns the revisions of the listing, and of what was found since
   */
  restart(complete: Revisions, mark: number): Revisions {
    const revisions = complete.with(this.#found.slice(mark));
    this.#found.push(...revisions.names.filter(({ name }) => !this.#has(name)));
    this.#begin(revisions);
    return revisions;
  }

  /** Notes files that were written here, which complete listings that began before may lack. */
  keep(files: readonly RevisionName[]): void {
    this.#found.push(...files);
  }

  /** Returns the revisions that are there now. Undefined if only a complete listing can tell. */
  async next(source: ListingSource): Promise<Revisions | undefined> {
    if (!this.#isRegular || Date.now() < this.#pausedUntil) return undefined;
    const start = startOf(this.#revisions.log);
    if (start === undefined) return undefined;
    const before = this.#names.slice(this.#place(start));
    const listed = new Set(await source.list(start));
    if (!before.every((name) => listed.has(name))) return undefined; // some were deleted
    const added = [...listed].flatMap((name): RevisionName[] => {
      const file = this.#has(name) ? undefined : parseName(name);
      return file ? [{ ...file, path: `${source.folder}/${name}` }] : [];
    });
    if (added.some(({ parent, child }) => parent >= child || this.#known.has(child))) return undefined;
    added.sort((a, b) => (a.child < b.child ? -1 : 1));
    const from = this.#revisions;
    const last = source.last();
    let next = last.with(added); // mostly has the last commit written here already
    if (next.names.length > this.#names.length + added.length) {
      // What was shown and is not listed has been deleted, or was built here on an old revision.
      added.push(...last.names.filter(({ name }) => name < start && !this.#has(name)));
      next = from.with(added);
    }
    if (added.length === 0) return next;
    if (!(await this.#isWhole(next, source))) {
      this.#pausedUntil = Date.now() + LIMITS.pause;
      return undefined;
    }
    const { ids } = next.log;
    for (let i = ids.length - 1; i >= 0 && ids[i]! > start; i--) this.#known.add(ids[i]!);
    this.#add(added);
    // Another listing may have added to the same ones meanwhile.
    this.#revisions = this.#revisions === from ? next : this.#revisions.with(added);
    return this.#revisions;
  }

  #begin(revisions: Revisions): void {
    const { names } = revisions;
    this.#revisions = revisions;
    this.#names = names.map(({ name }) => name).sort();
    const ids = new Set(names.map(({ child }) => child));
    const oldest = names.reduce((first, { child }) => (child < first ? child : first), "g");
    const digests = new Set([...ids].map(digestOfId));
    // What a missing revision was built on may be there: then it is unknown which ones are ancestors.
    const hasGap = names.some(({ parent }) => parent !== ROOT && !ids.has(parent) && oldest < parent);
    const isOrdered = names.every(({ parent, child }) => parent < child);
    this.#isRegular = isOrdered && !hasGap && digests.size === ids.size;
    this.#known = new Set([...ids, ...names.map(({ parent }) => parent)]);
  }

  #add(files: readonly RevisionName[]): void {
    for (const file of files) {
      if (this.#has(file.name)) continue;
      this.#names.splice(this.#place(file.name), 0, file.name);
      this.#found.push(file);
    }
  }

  #place(name: string): number {
    return lowerBound(this.#names.length, (i) => this.#names[i]! < name);
  }

  #has(name: string): boolean {
    return this.#names[this.#place(name)] === name;
  }

  /** Whether all that the heads were built on is there. */
  async #isWhole(revisions: Revisions, source: ListingSource): Promise<boolean> {
    try {
      return await this.#hasAncestors(revisions.log, source);
    } catch (error) {
      // Whether it remains shows in a complete listing.
      if (error instanceof LakotaError && error.code !== "aborted") return false;
      throw error;
    }
  }

  async #hasAncestors(log: Log, source: ListingSource): Promise<boolean> {
    const read = new Set<string>();
    for (let open = log.heads; ; ) {
      const unknown = open.filter((id) => !this.#known.has(id) && !read.has(id));
      if (unknown.length === 0) break;
      if (read.size + unknown.length > MAX_READS) return false;
      for (const id of unknown) read.add(id);
      const borders = await Promise.all(
        unknown.map(async (id) => completeBorder(log, id, await source.load(log, id))),
      );
      open = borders.flatMap((border) => border ?? []);
      if (borders.includes(undefined)) return false;
    }
    return true;
  }
}

/** Returns where a listing begins that has the children of all heads, and of what the latest revisions were built on. */
function startOf({ ids, heads, parents }: Log): string | undefined {
  if (heads.length === 0) return undefined;
  let start = heads.reduce((a, b) => (a < b ? a : b));
  const since = msOf(ids.at(-1)!) - LIMITS.period;
  for (let i = ids.length - 1; i >= 0; i--) {
    if (ids.length - i > LIMITS.revisions && msOf(ids[i]!) < since) break;
    for (const parent of parents.get(ids[i]!)!) if (parent < start) start = parent;
  }
  const ms = msOf(start) - TWINS;
  return ms > 0 ? hextime(ms) : undefined;
}
