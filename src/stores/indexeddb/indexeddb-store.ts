import { lazy } from "../../async/lazy.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { checkPath } from "../path.ts";
import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "../store.ts";
import type { ConnectionOptions } from "./connection.ts";
import type { IndexedDBFiles } from "./indexeddb-files.ts";

const loadFiles = lazy(() => import("./indexeddb-files.ts"));

/**
 * Files in a database of the browser, which persists, and which all tabs of the page's origin share.
 *
 * Most of its code loads on demand, from the moment when the store is opened: a cache needs it only after the
 * first listing of the remote store.
 */
export class IndexedDBStore implements Store {
  readonly uri: string;
  readonly #name: string;
  readonly #options: ConnectionOptions;
  #files: Promise<IndexedDBFiles> | undefined;

  /** @throws `unsupported` without IndexedDB, such as in Node */
  constructor(name: string, options: ConnectionOptions = {}) {
    this.uri = `indexeddb://${name}`;
    this.#name = name;
    this.#options = options;
    if (!globalThis.indexedDB) {
      const advice = "Use memory://, or in Node a folder, instead.";
      throw new LakotaError("unsupported", `${this.uri}: this platform has no IndexedDB. ${advice}`);
    }
    this.#load().catch(() => {}); // the first call loads again
  }

  async get(path: string, options: GetOptions = {}): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options.signal);
    return (await this.#load()).get(path, options);
  }

  async put(path: string, bytes: Uint8Array, options: PutOptions = {}): Promise<boolean> {
    checkPath(path);
    const { buffer } = new Uint8Array(bytes); // the caller may change its own
    return (await this.#load()).put(path, buffer, options);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<Entry[]> {
    throwIfAborted(options.signal);
    return (await this.#load()).list(prefix, options);
  }

  async delete(path: string, options: SignalOptions = {}): Promise<void> {
    checkPath(path);
    return (await this.#load()).delete(path, options);
  }

  async move(from: string, to: string, options: SignalOptions = {}): Promise<void> {
    checkPath(from);
    checkPath(to);
    return (await this.#load()).move(from, to, options);
  }

  close(): void {
    this.#files?.then(
      (files) => files.close(),
      () => {},
    );
  }

  #load(): Promise<IndexedDBFiles> {
    this.#files ??= loadFiles().then(
      ({ IndexedDBFiles }) => new IndexedDBFiles(this.uri, this.#name, this.#options),
      (error) => {
        this.#files = undefined;
        throw error;
      },
    );
    return this.#files;
  }
}
