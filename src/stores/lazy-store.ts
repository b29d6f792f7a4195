import type { Entry, GetOptions, ListOptions, LocalStore, PutOptions, SignalOptions } from "./store.ts";

/**
 * A store whose code loads on demand, from the moment when it is opened: a cache is needed only after the first
 * listing of the remote store. If its code cannot be loaded, calls fail, and the next one tries again.
 */
export class LazyStore implements LocalStore {
  readonly uri: string;
  readonly #open: () => Promise<LocalStore>;
  #store: Promise<LocalStore> | undefined;

  constructor(uri: string, open: () => Promise<LocalStore>) {
    this.uri = uri;
    this.#open = open;
    this.#load().catch(() => {}); // the first call tries again
  }

  async get(path: string, options?: GetOptions): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return (await this.#load()).get(path, options);
  }

  async put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
    return (await this.#load()).put(path, bytes, options);
  }

  async list(prefix: string, options?: ListOptions): Promise<Entry[]> {
    return (await this.#load()).list(prefix, options);
  }

  async delete(path: string, options?: SignalOptions): Promise<void> {
    return (await this.#load()).delete(path, options);
  }

  async move(from: string, to: string, options?: SignalOptions): Promise<void> {
    return (await this.#load()).move(from, to, options);
  }

  async clear(unless?: string): Promise<boolean> {
    return (await this.#load()).clear(unless);
  }

  close(): void {
    this.#store?.then(
      (store) => store.close?.(),
      () => {},
    );
  }

  #load(): Promise<LocalStore> {
    if (!this.#store) {
      const opening = this.#open();
      this.#store = opening;
      opening.catch(() => {
        if (this.#store === opening) this.#store = undefined;
      });
    }
    return this.#store;
  }
}
