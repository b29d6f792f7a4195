import { lazy } from "../../async/lazy.ts";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { packResult } from "../protocol/frames.ts";
import { unpackInput } from "../protocol/input-frames.ts";
import type {
  CallControls,
  CallName,
  Calls,
  CollectionInfo,
  CollectionRef,
  OpenArgs,
  Target,
  WireFrameArg,
} from "../protocol/messages.ts";
import type { BatchSession } from "./batch-session.ts";
import type { Results } from "./results.ts";

const sessions = lazy(() => import("./sessions.ts"));

/** What a handler receives besides the arguments of the call. */
export interface CallContext extends CallControls {
  /** Buffers to transfer with the result. */
  transfer: ArrayBuffer[];
}

type HandlerTable = {
  [N in CallName]: (args: Calls[N]["args"], context: CallContext) => Promise<Calls[N]["result"]>;
};

/** Handles the calls of a client, and holds what the client has open: a repo, collections, batches, pages. */
export class Handlers {
  readonly #openRepo: (args: OpenArgs) => EngineRepo;
  readonly #collections = new Map<string, EngineCollection>();
  /** By the client's ids, from before they are open: the client may end them at any time. */
  readonly #batches = new Map<number, Promise<BatchSession>>();
  readonly #results = new Map<number, Promise<Results>>();
  #openedRepo: EngineRepo | undefined;

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

  /** Ends a batch or a call with several results. */
  end(id: number): void {
    const all: Map<number, Promise<{ end(): void }>>[] = [this.#batches, this.#results];
    for (const sessions of all) {
      sessions.get(id)?.then(
        (session) => session.end(),
        () => {}, // it could not be opened
      );
      sessions.delete(id);
    }
  }

  close(): void {
    for (const id of [...this.#batches.keys(), ...this.#results.keys()]) this.end(id);
    this.#openedRepo?.close();
  }

  readonly #table: HandlerTable = {
    open: async (args) => {
      this.#openedRepo = this.#openRepo(args);
      return this.#openedRepo.uri;
    },
    invoke: async ({ target, method, args, options }, { signal, onProgress, transfer }) => {
      const object = await this.#target(target);
      const call: unknown = Reflect.get(object, method);
      if (typeof call !== "function") throw new LakotaError("internal", `There is no method ${method}.`);
      const controls = { signal, ...(onProgress && { onProgress }) };
      return packResult(
        await call.apply(object, [...args.map(unpackArg), { ...options, ...controls }]),
        transfer,
      );
    },
    collection: async ({ label, allowStale }, { signal }) =>
      this.#remember(await this.#repo.collection(label, { allowStale, signal })),
    createCollection: async ({ schema, label }, { signal }) =>
      this.#remember(await this.#repo.createCollection(Schema.load(schema), label, { signal })),

    clone: async (args, { signal }) => {
      const result = await (await sessions()).clone(this.#repo, args, signal);
      return "path" in result ? this.#remember(result) : result;
    },
    diff: async (args, context) => (await sessions()).diff(await this.#collection(args.ref), args, context),

    beginBatch: async ({ batch, collection, options }) => {
      const begin = async () =>
        (await sessions()).BatchSession.begin(await this.#collection(collection), options);
      const opening = begin();
      this.#batches.set(batch, opening);
      await opening;
    },
    commitBatch: async (batch) => {
      await (await this.#batch(batch)).commit();
      this.#batches.delete(batch);
    },

    openResults: async ({ results, ...call }) => {
      const open = async () => (await sessions()).openResults(await this.#target(call.target), call);
      const opening = open();
      this.#results.set(results, opening);
      await opening;
    },
    nextResult: async (results, context) =>
      (await (this.#results.get(results) ?? lost("This iteration over pages"))).next(context),
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

  async #target(target: Target): Promise<object> {
    switch (target.on) {
      case "repo":
        return this.#repo;
      case "collection":
        return this.#collection(target.ref);
      case "series":
        return (await this.#collection(target.ref.collection)).series(target.ref.label);
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

function unpackArg(arg: unknown): unknown {
  return isFrameArg(arg) ? unpackInput(arg.frame) : arg;
}

const isFrameArg = (arg: unknown): arg is WireFrameArg =>
  typeof arg === "object" && arg !== null && "frame" in arg;

/** Throws the error for a batch or a call that a crashed worker held. */
function lost(what: string): never {
  throw new LakotaError("crashed", `${what} was lost when the repo's worker crashed. Start it again.`);
}
