import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { Shared } from "../../async/shared.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Schema } from "../../model/schema.ts";
import { fetchChunk } from "../../stores/fetch-chunk.ts";
import type { Store } from "../../stores/store.ts";
import type { EmbeddedChunks } from "../segment-table.ts";
import { type BranchPage, type ChildPage, childFault, decodePage, type Page } from "./page.ts";

/** Decoded pages kept in memory: a few megabytes. */
const KEPT_PAGES = 128;
/** Pages fetched at a time. */
const CONCURRENCY = 16;

/** Reads the pages of a collection's trees, and keeps those that were used last. */
export class PageSource {
  readonly store: Store;
  readonly schema: Schema;
  readonly #reload: boolean;
  readonly #slots = new FairSemaphore(CONCURRENCY);
  /** By digest, least recently used first. */
  readonly #pages = new Map<string, Shared<Page>>();

  /** @param reload whether to read the origin only, and no copies on this device */
  constructor(store: Store, schema: Schema, reload = false) {
    this.store = store;
    this.schema = schema;
    this.#reload = reload;
  }

  /**
   * Returns a child of a branch.
   *
   * @param embedded pages that the commit has
   * @throws `not-found`, `corrupt`, and the errors of the store
   */
  async child(
    parent: BranchPage,
    child: ChildPage,
    embedded: EmbeddedChunks,
    signal?: AbortSignal,
  ): Promise<Page> {
    const page = await this.#page(child.digest, embedded, signal);
    this.check(child.digest, childFault(page, child, parent.height - 1));
    return page;
  }

  /** @throws `corrupt` if a page has a fault */
  check(digest: string, fault: string | undefined): void {
    if (fault !== undefined) throw new LakotaError("corrupt", `Page ${this.#where(digest)} ${fault}.`);
  }

  async #page(digest: string, embedded: EmbeddedChunks, signal: AbortSignal | undefined): Promise<Page> {
    try {
      return await this.#shared(digest, embedded).join(signal);
    } catch (error) {
      // It may have been requested for another commit, which does not have the page.
      const own = embedded.get(digest);
      if (own && (await sha1(own)) === digest) return this.#decoded(digest, own);
      throw error;
    }
  }

  #shared(digest: string, embedded: EmbeddedChunks): Shared<Page> {
    const known = this.#pages.get(digest);
    this.#pages.delete(digest);
    const page =
      known && !known.abandoned
        ? known
        : new Shared(async (ending) => this.#decoded(digest, await this.bytes(digest, embedded, ending)));
    this.#pages.set(digest, page);
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      this.#pages.delete(oldest);
    }
    page.result.catch(() => {
      if (this.#pages.get(digest) === page) this.#pages.delete(digest);
    });
    return page;
  }

  /** Returns the content of a page, or of another file that a commit names by its digest. */
  async bytes(digest: string, embedded: EmbeddedChunks, signal?: AbortSignal): Promise<Bytes> {
    const own = embedded.get(digest);
    if (own && (await sha1(own)) === digest) return own;
    let found: Bytes | undefined;
    for (const reload of this.#reload ? [true] : [false, true]) {
      found = await this.#slots.run(() =>
        fetchChunk(this.store, digest, { reload, ...(signal && { signal }) }),
      );
      if (found && (await sha1(found)) === digest) return found;
    }
    const where = this.#where(digest);
    throw found
      ? new LakotaError("corrupt", `Page ${where} does not match its name, even when fetched again.`)
      : new LakotaError("not-found", `Page ${where} is missing. Pull it from another copy.`);
  }

  async #decoded(digest: string, bytes: Bytes): Promise<Page> {
    try {
      return await decodePage(bytes, this.schema);
    } catch (error) {
      if (!(error instanceof LakotaError) || error.code !== "corrupt") throw error;
      const message = `Page ${this.#where(digest)} cannot be read: ${error.message}`;
      throw new LakotaError("corrupt", message, { cause: error });
    }
  }

  #where(digest: string): string {
    return `${hashedPath(digest)} in ${this.store.uri}`;
  }
}

const sources = new WeakMap<Schema, PageSource>();

/** Returns the pages of a collection, which is known by its schema object. */
export function pageSource(store: Store, schema: Schema): PageSource {
  const known = sources.get(schema);
  if (known?.store === store) return known;
  const source = new PageSource(store, schema);
  sources.set(schema, source);
  return source;
}
