import { watching } from "../../async/change-iterator.ts";
import type { Batch, Collection, PinOptions } from "../../model/api/collection.ts";
import type {
  Change,
  ChangeListener,
  DiffOptions,
  RangeChange,
  RevisionRef,
  WatchOptions,
} from "../../model/api/history.ts";
import type { ChangeOptions, DryRunOptions } from "../../model/api/options.ts";
import type { PageOptions } from "../../model/api/read.ts";
import type {
  CloneOptions,
  CloneReport,
  CreateCollectionOptions,
  OpenCollectionOptions,
  Repo,
} from "../../model/api/repo.ts";
import type { FrameInput, Series, WriteOptions } from "../../model/api/series.ts";
import type { RepoAddress, SyncOptions } from "../../model/api/sync.ts";
import type { CollectionOf } from "../../model/api/typed.ts";
import type { ColumnsOf } from "../../model/api/typed-frame.ts";
import { checkLabel } from "../../model/check-label.ts";
import type { ColumnTypes } from "../../model/column-types.ts";
import { asLakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import type { CollectionInfo, SeriesRef } from "../protocol/messages.ts";
import { Connection } from "./connection.ts";
import type { ConnectOptions } from "./options.ts";
import { forwarding } from "./remote-object.ts";

/**
 * Opens a repository whose work is done in a dedicated worker: `s3://bucket/prefix`, `https://host/folder`,
 * `indexeddb://name`, `memory://`. An array of URIs stacks stores, the nearest first. Nothing is fetched
 * before the first call.
 *
 * If the worker crashes, pending calls reject with `crashed`, and the next call starts a new worker. The
 * contents of `memory://` are then lost.
 *
 * @throws `invalid-argument` for an invalid URI; `crashed` if the worker cannot be started;
 * `unsupported` where there are no web workers, as in Node.
 * @example
 * const repo = await connect("s3://weather/v1", { region: "eu-west-1", credentials });
 * const frame = await (await repo.collection("temperature")).series("Brussels").tail(100);
 */
export async function connect(uri: string | readonly string[], options: ConnectOptions = {}): Promise<Repo> {
  let connection: Connection | undefined;
  try {
    connection = new Connection(uri, options);
    if (options.writeOffline) await lazy();
    return new ClientRepo(connection, await connection.open());
  } catch (error) {
    connection?.close("");
    throw await lazy().then(
      ({ explainConnect }) => explainConnect(uri, options, error),
      () => asLakotaError(error, "crashed"),
    );
  }
}

/** Loads the parts of the client that a page which only reads does not need. @throws `network` */
const lazy = () =>
  import("./client-lazy.ts").catch((cause) => {
    throw asLakotaError(cause, "network", "Code that this call needs cannot be loaded");
  });

const RepoHandle = forwarding<"repo">()({
  ls: 0,
  gc: 0,
  send: 0,
  forget: 0,
  verify: 0,
  status: 0,
  publish: 0,
  push: 1,
  delete: 1,
  rename: 2,
});

// Minifiers change the names of classes, but not these.

class ClientRepo extends RepoHandle implements Repo {
  static override readonly name = "Repo";
  readonly uri: string;

  constructor(connection: Connection, uri: string) {
    super(connection, { on: "repo" });
    this.uri = uri;
  }

  async collection<S extends Schema = Schema>(label: string, options?: OpenCollectionOptions) {
    return this.#open<ColumnsOf<S>>(await this.connection.call("collection", label, options));
  }

  async createCollection<C extends ColumnTypes>(
    schema: Schema<C>,
    label: string,
    options?: CreateCollectionOptions,
  ) {
    return this.#open<C>(await (await lazy()).createCollection(this.connection, schema, label, options));
  }

  clone(label: string, to: string, options: CloneOptions & { dryRun: true }): Promise<CloneReport>;
  clone(label: string, to: string, options?: CloneOptions & { dryRun?: false }): Promise<Collection>;
  clone(label: string, to: string, options: CloneOptions & DryRunOptions): Promise<Collection | CloneReport>;
  async clone(label: string, to: string, options?: CloneOptions & DryRunOptions) {
    const result = await (await lazy()).clone(this.connection, label, to, options);
    return "schema" in result ? this.#open(result) : result;
  }

  async pull(from: RepoAddress, options?: SyncOptions) {
    await lazy(); // so that writing works offline from then on
    return this.invoke("pull", [from], options);
  }

  close(): void {
    this.connection.close(this.uri);
  }

  #open<C extends ColumnTypes>(info: CollectionInfo): CollectionOf<C> {
    const collection: Collection = new ClientCollection(this.connection, info);
    return collection as CollectionOf<C>; // the caller names its schema
  }
}

const CollectionHandle = forwarding<"collection">()({
  ls: 0,
  log: 0,
  info: 0,
  has: 1,
  downsample: 0,
  read: 1,
  trim: 0,
  merge: 0,
  defrag: 0,
  pinned: 0,
  refresh: 0,
  drop: 1,
  unpin: 1,
  describe: 1,
  revert: 1,
  rename: 2,
});

class ClientCollection extends CollectionHandle implements Collection {
  static override readonly name = "Collection";
  readonly label: string;
  readonly schema: Schema;

  constructor(connection: Connection, { label, path, schema }: CollectionInfo) {
    super(connection, { on: "collection", ref: { label, path } });
    this.label = label;
    this.schema = Schema.load(schema);
  }

  async pin(options?: PinOptions) {
    await lazy().catch(() => undefined); // so that every method works offline from then on
    return this.invoke("pin", [], options);
  }

  series(label: string): Series {
    return new ClientSeries(this, { collection: this.target.ref, label: checkLabel(label) });
  }

  async diff(from: RevisionRef, to: RevisionRef, options?: DiffOptions): Promise<RangeChange[]> {
    return (await lazy()).diff(this, from, to, options);
  }

  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
  watch(first?: ChangeListener | WatchOptions, options?: WatchOptions) {
    return this.watchSeries(first, options);
  }

  /** Like {@link watch}, for the series with a label if there is one. */
  watchSeries(first?: ChangeListener | WatchOptions, own?: WatchOptions, label?: string) {
    return watching(async (...how) => (await lazy()).watch(this, first, own, label, ...how), first, own);
  }

  async batch(work: (batch: Batch) => Promise<unknown>, options?: ChangeOptions) {
    return (await lazy()).batch(this, work, options);
  }
}

const SeriesHandle = forwarding<"series">()({
  read: 0,
  info: 0,
  length: 0,
  reduce: 0,
  delete: 0,
  downsample: 0,
  describe: 1,
  tail: 1,
});

class ClientSeries extends SeriesHandle implements Series {
  static override readonly name = "Series";
  readonly label: string;
  readonly #collection: ClientCollection;

  constructor(collection: ClientCollection, ref: SeriesRef) {
    super(collection.connection, { on: "series", ref });
    this.label = ref.label;
    this.#collection = collection;
  }

  async *pages(options?: PageOptions) {
    yield* (await lazy()).pages(this, options);
  }

  async write(frame: FrameInput, options?: WriteOptions) {
    return (await lazy()).send(this, "write", frame, options);
  }

  async update(frame: FrameInput, options?: ChangeOptions) {
    return (await lazy()).send(this, "update", frame, options);
  }

  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
  watch(first?: ChangeListener | WatchOptions, options?: WatchOptions) {
    return this.#collection.watchSeries(first, options, this.label);
  }
}
