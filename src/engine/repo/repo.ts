import { untilAborted } from "../../async/abort.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import type { GcOptions, GcReport, VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { CallOptions, DryRunOptions } from "../../model/api/options.ts";
import type {
  CloneOptions,
  CloneReport,
  DeleteReport,
  RenameOptions,
  RenameReport,
  Repo,
  RepoStatus,
} from "../../model/api/repo.ts";
import type {
  PublishReport,
  RepoAddress,
  SendReport,
  SyncOptions,
  SyncReport,
} from "../../model/api/sync.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { ChunkLoader } from "../read/chunk-loader.ts";
import { ReadSource } from "../read/read.ts";
import type { Publisher } from "./publish.ts";
import { Registry } from "./registry.ts";
import type { Sender } from "./send.ts";
import type { SyncPeer } from "./sync.ts";

/** How a repo works, wherever its store is. */
export interface EngineOptions {
  /** Milliseconds for which a listing is believed, so that many reads in a row list once. Default 1,000; own writes are always seen. */
  maxAge?: number;
  /** Chunks fetched, or stored, at a time. Default 16: more than a browser has connections to a host, so that none idles. */
  concurrency?: number;
  /** Told what is odd but no error. Default: `console.warn`. */
  onWarning?: (message: string) => void;
}

/** What a door adds: it knows all kinds of stores. */
export interface RepoDeps extends EngineOptions {
  /** Opens the store of a repo to pull from or push to. */
  openStore?: (address: RepoAddress) => Store;
}

function unknownStore(): never {
  throw new LakotaError("unsupported", "This repo was opened without a way to open others.");
}

/** A repo whose work is done on this thread, decoding aside. */
export class EngineRepo implements Repo {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #workshop: RepoContext;
  readonly #decode: DecodeChunk;
  readonly #openStore: (address: RepoAddress) => Store;
  readonly #warn: (message: string) => void;
  readonly #closing = new AbortController();
  #madeSender: Promise<Sender> | undefined;
  #madePublisher: Promise<Publisher> | undefined;

  constructor(store: Store, decode: DecodeChunk, options: RepoDeps = {}) {
    const { maxAge = 1_000, concurrency = 16, onWarning = console.warn } = options;
    this.#warn = onWarning;
    this.#store = store;
    this.#decode = decode;
    this.#openStore = options.openStore ?? unknownStore;
    this.#workshop = {
      store,
      source: new ReadSource(new ChunkLoader(store, decode, onWarning), concurrency),
      concurrency,
      maxAge,
      registryCollection: () => this.#registry.rows,
      warn: onWarning,
      changed: async () => (await this.#publisher).renew(),
      closed: this.#closing.signal,
    };
    this.#registry = new Registry(this.#workshop);
    if (store instanceof CacheStore) {
      store.onSent = (paths) => void this.#sender.then((sender) => sender.join(paths));
      store.onTrouble = onWarning;
    }
  }

  get uri(): string {
    return this.#store.uri;
  }

  /** Where its bytes live, for the command line. */
  get store(): Store {
    return this.#store;
  }

  /** The collection of collections, for the command line. */
  get registry(): Registry {
    return this.#registry;
  }

  ls(options: CallOptions = {}): Promise<string[]> {
    return this.#registry.ls(options);
  }

  async collection(label: string, options: CallOptions = {}): Promise<EngineCollection> {
    const found = await this.#registry.get(label, options);
    if (found) return found;
    throw this.#registry.missing(label, await this.#registry.ls(options));
  }

  async createCollection(
    schema: Schema,
    label: string,
    options: CallOptions = {},
  ): Promise<EngineCollection> {
    return this.#registry.create(schema, toName(label), options);
  }

  async rename(label: string, to: string, options: RenameOptions = {}): Promise<RenameReport> {
    return this.#registry.rename(label, toName(to), options);
  }

  async delete(label: string, options: DryRunOptions = {}): Promise<DeleteReport> {
    const collection = await this.collection(label, options);
    const { deleteCollection } = await import("../collection/operations.ts");
    return deleteCollection(collection, this.#registry, this.#store, options);
  }

  clone(label: string, to: string, options: CloneOptions & { dryRun: true }): Promise<CloneReport>;
  clone(label: string, to: string, options?: CloneOptions & { dryRun?: false }): Promise<EngineCollection>;
  clone(
    label: string,
    to: string,
    options: CloneOptions & DryRunOptions,
  ): Promise<EngineCollection | CloneReport>;
  async clone(
    label: string,
    to: string,
    options: CloneOptions & DryRunOptions = {},
  ): Promise<EngineCollection | CloneReport> {
    const name = toName(to);
    const from = await this.collection(label, options);
    const { clone } = await import("../collection/operations.ts");
    return clone(from, name, this.#registry, this.#workshop, options);
  }

  async gc(options: GcOptions = {}): Promise<GcReport> {
    const { gc } = await import("../collection/operations.ts");
    return gc(this.#store, options, this.#workshop.concurrency, this.#ending(options.signal));
  }

  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const { verify } = await import("../collection/operations.ts");
    return verify(this.#side, options, this.#workshop.concurrency, this.#ending(options.signal));
  }

  async pull(from: RepoAddress, options: SyncOptions = {}): Promise<SyncReport> {
    const report = await this.#sync(from, options, (other, own) => [other, own]);
    const { warmUp } = await import("../collection/operations.ts");
    await warmUp(); // who takes a copy along may go offline with it
    return report;
  }

  push(to: RepoAddress, options: SyncOptions = {}): Promise<SyncReport> {
    return this.#sync(to, options, (other, own) => [own, other]);
  }

  async #sync(
    address: RepoAddress,
    options: SyncOptions,
    order: (other: SyncPeer, own: SyncPeer) => [source: SyncPeer, target: SyncPeer],
  ): Promise<SyncReport> {
    const signal = this.#ending(options.signal);
    const { sync } = await import("../collection/operations.ts");
    const other = new EngineRepo(this.#openStore(address), this.#decode, { openStore: this.#openStore });
    try {
      return await sync(...order(other.#side, this.#side), options, signal);
    } finally {
      other.close();
    }
  }

  async publish({ signal }: CallOptions = {}): Promise<PublishReport> {
    return (await this.#publisher).publish(this.#ending(signal));
  }

  get #publisher(): Promise<Publisher> {
    this.#madePublisher ??= import("../collection/operations.ts").then(
      ({ Publisher }) => new Publisher(this.#store, this.#registry, this.#warn, this.#closing.signal),
    );
    return this.#madePublisher;
  }

  get #side(): SyncPeer {
    const { changed } = this.#workshop;
    return { store: this.#store, registry: this.#registry, decode: this.#decode, changed };
  }

  #ending(signal: AbortSignal | undefined): AbortSignal {
    throwIfAborted(this.#closing.signal);
    return AbortSignal.any(signal ? [this.#closing.signal, signal] : [this.#closing.signal]);
  }

  async send({ signal }: CallOptions = {}): Promise<SendReport> {
    return untilAborted((await this.#sender).send(), this.#ending(signal));
  }

  get #sender(): Promise<Sender> {
    this.#madeSender ??= import("../collection/operations.ts").then(
      ({ Sender }) => new Sender(this.#store, this.#registry, this.#warn, this.#closing.signal),
    );
    return this.#madeSender;
  }

  async status(): Promise<RepoStatus> {
    throwIfAborted(this.#closing.signal);
    const cache = this.#store instanceof CacheStore ? this.#store : undefined;
    const stats = cache?.stats();
    return {
      fetched: stats?.fetchedBytes ?? 0,
      cached: stats?.cachedBytes ?? 0,
      requests: stats?.requests ?? 0,
      kept: stats?.nearBytes ?? 0,
      pinned: stats?.pinnedBytes ?? 0,
      waiting: stats?.waiting ?? 0,
      online: !cache?.stale && globalThis.navigator?.onLine !== false,
      staleSince: cache?.stale,
    };
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new LakotaError("closed", `The repo ${this.uri} was closed.`));
    this.#store.close?.();
  }
}

/** @throws `invalid-argument` */
function toName(label: string): string {
  const name = label.trim();
  if (name !== "") return name;
  throw new LakotaError("invalid-argument", "A collection needs a name that is not empty.");
}
