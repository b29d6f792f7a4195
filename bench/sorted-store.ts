import { lowerBound } from "../src/model/lower-bound.ts";
import type { Entry, ListOptions, PutOptions, Store } from "../src/stores/store.ts";

/** Files in memory, whose listings take no longer where more files sort before them: as on S3, where that is its work. */
export class SortedStore implements Store {
  readonly uri = "memory://sorted";
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly #paths: string[] = [];

  async get(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#files.get(path)?.slice();
  }

  async put(path: string, bytes: Uint8Array, { overwrite }: PutOptions = {}): Promise<boolean> {
    const isThere = this.#files.has(path);
    if (isThere && !overwrite) return false;
    this.#files.set(path, new Uint8Array(bytes));
    if (!isThere) this.#paths.splice(this.#place(path), 0, path);
    return true;
  }

  async list(prefix: string, { startAfter = "" }: ListOptions = {}): Promise<Entry[]> {
    const entries: Entry[] = [];
    const first = startAfter > prefix ? startAfter : prefix;
    for (let i = this.#place(first); this.#paths[i]?.startsWith(prefix); i++) {
      const path = this.#paths[i]!;
      if (path !== startAfter) entries.push({ path, size: this.#files.get(path)!.length });
    }
    return entries;
  }

  async delete(path: string): Promise<void> {
    if (this.#files.delete(path)) this.#paths.splice(this.#place(path), 1);
  }

  async move(from: string, to: string): Promise<void> {
    await this.put(to, (await this.get(from))!, { overwrite: true });
    await this.delete(from);
  }

  #place(path: string): number {
    return lowerBound(this.#paths.length, (i) => this.#paths[i]! < path);
  }
}
