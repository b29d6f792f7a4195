import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { OVERVIEWS_FOLDER } from "../../model/overview-path.ts";
import type { Entry } from "../store.ts";
import { noIndex, type WrongBody } from "./error-messages.ts";
import {
  decodeFolders,
  decodeIndex,
  decodeNames,
  type IndexedFolder,
  type NamedFile,
  type PublishedIndex,
  pagePath,
} from "./published-index.ts";

/** Returns a file of the repo; undefined if there is none. */
export type Fetch = (path: string) => Promise<Bytes | undefined>;

/** What the index of a published repo has, and the pages that it names. */
export class PublishedFiles {
  readonly index: PublishedIndex;
  readonly #bytes: Bytes;
  readonly #uri: string;
  readonly #fetch: Fetch;
  #more: Promise<ReadonlyMap<string, IndexedFolder>> | undefined;

  /**
   * @param found the index; undefined if there is none
   * @throws `not-found`, `corrupt`, `network` for what is no file
   */
  constructor(found: Bytes | WrongBody | undefined, uri: string, fetch: Fetch) {
    if (!(found instanceof Uint8Array)) throw noIndex(uri, found);
    this.index = decodeIndex(found, uri);
    this.#bytes = found;
    this.#uri = uri;
    this.#fetch = fetch;
  }

  /** Returns a file that the index has the content of, or the index itself. */
  file(path: string): Bytes | undefined {
    return (path === INDEX_PATH ? this.#bytes : this.index.files.get(path))?.slice();
  }

  /**
   * Returns the files of a folder that were added last, as far as the index knows them without its pages. It does not have
   * the names of overviews: if there are any, their folder is returned.
   */
  newest(folder: string): Entry[] {
    if (this.index.overviews && `${folder}/` === OVERVIEWS_FOLDER) return [{ path: folder, size: 0 }];
    return entriesOf(folder, this.index.folders.get(folder)?.names ?? []);
  }

  /** Returns all files of a folder, sorted by path. @throws `corrupt`, and the errors of the store */
  async list(folder: string): Promise<Entry[]> {
    const listed = await this.folder(folder);
    if (!listed) return [];
    const pages = await Promise.all(listed.pages.map(([digest]) => this.names(digest)));
    return entriesOf(folder, [...pages.flat(), ...listed.names]);
  }

  /** Returns the record of a folder, from the index or one of its pages. */
  async folder(path: string): Promise<IndexedFolder | undefined> {
    return this.index.folders.get(path) ?? (await this.more()).get(path);
  }

  /** Returns the folders that pages have; those of the index itself count more. */
  more(): Promise<ReadonlyMap<string, IndexedFolder>> {
    this.#more ??= Promise.all(
      this.index.more.map(async (digest) => decodeFolders(await this.#page(digest), this.#uri)),
    ).then((pages) => new Map(pages.flatMap((page) => [...page])));
    this.#more.catch(() => {
      this.#more = undefined;
    });
    return this.#more;
  }

  /** Returns the digests of all pages. */
  async pages(): Promise<string[]> {
    const folders = [...this.index.folders.values(), ...(await this.more()).values()];
    return [...this.index.more, ...folders.flatMap(({ pages }) => pages.map(([digest]) => digest))];
  }

  /** Returns the files that a page lists. */
  async names(digest: string): Promise<readonly NamedFile[]> {
    return decodeNames(await this.#page(digest), this.#uri);
  }

  async #page(digest: string): Promise<Bytes> {
    const bytes = await this.#fetch(pagePath(digest));
    if (bytes) return bytes;
    throw new LakotaError(
      "corrupt",
      `The index of ${this.#uri} needs the file ${pagePath(digest)}, which is missing. Publish the repo again.`,
    );
  }
}

const entriesOf = (folder: string, names: readonly NamedFile[]): Entry[] =>
  names.map(([name, size]) => ({ path: `${folder}/${name}`, size }));
