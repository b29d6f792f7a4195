import { openRepo } from "lakota/engine";
import { writeParquet } from "lakota/interchange";
import type { Repo, StoreOptions } from "../../src/engine.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { PutOptions, SignalOptions, Store } from "../../src/stores/store.ts";
import { frame, schema, type World } from "./public-calls.ts";
import { rows } from "./repo-calls.ts";

/** A store that knows whether it was changed. */
class CountingStore extends MemoryStore {
  changes = 0;

  override put(path: string, bytes: Uint8Array, options?: PutOptions): Promise<boolean> {
    this.changes++;
    return super.put(path, bytes, options);
  }

  override delete(path: string, options?: SignalOptions): Promise<void> {
    this.changes++;
    return super.delete(path, options);
  }

  override move(from: string, to: string, options?: SignalOptions): Promise<void> {
    this.changes++;
    return super.move(from, to, options);
  }
}

/** What stores are wrapped in. */
export type Wrap = (store: Store) => Store;

export interface MadeWorld extends World {
  /** Whether a call has changed what is stored. */
  isUsed(): boolean;
  /** Opens the same repo once more, on stores without faults. */
  reopen(): Promise<Repo>;
}

/** Makes worlds to call the library in: each with a repo of its own, which has the same content. */
export class Worlds {
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #parquet: Uint8Array;
  readonly #folder: string;

  private constructor(files: ReadonlyMap<string, Uint8Array>, parquet: Uint8Array, folder: string) {
    this.#files = files;
    this.#parquet = parquet;
    this.#folder = folder;
  }

  /** @param folder an empty one */
  static async fill(folder: string): Promise<Worlds> {
    const store = new MemoryStore();
    const repo = await openRepo("test://", { schemes: { test: () => store }, maxAge: 0 });
    const collection = await repo.createCollection(schema, "c");
    await collection.series("s").write(rows(1));
    await collection.series("s").write(rows(3));
    await collection.series("other").write(rows(1));
    repo.close();
    const files = new Map<string, Uint8Array>();
    for (const { path } of await store.list("")) files.set(path, (await store.get(path))!);
    const parquet: Uint8Array[] = [];
    for await (const chunk of writeParquet(frame())) parquet.push(chunk);
    return new Worlds(files, Buffer.concat(parquet), folder);
  }

  /** @param wrap what its stores are wrapped in, once the world is there */
  async make(wrap?: Wrap, options: StoreOptions = {}): Promise<MadeWorld> {
    const own = new CountingStore();
    for (const [path, bytes] of this.#files) await own.put(path, bytes);
    own.changes = 0;
    const other = new CountingStore();
    let wrapped = false;
    const through = (store: Store) => {
      const faulty = wrap?.(store);
      if (!faulty) return store;
      const get = (_: Store, name: string | symbol): unknown => {
        const value: unknown = Reflect.get(wrapped ? faulty : store, name);
        return typeof value === "function" && !wrapped ? value.bind(store) : value;
      };
      return new Proxy(store, { get });
    };
    const stores = { own: through(own), other: through(other) };
    const open = (stores: { own: Store; other: Store }) =>
      openRepo("test://own", {
        ...options,
        schemes: { test: (_, { rest }) => (rest === "own" ? stores.own : stores.other) },
        maxAge: 0,
        onWarning: () => {},
      });
    const repo = await open(stores);
    const collection = await repo.collection("c");
    const log = await collection.log();
    wrapped = true;
    return {
      repo,
      collection,
      series: collection.series("s"),
      log,
      other: "test://other",
      parquet: this.#parquet,
      folder: this.#folder,
      openRepo: (...args) => Reflect.apply(openRepo, undefined, args),
      reopen: () => open({ own, other }),
      isUsed: () => own.changes + other.changes > 0,
    };
  }
}
