import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { INDEX_FOLDER } from "../../model/layout.ts";

/** A file of a listing: its name in the folder, and its size in bytes. */
export type NamedFile = readonly [name: string, size: number];

/** Some consecutive files of a folder, listed in a page: how many, and a checksum of their names. */
export type NamesPage = readonly [digest: string, count: number, checksum: number];

/** The listing of one folder: what its pages list, and the files after those. All are sorted by name. */
export interface IndexedFolder {
  readonly pages: readonly NamesPage[];
  readonly names: readonly NamedFile[];
}

/**
 * The index of a published repo: the listings of its changelogs, and the content of some files. It serves web hosts,
 * which cannot list their files, and readers of stores that can, who fetch with its help what the listing will most
 * likely lead to.
 */
export interface PublishedIndex {
  /** When it was created. */
  readonly time: Date;
  /** By path, without a trailing slash: the folders changed last, most recently changed first. */
  readonly folders: ReadonlyMap<string, IndexedFolder>;
  /** Digests of the pages that have the other folders. Where several have a folder, the last one counts. */
  readonly more: readonly string[];
  /** Path → content. */
  readonly files: ReadonlyMap<string, Bytes>;
  /** Whether the repo was published with overviews. */
  readonly overviews: boolean;
}

type StoredFolder = [pages: readonly NamesPage[], names: readonly NamedFile[]];
type StoredFolders = Record<string, StoredFolder>;

interface Stored {
  lakota: 2;
  time: string;
  folders: StoredFolders;
  more: readonly string[];
  /** Base64. */
  files: Record<string, string>;
  overviews?: true;
}

export function encodeIndex({ time, folders, more, files, overviews }: PublishedIndex): Bytes {
  const stored: Stored = {
    lakota: 2,
    time: time.toISOString(),
    folders: storedFolders(folders),
    more,
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, toBase64(bytes)])),
    ...(overviews && { overviews }),
  };
  return toJson(stored);
}

/** @throws `corrupt` */
export function decodeIndex(bytes: Bytes, uri: string): PublishedIndex {
  return parse(bytes, uri, (stored: Partial<Stored>) => {
    if (stored.lakota !== 2) throw new Error(`its version is ${stored.lakota}, not 2`);
    const files = Object.entries(stored.files ?? {}).map(([path, text]) => [path, fromBase64(text)] as const);
    const more = stored.more ?? [];
    if (!more.every(isDigest)) throw new Error("a page has no digest");
    return {
      time: new Date(stored.time ?? 0),
      folders: new Map(
        [...parseFolders(stored.folders ?? {})].flatMap(([path, folder]) => (folder ? [[path, folder]] : [])),
      ),
      more,
      files: new Map(files),
      overviews: stored.overviews === true,
    };
  });
}

/** Encodes a page that lists some consecutive files of a folder. */
export const encodeNames = (names: readonly NamedFile[]): Bytes => toJson(names);

/** Encodes a page that has some folders. */
export const encodeFolders = (folders: ReadonlyMap<string, IndexedFolder>): Bytes =>
  toJson(storedFolders(folders));

/** Path of a page by the SHA-1 of its content: it never changes, and caches may keep it. */
export const pagePath = (digest: string): string => `${INDEX_FOLDER}${digest}.json`;

/** Returns the files that a page lists. @throws `corrupt` */
export const decodeNames = (bytes: Bytes, uri: string): readonly NamedFile[] => parse(bytes, uri, checkNames);

/** Returns the folders that a page has. @throws `corrupt` */
export const decodeFolders = (bytes: Bytes, uri: string): Map<string, IndexedFolder> =>
  parse(bytes, uri, parseFolders);

function storedFolders(folders: ReadonlyMap<string, IndexedFolder>): StoredFolders {
  return Object.fromEntries([...folders].map(([path, folder]) => [path, [folder.pages, folder.names]]));
}

function parseFolders(stored: StoredFolders): Map<string, IndexedFolder> {
  return new Map(
    Object.entries(stored).map(([path, folder]) => {
      const [pages, names] = folder;
      if (!pages.every(isNamesPage))
        throw new Error(`the folder ${path} has a page without a digest, a count or a checksum`);
      return [path, { pages, names: checkNames(names) }];
    }),
  );
}

function checkNames(names: readonly NamedFile[]): readonly NamedFile[] {
  if (names.every(isName)) return names;
  throw new Error("it has an entry without a name or a size");
}

function parse<S, T>(bytes: Bytes, uri: string, convert: (stored: S) => T): T {
  try {
    return convert(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("corrupt", `The index of ${uri} cannot be read: ${why}. Publish the repo again.`, {
      cause,
    });
  }
}

const isDigest = (value: unknown) => typeof value === "string" && /^[0-9a-f]{40}$/.test(value);
const isName = (entry: readonly unknown[]) => typeof entry[0] === "string" && typeof entry[1] === "number";
const isNamesPage = ([digest, count, checksum]: readonly unknown[]) =>
  isDigest(digest) && typeof count === "number" && typeof checksum === "number";

const toJson = (value: unknown): Bytes => new TextEncoder().encode(JSON.stringify(value));
const toBase64 = (bytes: Bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
