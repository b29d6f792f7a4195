import type { Entry, GetOptions, ListOptions, PutOptions, SignalOptions, Store } from "./store.ts";

/**
 * A store whose code loads on demand, from the moment when it is opened: a cache is needed only after the first
 * listing of the remote store. If its code cannot be loaded, calls fail, and the next one tries again.
 */
export class LazyStore implements Store {
  readonly uri: string;
  readonly #open: () => Promise<Store>;
  #store: Promise<Store> | undefined;

  constructor(uri: string, open: () => Promise<Store>) {
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

  close(): void {
    this.#store?.then(
      (store) => store.close?.(),
      () => {},
    );
  }

  #load(): Promise<Store> {
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
