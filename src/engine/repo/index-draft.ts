import { sha1 } from "../../codecs/sha1.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { PublishedFiles } from "../../stores/http/published-files.ts";
import {
  encodeFolders,
  encodeIndex,
  encodeNames,
  type IndexedFolder,
  type NamedFile,
  type NamesPage,
  pagePath,
} from "../../stores/http/published-index.ts";

/** Bytes of the index, however many collections and revisions there are. */
const MAX_INDEX = 64_000;
/** Bytes that remain after folders were moved to a page, so that the next change needs no page again. */
const AFTER_MOVING = MAX_INDEX / 2;
/** Bytes of files embedded in the index. Base64 makes them a third longer. */
const MAX_EMBEDDED = 24 << 10;
/** Names of a folder in the index itself, and how many stay there when the others move to a page. */
const MAX_NAMES = 64;
const KEPT_NAMES = 16;
/** Names in one page, and folders in one page. */
const MAX_PAGE_NAMES = 4_096;
const MAX_PAGE_FOLDERS = 512;
/** Pages of folders, above which they are joined. */
const MAX_FOLDER_PAGES = 8;

/** What an index says of one folder. */
export interface FolderFiles {
  readonly folder: string;
  /** Pages of the old index that list the first files. Default: the draft finds out. */
  readonly pages?: readonly NamesPage[] | undefined;
  /** All files, or with `pages` those after them, sorted by name. */
  readonly names: readonly NamedFile[];
  /** The content of those that readers need first. Others of the folder are no longer embedded. */
  readonly embedded: ReadonlyMap<string, Bytes>;
}

/** An index to be stored: its pages, by path, first. */
export interface EncodedIndex {
  readonly pages: ReadonlyMap<string, Bytes>;
  readonly index: Bytes;
}

/**
 * The next version of an index. What changes with each commit is small, whatever there is in all: a change adds names to
 * a folder's list, and longer lists move to pages of their own, which never change again.
 */
export class IndexDraft {
  readonly #old: PublishedFiles | undefined;
  /** Most recently changed first. */
  #folders: Map<string, IndexedFolder>;
  #files: Map<string, Bytes>;
  #more: readonly string[];
  readonly #pages = new Map<string, Bytes>();
  /** What was moved to pages of folders. */
  #moved: ReadonlyMap<string, IndexedFolder> = new Map();
  readonly overviews: boolean;

  /** @param old the index to change; undefined for a new one */
  constructor(old?: PublishedFiles, overviews = old?.index.overviews ?? false) {
    this.#old = old;
    this.overviews = overviews;
    this.#folders = new Map(old?.index.folders);
    this.#files = new Map(old?.index.files);
    this.#more = old?.index.more ?? [];
  }

  /** Records the files of a folder, which becomes the most recently changed one. */
  async set({ folder, pages, names, embedded }: FolderFiles): Promise<void> {
    const valid = pages ?? validPages((await this.#recorded(folder))?.pages ?? [], names);
    const record = await this.#record(valid, pages ? names : names.slice(countOf(valid)));
    this.#folders = new Map([[folder, record], ...without(this.#folders, folder)]);
    const others = [...this.#files].filter(([path]) => !path.startsWith(`${folder}/`));
    this.#files = new Map([...embedded, ...others]);
  }

  /** @param first the folder that every reader needs: it stays in the index itself */
  async encode(first: string): Promise<EncodedIndex> {
    this.#files = embeddable(this.#files, first);
    let bytes = this.#encode();
    while (bytes.length > MAX_INDEX) {
      const isMoved = await this.#moveOldest(first, bytes.length - AFTER_MOVING);
      const [oldest] = [...this.#files.keys()].reverse();
      if (!isMoved && oldest === undefined) break; // one folder alone, with pages beyond number
      if (!isMoved && oldest !== undefined) this.#files.delete(oldest);
      bytes = this.#encode();
    }
    return { pages: this.#pages, index: bytes };
  }

  async #recorded(folder: string): Promise<IndexedFolder | undefined> {
    return this.#folders.get(folder) ?? (await this.#old?.folder(folder));
  }

  /** Moves names to pages if there are many. @param old pages that list the names before them */
  async #record(old: readonly NamesPage[], names: readonly NamedFile[]): Promise<IndexedFolder> {
    const pages = [...old];
    let rest = names;
    if (rest.length > MAX_NAMES) {
      let moved = rest.slice(0, -KEPT_NAMES);
      rest = rest.slice(-KEPT_NAMES);
      const short = pages.at(-1);
      if (short && short[1] + moved.length <= MAX_PAGE_NAMES) {
        pages.pop();
        moved = [...((await this.#old?.names(short[0])) ?? []), ...moved];
      }
      for (let from = 0; from < moved.length; from += MAX_PAGE_NAMES)
        pages.push(await this.#addNames(moved.slice(from, from + MAX_PAGE_NAMES)));
    }
    return { pages, names: rest };
  }

  async #addNames(names: readonly NamedFile[]): Promise<NamesPage> {
    return [await this.#addPage(encodeNames(names)), names.length, checksumOf(names)];
  }

  async #addPage(bytes: Bytes): Promise<string> {
    const digest = await sha1(bytes);
    this.#pages.set(pagePath(digest), bytes);
    return digest;
  }

  /** Moves the folders changed longest ago to a page. Returns false if there are none. */
  async #moveOldest(first: string, bytes: number): Promise<boolean> {
    const moved: [string, IndexedFolder][] = [];
    let left = bytes;
    for (const [path, folder] of [...this.#folders].reverse()) {
      if (path === first || left <= 0) continue;
      moved.push([path, folder]);
      left -= JSON.stringify(folder).length + path.length;
      this.#folders.delete(path);
      for (const [file, { length }] of this.#files) {
        if (!file.startsWith(`${path}/`)) continue;
        this.#files.delete(file);
        left -= (4 / 3) * length;
      }
    }
    await this.#moveToPage(moved);
    return moved.length > 0;
  }

  async #moveToPage(moved: readonly (readonly [string, IndexedFolder])[]): Promise<void> {
    if (moved.length === 0) return;
    let all = moved;
    const count = this.#more.length + Math.ceil(moved.length / MAX_PAGE_FOLDERS);
    if (count > MAX_FOLDER_PAGES && this.#more.length > 0) {
      // Joins all pages, in which a later entry replaces an earlier one.
      const known = new Map([...((await this.#old?.more()) ?? []), ...this.#moved, ...moved]);
      all = [...known].filter(([path]) => !this.#folders.has(path));
      this.#more = [];
    }
    this.#moved = new Map([...this.#moved, ...moved]);
    for (let from = 0; from < all.length; from += MAX_PAGE_FOLDERS) {
      const page = encodeFolders(new Map(all.slice(from, from + MAX_PAGE_FOLDERS)));
      this.#more = [...this.#more, await this.#addPage(page)];
    }
  }

  #encode(): Bytes {
    return encodeIndex({
      time: new Date(),
      folders: this.#folders,
      more: this.#more,
      files: this.#files,
      overviews: this.overviews,
    });
  }
}

/**
 * Returns the files to embed, as far as the limit allows: those of the folder `first` before all others, then in the
 * given order.
 */
export function embeddable(files: ReadonlyMap<string, Bytes>, first: string): Map<string, Bytes> {
  const isFirst = ([path]: [string, Bytes]) => path.startsWith(`${first}/`);
  const all = [...files];
  let left = MAX_EMBEDDED;
  const kept = [...all.filter(isFirst), ...all.filter((file) => !isFirst(file))].filter(([, { length }]) => {
    if (length > left) return false;
    left -= length;
    return true;
  });
  return new Map(kept);
}

/** Returns the pages that list the first of some names. From where names were trimmed, or came late, none does. */
export function validPages(pages: readonly NamesPage[], names: readonly NamedFile[]): NamesPage[] {
  const valid: NamesPage[] = [];
  let from = 0;
  for (const page of pages) {
    const [, count, checksum] = page;
    if (checksumOf(names.slice(from, from + count)) !== checksum) break;
    valid.push(page);
    from += count;
  }
  return valid;
}

/** Returns the number of files that pages list. */
export const countOf = (pages: readonly NamesPage[]): number =>
  pages.reduce((sum, [, count]) => sum + count, 0);

/** Returns a sum over names that tells lists of equal length apart. */
const checksumOf = (names: readonly NamedFile[]): number =>
  names.reduce((sum, [name]) => (sum * 31 + Number.parseInt(name.slice(-8), 16)) % 0xffff_ffff, names.length);

const without = <T>(map: ReadonlyMap<string, T>, key: string): [string, T][] =>
  [...map].filter(([each]) => each !== key);
