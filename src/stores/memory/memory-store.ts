import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import { emptied } from "../emptied.ts";
import { checkPath, selectEntries } from "../path.ts";
import type { Entry, GetOptions, ListOptions, LocalStore, PutOptions, SignalOptions } from "../store.ts";

/** Files in memory, for as long as the object exists. */
export class MemoryStore implements LocalStore {
  readonly uri: string;
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  #isCleared = false;

  constructor(uri = "memory://") {
    this.uri = uri;
  }

  async get(path: string, options?: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    checkPath(path);
    throwIfAborted(options?.signal);
    const bytes = this.#files.get(path);
    if (bytes) options?.onBytes?.(bytes.length, false);
    return bytes?.slice();
  }

  async put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
    checkPath(path);
    throwIfAborted(options?.signal);
    if (this.#isCleared) throw emptied(this.uri);
    if (this.#files.has(path) && !options?.overwrite) return false;
    this.#files.set(path, new Uint8Array(bytes));
    return true;
  }

  async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    throwIfAborted(options?.signal);
    return selectEntries(this.#entries(), prefix, options?.startAfter);
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    checkPath(path);
    throwIfAborted(options?.signal);
    this.#files.delete(path);
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    checkPath(from);
    checkPath(to);
    throwIfAborted(options?.signal);
    const bytes = this.#files.get(from);
    if (!bytes) throw new LakotaError("not-found", `There is no ${from} in ${this.uri} to be moved.`);
    this.#files.delete(from);
    this.#files.set(to, bytes);
  }

  async clear(unless?: string): Promise<boolean> {
    if (unless !== undefined && [...this.#files.keys()].some((path) => path.startsWith(unless))) return false;
    this.#isCleared = true;
    this.#files.clear();
    return true;
  }

  *#entries(): Generator<Entry> {
    for (const [path, bytes] of this.#files) yield { path, size: bytes.length };
  }
}
