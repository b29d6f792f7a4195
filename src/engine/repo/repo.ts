import { lazy, loadAhead } from "../../async/lazy.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import type { GcOptions, GcReport, VerifyOptions, VerifyReport } from "../../model/api/maintenance.ts";
import type { CallOptions, DryRunOptions, StaleOptions } from "../../model/api/options.ts";
import type {
  CloneOptions,
  CloneReport,
  CreateCollectionOptions,
  DeleteReport,
  ForgetOptions,
  OpenCollectionOptions,
  RenameOptions,
  RenameReport,
  Repo,
  RepoStatus,
} from "../../model/api/repo.ts";
import type {
  PublishOptions,
  PublishReport,
  RepoAddress,
  SendReport,
  SyncOptions,
  SyncReport,
} from "../../model/api/sync.ts";
import type { CollectionOf } from "../../model/api/typed.ts";
import type { ColumnsOf } from "../../model/api/typed-frame.ts";
import type { ColumnTypes } from "../../model/column-types.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { ChunkLoader } from "../read/chunk-loader.ts";
import { ReadSource } from "../read/read-context.ts";
import type { SyncPeer } from "./pull-push.ts";
import { Registry } from "./registry.ts";
import type { OpenPeer, RepoOperations } from "./repo-operations.ts";

/** Everything on a repo but finding collections. Loaded on demand, since most users only read. */
const operations = lazy(() => import("./repo-operations.ts"));

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
  openStore?: (address: RepoAddress) => Store | Promise<Store>;
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
  readonly #openStore: (address: RepoAddress) => Store | Promise<Store>;
  readonly #closing = new AbortController();
  #loading: Promise<RepoOperations> | undefined;

  constructor(store: Store, decode: DecodeChunk, options: RepoDeps = {}) {
    const { maxAge = 1_000, concurrency = 16, onWarning = console.warn } = options;
    this.#store = store;
    this.#decode = decode;
    this.#openStore = options.openStore ?? unknownStore;
    this.#context = {
      store,
      source: new ReadSource(new ChunkLoader(store, decode, onWarning, options.allowUnverified), concurrency),
      concurrency,
      maxAge,
      registry: () => this.#registry,
      reported: new Set(),
      warn: onWarning,
      // What changed is stored by now: the call must not fail for lack of code.
      changed: (changelog, signal) =>
        this.#operations().then(
          (own) => own.renewIndex(changelog, signal),
          (error) => onWarning(`The published index, if any, is not renewed: ${error.message}`),
        ),
      closed: this.#closing.signal,
    };
    this.#registry = new Registry(this.#context);
    if (store.local) {
      store.local.onSent = async (paths) => (await this.#operations()).mergeSent(paths);
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

  ls(options: StaleOptions<string[]> = {}): Promise<string[]> {
    return this.#registry.ls(options);
  }

  async collection<S extends Schema = Schema>(
    label: string,
    options: OpenCollectionOptions = {},
  ): Promise<EngineCollection & CollectionOf<ColumnsOf<S>>> {
    const found = await this.#registry.get(label, options);
    if (found) return found;
    const labels = await this.#registry.ls({ signal: options.signal });
    throw (await this.#operations()).noSuchCollection(this.uri, label, labels);
  }

  async createCollection<C extends ColumnTypes>(
    schema: Schema<C>,
    label: string,
    options: CreateCollectionOptions = {},
  ): Promise<EngineCollection & CollectionOf<C>> {
    const operations = await this.#operations();
    const collection = await operations.createCollection(schema, label, options);
    return collection as EngineCollection & CollectionOf<C>; // it has this schema
  }

  async rename(label: string, to: string, options: RenameOptions = {}): Promise<RenameReport> {
    return (await this.#operations()).rename(label, to, options);
  }

  async delete(label: string, options: DryRunOptions = {}): Promise<DeleteReport> {
    const collection = await this.collection(label, options);
    return (await this.#operations()).delete(collection, options);
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
    return (await this.#operations()).clone(() => this.collection(label, options), to, options);
  }

  async gc(options: GcOptions = {}): Promise<GcReport> {
    return (await this.#operations()).gc(options);
  }

  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return (await this.#operations()).verify(options);
  }

  async pull(from: RepoAddress, options: SyncOptions = {}): Promise<SyncReport> {
    const report = await (await this.#operations()).pull(from, options);
    await loadAhead(); // the copy may be meant for offline use
    return report;
  }

  async push(to: RepoAddress, options: SyncOptions = {}): Promise<SyncReport> {
    return (await this.#operations()).push(to, options);
  }

  async publish(options: PublishOptions = {}): Promise<PublishReport> {
    return (await this.#operations()).publish(options);
  }

  async send(options: CallOptions = {}): Promise<SendReport> {
    return (await this.#operations()).send(options);
  }

  async status(): Promise<RepoStatus> {
    return (await this.#operations()).status();
  }

  async forget(options: ForgetOptions = {}): Promise<void> {
    try {
      await (await this.#operations()).forget(options, () => this.#end());
    } finally {
      if (this.#closing.signal.aborted) this.#store.close?.();
    }
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#end();
    this.#store.close?.();
  }

  #end(): void {
    this.#closing.abort(new LakotaError("closed", `The repo ${this.uri} was closed.`));
  }

  #operations(): Promise<RepoOperations> {
    if (!this.#loading) {
      const loading = operations().then(
        ({ RepoOperations }) =>
          new RepoOperations(this.#peer, this.#context, (address) => this.#openPeer(address)),
      );
      this.#loading = loading;
      loading.catch(() => {
        this.#loading = undefined; // the next call loads again
      });
    }
    return this.#loading;
  }

  async #openPeer(address: RepoAddress): Promise<OpenPeer> {
    const { concurrency, source, warn: onWarning } = this.#context;
    const { allowUnverified } = source.chunks;
    const options = { concurrency, allowUnverified, onWarning, openStore: this.#openStore };
    const other = new EngineRepo(await this.#openStore(address), this.#decode, options);
    return { peer: other.#peer, close: () => other.close() };
  }

  get #peer(): SyncPeer {
    const { changed } = this.#context;
    return { store: this.#store, registry: this.#registry, decode: this.#decode, changed };
  }
}
