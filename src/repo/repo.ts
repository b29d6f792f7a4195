import type { DecodeChunk } from "../codecs/chunk.ts";
import type { CallOptions, Repo, RepoStatus } from "../model/api.ts";
import { LakotaError, throwIfAborted } from "../model/errors.ts";
import type { Schema } from "../model/schema.ts";
import { CacheStore } from "../stores/cache.ts";
import type { Store } from "../stores/store.ts";
import { Chunks } from "./chunks.ts";
import type { EngineCollection } from "./collection.ts";
import { ReadSource } from "./read.ts";
import { Registry } from "./registry.ts";
import type { Workshop } from "./workshop.ts";

/** How a repo works, wherever its store is. */
export interface EngineOptions {
  /** Milliseconds for which a listing is believed, so that many reads in a row list once. Default 1,000; own writes are always seen. */
  maxAge?: number;
  /** Chunks fetched, or stored, at a time. Default 16: more than a browser has connections to a host, so that none idles. */
  concurrency?: number;
  /** Told what is odd but no error. Default: `console.warn`. */
  onWarning?: (message: string) => void;
}

/** A repo whose work is done on this thread, decoding aside. */
export class EngineRepo implements Repo {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #workshop: Workshop;
  readonly #closing = new AbortController();

  constructor(store: Store, decode: DecodeChunk, options: EngineOptions = {}) {
    const { maxAge = 1_000, concurrency = 16, onWarning = console.warn } = options;
    this.#store = store;
    this.#workshop = {
      store,
      source: new ReadSource(new Chunks(store, decode, onWarning), concurrency),
      concurrency,
      maxAge,
      closed: this.#closing.signal,
    };
    this.#registry = new Registry(this.#workshop);
  }

  get uri(): string {
    return this.#store.uri;
  }

  ls(options: CallOptions = {}): Promise<string[]> {
    return this.#registry.ls(options);
  }

  async collection(label: string, options: CallOptions = {}): Promise<EngineCollection> {
    const found = await this.#registry.get(label, options);
    if (found) return found;
    const labels = await this.#registry.ls(options);
    const there =
      labels.length > 0 ? `It has: ${labels.slice(0, 20).join(", ")}.` : "It has none: is the address right?";
    throw new LakotaError("not-found", `No collection "${label}" in ${this.uri}. ${there}`);
  }

  async createCollection(
    schema: Schema,
    label: string,
    options: CallOptions = {},
  ): Promise<EngineCollection> {
    const name = label.trim();
    if (name === "")
      throw new LakotaError("invalid-argument", "A collection needs a name that is not empty.");
    return this.#registry.create(schema, name, options);
  }

  async status(): Promise<RepoStatus> {
    throwIfAborted(this.#closing.signal);
    const cache = this.#store instanceof CacheStore ? this.#store : undefined;
    const { fetchedBytes = 0, cachedBytes = 0, requests = 0, nearBytes = 0 } = cache?.stats() ?? {};
    return {
      fetched: fetchedBytes,
      cached: cachedBytes,
      requests,
      kept: nearBytes,
      staleSince: cache?.stale,
    };
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new LakotaError("closed", `The repo ${this.uri} was closed.`));
    this.#store.close?.();
  }
}
