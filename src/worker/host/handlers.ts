import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { Series } from "../../model/api/series.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { packFrame, unpackInput } from "../protocol/frames.ts";
import type {
  CallControls,
  CallName,
  Calls,
  CollectionInfo,
  CollectionRef,
  OpenArgs,
  SeriesRef,
  Target,
  WireFrameArg,
} from "../protocol/messages.ts";
import { BatchSession } from "./batch-session.ts";
import { FramePages } from "./frame-pages.ts";

/** One call, as its handler sees it. */
export interface CallContext extends CallControls {
  /** Buffers to hand over with the result. */
  transfer: ArrayBuffer[];
}

type HandlerTable = {
  [N in CallName]: (args: Calls[N]["args"], context: CallContext) => Promise<Calls[N]["result"]>;
};

/** Answers the page's calls, and keeps what the page has open: a repo, collections, batches, pages. */
export class Handlers {
  readonly #openRepo: (args: OpenArgs) => EngineRepo;
  readonly #collections = new Map<string, EngineCollection>();
  readonly #batches = new Map<number, BatchSession>();
  readonly #feeds = new Map<number, FramePages>();
  #opened: EngineRepo | undefined;

  constructor(openRepo: (args: OpenArgs) => EngineRepo) {
    this.#openRepo = openRepo;
  }

  run<N extends CallName>(
    name: N,
    args: Calls[N]["args"],
    context: CallContext,
  ): Promise<Calls[N]["result"]> {
    return this.#table[name](args, context);
  }

  abortBatch(batch: number): void {
    this.#batches.get(batch)?.abort();
    this.#batches.delete(batch);
  }

  endPages(pages: number): void {
    this.#feeds.get(pages)?.end();
    this.#feeds.delete(pages);
  }

  close(): void {
    for (const batch of this.#batches.keys()) this.abortBatch(batch);
    for (const pages of this.#feeds.keys()) this.endPages(pages);
    this.#opened?.close();
  }

  readonly #table: HandlerTable = {
    open: async (args) => {
      this.#opened = this.#openRepo(args);
      return this.#opened.uri;
    },
    invoke: async ({ target, method, args, options }, { signal, onProgress }) => {
      const object = await this.#target(target);
      const call: unknown = Reflect.get(object, method);
      if (typeof call !== "function") throw new LakotaError("internal", `There is no method ${method}.`);
      const hearing = { signal, ...(onProgress && { onProgress }) };
      return call.apply(object, [...args.map(unpackArg), { ...options, ...hearing }]);
    },
    collection: async (label, { signal }) => this.#note(await this.#repo.collection(label, { signal })),
    createCollection: async ({ schema, label }, { signal }) =>
      this.#note(await this.#repo.createCollection(Schema.load(schema), label, { signal })),

    clone: async ({ label, to, options, schema }, { signal }) => {
      const wanted = schema && { schema: Schema.load(schema) };
      const made = await this.#repo.clone(label, to, { ...options, ...wanted, signal });
      return "path" in made ? this.#note(made) : made;
    },
    diff: async ({ ref, from, to, options }, { signal, transfer }) => {
      const changes = await (await this.#collection(ref)).diff(from, to, { ...options, signal });
      return changes.map(({ rows, ...change }) => ({
        ...change,
        rows: rows && { removed: packFrame(rows.removed, transfer), added: packFrame(rows.added, transfer) },
      }));
    },

    read: async ({ options, ...ref }, { transfer, ...hearing }) =>
      packFrame(await (await this.#series(ref)).read({ ...options, ...hearing }), transfer),
    tail: async ({ options, rows, ...ref }, { transfer, ...hearing }) =>
      packFrame(await (await this.#series(ref)).tail(rows, { ...options, ...hearing }), transfer),
    reduce: async ({ options, ...ref }, { transfer, ...hearing }) =>
      packFrame(await (await this.#series(ref)).reduce({ ...options, ...hearing }), transfer),
    beginBatch: async ({ batch, collection, options }) => {
      this.#batches.set(batch, await BatchSession.begin(await this.#collection(collection), options));
    },
    commitBatch: async (batch) => {
      await this.#batch(batch).commit();
      this.#batches.delete(batch);
    },

    openPages: async ({ pages, options, ...ref }) => {
      this.#feeds.set(pages, new FramePages(await this.#series(ref), options));
    },
    nextPage: async (pages, { transfer, onProgress }) => {
      const feed = this.#feeds.get(pages) ?? lost("These pages were");
      const frame = await feed.next(onProgress);
      return frame && packFrame(frame, transfer);
    },
  };

  get #repo(): EngineRepo {
    if (this.#opened) return this.#opened;
    throw new LakotaError("internal", "No repo was opened in this worker.");
  }

  #note(collection: EngineCollection): CollectionInfo {
    const { label, path, schema } = collection;
    this.#collections.set(path, collection);
    return { label, path, schema: schema.dump() };
  }

  /** A collection that the page opened: here, or in a worker that has crashed since. */
  async #collection({ label, path }: CollectionRef): Promise<EngineCollection> {
    const known = this.#collections.get(path);
    if (known) return known;
    const found = await this.#repo.collection(label);
    this.#note(found);
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
        return this.#batch(target.batch).batch;
      case "batchSeries":
        return this.#batch(target.batch).batch.series(target.label);
    }
  }

  #batch(batch: number): BatchSession {
    return this.#batches.get(batch) ?? lost("This batch was");
  }
}

function unpackArg(arg: unknown): unknown {
  return isFrameArg(arg) ? unpackInput(arg.frame) : arg;
}

const isFrameArg = (arg: unknown): arg is WireFrameArg =>
  typeof arg === "object" && arg !== null && "frame" in arg;

/** What goes over several messages ends with its worker. */
function lost(what: string): never {
  throw new LakotaError("crashed", `${what} lost when the repo's worker crashed. Start anew.`);
}
