import type { Batch, Collection, PinOptions } from "../../model/api/collection.ts";
import type { Change, DiffOptions, RangeChange, RevisionRef, WatchOptions } from "../../model/api/history.ts";
import type { CallOptions, ChangeOptions, DryRunOptions } from "../../model/api/options.ts";
import type { PageOptions } from "../../model/api/read.ts";
import type { CloneOptions, CloneReport, OpenCollectionOptions, Repo } from "../../model/api/repo.ts";
import type { FrameInput, Series, WriteOptions } from "../../model/api/series.ts";
import type { RepoAddress, SyncOptions } from "../../model/api/sync.ts";
import { asLakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { unpackResult } from "../protocol/frames.ts";
import type { CollectionInfo, CollectionRef, SeriesRef } from "../protocol/messages.ts";
import { Connection } from "./connection.ts";
import type { ConnectOptions } from "./options.ts";
import { forwarding, lazy, RemoteObject } from "./remote-object.ts";

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
  const connection = new Connection(uri, options);
  try {
    if (options.writeOffline) await lazy();
    return new ClientRepo(connection, await connection.open());
  } catch (error) {
    connection.close(String(uri));
    const failure = asLakotaError(error, "crashed");
    if (failure.code !== "crashed") throw failure;
    throw await lazy().then(
      ({ explainCrash }) => explainCrash(failure, options.worker !== undefined),
      () => failure,
    );
  }
}

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

class ClientRepo extends RepoHandle implements Repo {
  readonly uri: string;

  constructor(connection: Connection, uri: string) {
    super(connection, { on: "repo" });
    this.uri = uri;
  }

  async collection(label: string, options?: OpenCollectionOptions) {
    const args = { label, allowStale: options?.allowStale };
    return this.#open(await this.connection.call("collection", args, options));
  }

  async createCollection(schema: Schema, label: string, options?: CallOptions) {
    const args = { schema: schema.dump(), label };
    return this.#open(await this.connection.call("createCollection", args, options));
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

  #open(info: CollectionInfo): Collection {
    return new ClientCollection(this.connection, info);
  }
}

const CollectionHandle = forwarding<"collection">()({
  ls: 0,
  log: 0,
  trim: 0,
  merge: 0,
  defrag: 0,
  pinned: 0,
  refresh: 0,
  drop: 1,
  unpin: 1,
  revert: 1,
  rename: 2,
});

class ClientCollection extends CollectionHandle implements Collection {
  readonly label: string;
  readonly schema: Schema;
  readonly #ref: CollectionRef;

  constructor(connection: Connection, { label, path, schema }: CollectionInfo) {
    const ref = { label, path };
    super(connection, { on: "collection", ref });
    this.label = label;
    this.schema = Schema.load(schema);
    this.#ref = ref;
  }

  async pin(options?: PinOptions) {
    await lazy().catch(() => undefined); // so that every method works offline from then on
    return this.invoke("pin", [], options);
  }

  series(label: string): Series {
    return new ClientSeries(this, { collection: this.#ref, label });
  }

  async diff(from: RevisionRef, to: RevisionRef, options: DiffOptions = {}): Promise<RangeChange[]> {
    const call = this.invocation<[RevisionRef, RevisionRef]>("diff", [from, to], options);
    return (await lazy()).diff(this.connection, call, options, unpackResult);
  }

  watch(listener: (change: Change) => void, options: WatchOptions = {}, label?: string) {
    const ending = new AbortController();
    lazy().then(({ watch }) => watch(this, listener, options, label, ending.signal), options.onError);
    return () => ending.abort();
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    const { connection } = this;
    const { batch } = await lazy();
    const call = this.invocation<[]>("batch", [], options);
    const handles = {
      batch: (batch: number) => new RemoteObject(connection, { on: "batch", batch }),
      series: (batch: number, label: string) =>
        new RemoteObject(connection, { on: "batchSeries", batch, label }),
    };
    return batch(connection, call, work, handles, options.signal);
  }
}

const SeriesHandle = forwarding<"series">()({
  read: 0,
  length: 0,
  reduce: 0,
  delete: 0,
  downsample: 0,
  tail: 1,
});

class ClientSeries extends SeriesHandle implements Series {
  readonly label: string;
  readonly #collection: ClientCollection;

  constructor(collection: ClientCollection, ref: SeriesRef) {
    super(collection.connection, { on: "series", ref });
    this.label = ref.label;
    this.#collection = collection;
  }

  async *pages(options?: PageOptions) {
    const call = this.invocation("pages", [], options);
    yield* (await lazy()).pages(this.connection, call, options, unpackResult);
  }

  async write(frame: FrameInput, options?: WriteOptions) {
    return (await lazy()).send(this, "write", frame, options);
  }

  async update(frame: FrameInput, options?: ChangeOptions) {
    return (await lazy()).send(this, "update", frame, options);
  }

  watch(listener: (change: Change) => void, options?: WatchOptions) {
    return this.#collection.watch(listener, options, this.label);
  }
}
