import { lazy } from "../../async/lazy.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { Series } from "../../model/api/series.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { unpackInput } from "../protocol/input-frames.ts";
import type {
  CallName,
  Calls,
  CollectionInfo,
  CollectionRef,
  OpenArgs,
  SeriesRef,
  Target,
} from "../protocol/messages.ts";
import type { BatchSession } from "./batch-session.ts";
import type { FramePages } from "./frame-pages.ts";

const sessions = lazy(() => import("./sessions.ts"));

/** @param transfer receives buffers to transfer with the result, besides those of a frame */
type Handler<N extends CallName> = (
  args: Calls[N]["args"],
  options: Calls[N]["options"],
  transfer: ArrayBuffer[],
) => Promise<Calls[N]["result"]>;

/** Handles the calls of a client, and holds what the client has open: a repo, collections, batches, pages. */
export class Handlers {
  readonly #openRepo: (args: OpenArgs) => EngineRepo;
  readonly #collections = new Map<string, EngineCollection>();
  /** By the client's ids, from before they are open: the client may end them at any time. */
  readonly #batches = new Map<number, Promise<BatchSession>>();
  readonly #pages = new Map<number, Promise<FramePages>>();
  #openedRepo: EngineRepo | undefined;

  constructor(openRepo: (args: OpenArgs) => EngineRepo) {
    this.#openRepo = openRepo;
  }

  run<N extends CallName>(...[name, ...call]: [name: N, ...Parameters<Handler<N>>]): ReturnType<Handler<N>> {
    return this.#table[name](...call);
  }

  /** Ends a batch or an iteration over pages. */
  end(id: number): void {
    const all: Map<number, Promise<{ end(): void }>>[] = [this.#batches, this.#pages];
    for (const sessions of all) {
      sessions.get(id)?.then(
        (session) => session.end(),
        () => {}, // it could not be opened
      );
      sessions.delete(id);
    }
  }

  close(): void {
    for (const id of [...this.#batches.keys(), ...this.#pages.keys()]) this.end(id);
    this.#openedRepo?.close();
  }

  readonly #table: { [N in CallName]: Handler<N> } = {
    open: async (args) => {
      this.#openedRepo = this.#openRepo(args);
      return this.#openedRepo.uri;
    },
    invoke: async ({ target, method, args, rows }, options) => {
      const object = await this.#target(target);
      const call: unknown = Reflect.get(object, method);
      if (typeof call !== "function") throw new LakotaError("internal", `There is no method ${method}.`);
      return call.apply(object, [...(rows ? [unpackInput(rows)] : []), ...args, options]);
    },
    collection: async (label, options) => this.#remember(await this.#repo.collection(label, options)),
    createCollection: async ({ schema, label }, options) =>
      this.#remember(await this.#repo.createCollection(Schema.load(schema), label, options)),

    clone: async ({ label, to, schema }, options) => {
      const cloneOptions = { ...options, ...(schema && { schema: Schema.load(schema) }) };
      const result = await this.#repo.clone(label, to, cloneOptions);
      return "path" in result ? this.#remember(result) : result;
    },
    diff: async ({ ref, from, to }, options, transfer) => {
      const changes = await (await this.#collection(ref)).diff(from, to, options);
      return (await sessions()).packChanges(changes, transfer);
    },

    beginBatch: async ({ batch, collection }, options) => {
      const begin = async () =>
        (await sessions()).BatchSession.begin(await this.#collection(collection), options);
      const opening = begin();
      this.#batches.set(batch, opening);
      await opening;
    },
    commitBatch: async (batch) => {
      const stored = await (await this.#batch(batch)).commit();
      this.#batches.delete(batch);
      return stored;
    },

    openPages: async ({ pages, ...ref }, options) => {
      const open = async () => new (await sessions()).FramePages(await this.#series(ref), options);
      const opening = open();
      this.#pages.set(pages, opening);
      await opening;
    },
    nextPage: async (pages, { onProgress }) =>
      (await (this.#pages.get(pages) ?? lost("This iteration over pages"))).next(onProgress),
  };

  get #repo(): EngineRepo {
    if (this.#openedRepo) return this.#openedRepo;
    throw new LakotaError("internal", "No repo was opened in this worker.");
  }

  #remember(collection: EngineCollection): CollectionInfo {
    const { label, path, schema } = collection;
    this.#collections.set(path, collection);
    return { label, path, schema: schema.dump() };
  }

  /** Returns a collection that the client opened in this worker or in a crashed one. @throws `not-found` */
  async #collection({ label, path }: CollectionRef): Promise<EngineCollection> {
    const known = this.#collections.get(path);
    if (known) return known;
    const found = await this.#repo.collection(label);
    this.#remember(found);
    if (found.path === path) return found;
    throw new LakotaError("not-found", `Collection "${label}" was replaced by another one. Open it again.`);
  }

  async #series({ collection, label }: SeriesRef): Promise<Series> {
    return (await this.#collection(collection)).series(label);
  }

  async #target(target: Target): Promise<object> {
    switch (target.on) {
      case "repo":
        return this.#repo;
      case "collection":
        return this.#collection(target.ref);
      case "series":
        return this.#series(target.ref);
      case "batch":
        return (await this.#batch(target.batch)).batch;
      case "batchSeries":
        return (await this.#batch(target.batch)).batch.series(target.label);
    }
  }

  #batch(batch: number): Promise<BatchSession> {
    return this.#batches.get(batch) ?? lost("This batch");
  }
}

/** Throws the error for a batch or an iteration that a crashed worker held. */
function lost(what: string): never {
  throw new LakotaError("crashed", `${what} was lost when the repo's worker crashed. Start it again.`);
}
