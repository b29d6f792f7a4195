import { Shared } from "../../async/shared.ts";
import type { Bytes } from "../../model/bytes.ts";
import { asLakotaError, throwIfAborted } from "../../model/errors.ts";
import { INDEX_PATH } from "../../model/layout.ts";
import { OVERVIEWS_FOLDER, overviewPath } from "../../model/overview-path.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { ByteLru } from "../../stores/cache/byte-lru.ts";
import { decodeIndex } from "../../stores/http/published-index.ts";
import { type GetOptions, isUnreachable, originOf, type Store } from "../../stores/store.ts";
import { type BlockIndex, blockIndexName, decodeBlockIndex } from "./block-index.ts";
import { decodeOverview } from "./decode.ts";
import type { Group } from "./groups.ts";
import { type Overview, overviewName } from "./overview.ts";

/** Bytes of decoded overviews kept in memory. */
const MEMORY = 32 << 20;
/** Bytes of block indexes kept in memory. */
const BLOCK_INDEX_MEMORY = 4 << 20;
/** Milliseconds for which it is remembered that an overview is missing, since each look is a request. */
const ABSENCE_TTL = 60_000;
/** Name of the cache's record of {@link OverviewFiles.exist}: one byte, 1 or 0. */
const RECORD = "overviews";

/** The overviews of a repo, as its readers see them. */
export class OverviewFiles {
  readonly #store: Store;
  readonly #memory = new ByteLru<Overview>(MEMORY);
  readonly #blocks = new ByteLru<BlockIndex>(BLOCK_INDEX_MEMORY);
  /** When files were found to be missing, or of no use. */
  readonly #absent = new Map<string, number>();
  readonly #names = new WeakMap<Group, Map<Column, Promise<string>>>();
  #exist: Shared<boolean> | undefined;
  /** Whether their existence is known from an earlier visit only. */
  #isUnconfirmed = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * Whether the repo was published with overviews, or that is unknown because the store cannot be reached: the cache may
   * have some. Else no reader looks for any. What an earlier visit has found is returned at once. If it was that there
   * are none, the store is asked for the next chart; if it was that there are some, the store is asked when one is missing.
   */
  exist(signal: AbortSignal | undefined): Promise<boolean> {
    if (!this.#exist || this.#exist.abandoned) this.#exist = new Shared((ending) => this.#find(ending));
    return this.#exist.join(signal);
  }

  async #find(signal: AbortSignal): Promise<boolean> {
    const record = await this.#store.local?.derived?.get(RECORD);
    this.#isUnconfirmed = record?.[0] === 1;
    if (this.#isUnconfirmed) return true;
    const asked = this.#ask(signal);
    if (!record) return asked;
    asked.catch(() => {}); // aborted: the next visit asks again
    return false;
  }

  async #ask(signal?: AbortSignal): Promise<boolean> {
    try {
      const exist = await isPublishedWithOverviews(this.#store, signal);
      this.#record(exist);
      return exist;
    } catch (error) {
      throwIfAborted(signal);
      this.#exist = undefined; // the next chart asks again
      return isUnreachable(error);
    }
  }

  #record(exist: boolean): void {
    this.#isUnconfirmed = false;
    this.#exist = new Shared(async () => exist);
    this.#store.local?.derived?.set(RECORD, Uint8Array.of(exist ? 1 : 0), true);
  }

  /** Records that the repo is now published with overviews, or without. */
  expect(exist: boolean): void {
    this.#record(exist);
    this.#absent.clear();
  }

  /**
   * Returns the overview of one column of a group. Undefined if there is none that can be used, or it cannot be
   * fetched: then the chunks have to be read.
   *
   * @throws `aborted`
   */
  async get(group: Group, schema: Schema, y: Column, options: GetOptions): Promise<Overview | undefined> {
    const name = await this.#nameOf(group, schema, y);
    const decode = (bytes: Bytes) => decodeOverview(bytes, name, group);
    return this.#load(this.#memory, name, decode, bytesOf, options);
  }

  /** Returns the block index of a fine group; undefined as for {@link get}. @throws `aborted` */
  async blocks(group: Group, schema: Schema, options: GetOptions): Promise<BlockIndex | undefined> {
    const name = await blockIndexName(group, schema);
    const decode = (bytes: Bytes) => decodeBlockIndex(bytes, name, group, schema);
    return this.#load(this.#blocks, name, decode, blockIndexBytes, options);
  }

  async #load<T>(
    memory: ByteLru<T>,
    name: string,
    decode: (bytes: Bytes) => Promise<T>,
    sizeOf: (file: T) => number,
    options: GetOptions,
  ): Promise<T | undefined> {
    const known = memory.get(name);
    if (known) return known;
    if (Date.now() - (this.#absent.get(name) ?? Number.NEGATIVE_INFINITY) < ABSENCE_TTL) return undefined;
    try {
      const file = await this.#fetch(name, decode, options);
      if (file) memory.set(name, file, sizeOf(file));
      else this.#miss(name);
      return file;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      this.#absent.set(name, Date.now());
      return undefined;
    }
  }

  #miss(name: string): void {
    this.#absent.set(name, Date.now());
    if (!this.#isUnconfirmed) return;
    this.#isUnconfirmed = false; // one request suffices
    void this.#ask();
  }

  /** A damaged file may be one of the cache: it is fetched once more. */
  async #fetch<T>(
    name: string,
    decode: (bytes: Bytes) => Promise<T>,
    options: GetOptions,
  ): Promise<T | undefined> {
    for (const reload of [false, true]) {
      const bytes = await this.#store.get(overviewPath(name), { ...options, reload });
      if (!bytes) return undefined;
      try {
        return await decode(bytes);
      } catch (error) {
        if (asLakotaError(error).code !== "corrupt") throw error;
      }
    }
    return undefined;
  }

  #nameOf(group: Group, schema: Schema, y: Column): Promise<string> {
    const names = this.#names.get(group) ?? new Map<Column, Promise<string>>();
    this.#names.set(group, names);
    const name = names.get(y) ?? overviewName(group, schema, y);
    names.set(y, name);
    return name;
  }
}

/** Where the collections of a repo share its overviews. */
export interface SharedOverviews {
  readonly store: Store;
  /** Created on first use: most readers never need it. */
  overviews?: OverviewFiles;
}

/** Returns the shared overviews, creating them on first use. */
export function sharedOverviews(shared: SharedOverviews): OverviewFiles {
  shared.overviews ??= new OverviewFiles(shared.store);
  return shared.overviews;
}

/** Returns whether a repo is now published with overviews, as far as its index can be read. @throws `aborted` */
export async function areOverviewsPublished(store: Store, signal: AbortSignal): Promise<boolean> {
  try {
    return hasOverviews(await store.get(INDEX_PATH, { reload: true, signal }), store);
  } catch {
    throwIfAborted(signal);
    return false;
  }
}

/**
 * Returns whether a repo was published with overviews when it was opened.
 *
 * @throws `corrupt` for a damaged index, or one of another version; the store's errors
 */
async function isPublishedWithOverviews(store: Store, signal: AbortSignal | undefined): Promise<boolean> {
  const origin = originOf(store); // a cache would keep the index
  // S3 stores have read their index.
  if (origin.expected) return (await origin.expected(OVERVIEWS_FOLDER))?.[0] !== undefined;
  return hasOverviews(await origin.get(INDEX_PATH, { signal }), store);
}

const hasOverviews = (index: Bytes | undefined, { uri }: Store): boolean =>
  index !== undefined && decodeIndex(index, uri).overviews;

const bytesOf = ({ segments }: Overview): number =>
  segments.reduce((sum, summary) => sum + (summary?.blocks.data.byteLength ?? 0), 0);

/** Estimates the memory that a block index takes. */
const blockIndexBytes = (index: BlockIndex): number =>
  index.flat().reduce((sum, chunk) => sum + (chunk ? chunk.head.length + 64 * chunk.digests.length : 0), 0);
