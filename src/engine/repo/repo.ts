import { untilAborted } from "../../async/abort.ts";
import { lazy, loadAhead } from "../../async/lazy.ts";
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
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { ChunkLoader } from "../read/chunk-loader.ts";
import { ReadSource } from "../read/read-context.ts";
import type { Publisher } from "./publish.ts";
import type { SyncPeer } from "./pull-push.ts";
import { Registry } from "./registry.ts";
import type { Sender } from "./send.ts";

/** Everything on a repo but finding collections. Loaded on demand, since most users only read. */
const operations = lazy(() => import("./operations.ts"));

/** Options of a repo that apply to every kind of store. */
export interface EngineOptions {
  /**
   * Milliseconds for which a listing is used without asking the store again, so that consecutive reads list
   * once. Own writes are always seen. Default 1,000.
   */
  maxAge?: number;
  /**
   * Chunks fetched or stored at a time. Default 16: more than the connections of a browser to one host, so
   * that none idles.
   */
  concurrency?: number;
  /**
   * Whether to read times that cannot be verified, with a warning. Python Lakota digests times before it
   * rounds them to the column's unit; a chunk whose digest then fits in no unit may also be a damaged one.
   * Without this option it is read only if it is of the first index column, sorted, and in the range of its
   * segment; else the read throws `corrupt`. `defrag()` stores such rows again only with this option, because
   * that gives them digests that match. Default false.
   */
  allowUnverified?: boolean;
  /** Called with problems that are no errors. Default: `console.warn`. */
  onWarning?: (message: string) => void;
}

/** What an entry point adds: it knows every kind of store. */
export interface RepoDeps extends EngineOptions {
  /** Opens the store of a repo to pull from or push to. */
  openStore?: (address: RepoAddress) => Store;
}

function unknownStore(): never {
  throw new LakotaError("unsupported", "This repo was opened without a way to open other stores.");
}

/** A repo whose work, except decoding, is done on the current thread. */
export class EngineRepo implements Repo {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #context: RepoContext;
  readonly #decode: DecodeChunk;
  readonly #openStore: (address: RepoAddress) => Store;
  readonly #warn: (message: string) => void;
  readonly #closing = new AbortController();
  #senderPromise: Promise<Sender> | undefined;
  #publisherPromise: Promise<Publisher> | undefined;

  constructor(store: Store, decode: DecodeChunk, options: RepoDeps = {}) {
    const { maxAge = 1_000, concurrency = 16, onWarning = console.warn } = options;
    this.#warn = onWarning;
    this.#store = store;
    this.#decode = decode;
    this.#openStore = options.openStore ?? unknownStore;
    this.#context = {
      store,
      source: new ReadSource(new ChunkLoader(store, decode, onWarning, options.allowUnverified), concurrency),
      concurrency,
      maxAge,
      registryChangelog: () => this.#registry.collection.changelog,
      reportedConflicts: new Set(),
      warn: onWarning,
      changed: async () => (await this.#publisher).renew(),
      closed: this.#closing.signal,
    };
    this.#registry = new Registry(this.#context);
    if (store.local) {
      store.local.onSent = (paths) => void this.#sender.then((sender) => sender.merge(paths));
      store.local.onWarning = onWarning;
    }
  }

  get uri(): string {
    return this.#store.uri;
  }

  /** Its store, for the command line. */
  get store(): Store {
    return this.#store;
  }

  /** Its registry, for the command line. */
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
    const { createCollection } = await operations();
    return createCollection(this.#registry, schema, checkName(label), options);
  }

  async rename(label: string, to: string, options: RenameOptions = {}): Promise<RenameReport> {
    const { renameCollection } = await operations();
    return renameCollection(this.#registry, label, checkName(to), options);
  }

  async delete(label: string, options: DryRunOptions = {}): Promise<DeleteReport> {
    const collection = await this.collection(label, options);
    const { deleteCollection } = await operations();
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
    const name = checkName(to);
    const from = await this.collection(label, options);
    const { clone } = await operations();
    return clone(from, name, this.#registry, this.#context, options);
  }

  async gc(options: GcOptions = {}): Promise<GcReport> {
    const { gc } = await operations();
    return gc(this.#store, options, this.#context.concurrency, this.#ending(options.signal));
  }

  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const { verify } = await operations();
    const { allowUnverified } = this.#context.source.chunks;
    return verify(
      { ...this.#side, allowUnverified },
      options,
      this.#context.concurrency,
      this.#ending(options.signal),
    );
  }

  async pull(from: RepoAddress, options: SyncOptions = {}): Promise<SyncReport> {
    const report = await this.#sync(from, options, (other, own) => [other, own]);
    await loadAhead(); // the copy may be meant for offline use
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
    const { sync } = await operations();
    const { concurrency, source, warn: onWarning } = this.#context;
    const { allowUnverified } = source.chunks;
    const otherOptions = { concurrency, allowUnverified, onWarning, openStore: this.#openStore };
    const other = new EngineRepo(this.#openStore(address), this.#decode, otherOptions);
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
    this.#publisherPromise ??= operations().then(
      ({ Publisher }) => new Publisher(this.#store, this.#registry, this.#warn, this.#closing.signal),
    );
    return this.#publisherPromise;
  }

  get #side(): SyncPeer {
    const { changed } = this.#context;
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
    this.#senderPromise ??= operations().then(
      ({ Sender }) => new Sender(this.#store, this.#registry, this.#warn, this.#closing.signal),
    );
    return this.#senderPromise;
  }

  async status(): Promise<RepoStatus> {
    throwIfAborted(this.#closing.signal);
    const { local } = this.#store;
    const stats = local?.stats();
    return {
      fetched: stats?.fetchedBytes ?? 0,
      cached: stats?.cachedBytes ?? 0,
      requests: stats?.requests ?? 0,
      kept: stats?.localBytes ?? 0,
      pinned: stats?.pinnedBytes ?? 0,
      waiting: stats?.pending ?? 0,
      online: !local?.stale && globalThis.navigator?.onLine !== false,
      staleSince: local?.stale,
    };
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new LakotaError("closed", `The repo ${this.uri} was closed.`));
    this.#store.close?.();
  }
}

/** Returns the name of a collection, without surrounding white space. @throws `invalid-argument` */
function checkName(label: string): string {
  const name = label.trim();
  if (name !== "") return name;
  throw new LakotaError("invalid-argument", "The label of a collection must be a non-empty text.");
}
