import type { ColumnTypes } from "../column-types.ts";
import type { Schema } from "../schema.ts";
import type { Collection } from "./collection.ts";
import type { GcOptions, GcReport, VerifyOptions, VerifyReport } from "./maintenance.ts";
import type { CallOptions, ChangeOptions, DryRunOptions, StaleOptions } from "./options.ts";
import type {
  PublishOptions,
  PublishReport,
  RepoAddress,
  SendReport,
  SyncOptions,
  SyncReport,
} from "./sync.ts";
import type { TableKind } from "./table-kind.ts";
import type { CollectionOf } from "./typed.ts";
import type { ColumnsOf } from "./typed-frame.ts";

/** What {@link Repo.delete} removed; of a dry run, what it would remove. */
export interface DeleteReport {
  /** Revisions of the collection. */
  readonly revisions: number;
  /** Bytes of their files. Chunks are not counted: {@link Repo.gc} frees them. */
  readonly bytes: number;
}

/** Options of {@link Repo.rename}. */
export interface RenameOptions extends DryRunOptions, ChangeOptions {}

/** What {@link Repo.rename} did. */
export interface RenameReport {
  /** The old name. */
  readonly label: string;
  /** The new name, without surrounding white space. */
  readonly to: string;
  /** Id of the registry's revision. Undefined for a dry run, and where both names are the same. */
  readonly revision: string | undefined;
}

/** Options of {@link Repo.clone}. */
export interface CloneOptions extends ChangeOptions {
  /**
   * Schema of the clone. Default: that of the original. Columns that it lacks are left out; those that both
   * have must have the same type, codecs and index mark; index columns can be neither left out nor added.
   */
  schema?: Schema;
  /** New names of columns, by old name. Default: none is renamed. */
  rename?: Readonly<Record<string, string>>;
  /** The value of each row in new columns, by column name. Default: 0, `""` or false. */
  defaults?: Readonly<Record<string, unknown>>;
  /** How the clone stores its table of segments. Default: as the original. */
  table?: TableKind;
}

/** Options of {@link Repo.createCollection}. */
export interface CreateCollectionOptions extends CallOptions {
  /** How the collection stores its table of segments. Cannot be changed later, but {@link Repo.clone} can. Default: `flat`. */
  table?: TableKind;
}

/** What a clone would be: what {@link Repo.clone} returns for a dry run. */
export interface CloneReport {
  /** The collection to be cloned. */
  readonly label: string;
  /** Name of the clone. */
  readonly to: string;
  /** Series in the clone. */
  readonly series: number;
  /** Segments in the clone. */
  readonly segments: number;
  /** Names of new columns. */
  readonly added: readonly string[];
  /** Encoded bytes of the chunks of new columns. */
  readonly bytes: number;
  /** Names, in the original, of columns that are left out. */
  readonly omitted: readonly string[];
  /**
   * Chunks that both collections would refer to, including those embedded in commits, and their encoded
   * bytes.
   */
  readonly shared: { readonly chunks: number; readonly bytes: number };
}

/** Options of {@link Repo.collection}. */
export interface OpenCollectionOptions extends CallOptions {
  /**
   * Returns the collection at once, without a request, if an earlier visit knew it. It is confirmed together with the
   * first listing; all calls on it wait for that (though not their `onStale`), and fail with `not-found` if it was deleted
   * or replaced. Default: false.
   */
  allowStale?: boolean;
}

/** Options of {@link Repo.forget}. */
export interface ForgetOptions extends CallOptions {
  /**
   * Whether to discard what was written without a network and is not sent yet. Default: false; if there is any,
   * the call fails with `conflict`.
   */
  discardPending?: boolean;
}

/** Where the bytes of a repo came from since it was opened. Counts are 0 for a store without a cache. */
export interface RepoStatus {
  /** Encoded bytes received from the network. */
  fetched: number;
  /** Encoded bytes read from the cache. */
  cached: number;
  /** Requests made to the store behind the cache. */
  requests: number;
  /** Bytes in the cache on this device. */
  kept: number;
  /** Of these, bytes exempt from eviction: pinned, or not sent yet. */
  pinned: number;
  /** Files written without a network that are not sent yet: see the option `writeOffline`. */
  waiting: number;
  /** Whether the last request to the store succeeded, and the device has a network as far as it knows. */
  online: boolean;
  /** Time of the cached listings, or pinned series, that are used because the store cannot be reached. */
  staleSince: Date | undefined;
}

/**
 * One storage location: a registry and its collections.
 *
 * All methods that return a promise may also fail with `aborted`, `closed`, `crashed`, `corrupt`, and the
 * store's errors: `forbidden`, `network`, `offline`, `quota`, and on a web host `not-found` where it has no
 * published index. Those that change the repo fail with `unsupported` on a read-only host.
 */
export interface Repo {
  /** The URI of its store. Of stacked stores, that of the last one. */
  readonly uri: string;
  /**
   * Returns the labels of its collections, sorted by code point.
   *
   * @example
   * for (const label of await repo.ls()) console.log(label);
   */
  ls(options?: StaleOptions<string[]>): Promise<string[]>;
  /**
   * Opens a collection. With the type of its schema, the type checker knows its columns.
   *
   * @throws `not-found`, naming the collections that exist
   * @example
   * const schema = new Schema({ timestamp: "timestamp*", value: "float" });
   * const collection = await repo.collection<typeof schema>("temperature");
   */
  collection<S extends Schema = Schema>(
    label: string,
    options?: OpenCollectionOptions,
  ): Promise<CollectionOf<ColumnsOf<S>>>;
  /**
   * Creates a collection, or opens the one that has this name and the same schema. White space around the
   * name is removed.
   *
   * @throws `exists` where the name is taken by a collection with another schema; `unsupported-codec` or `invalid-schema`
   * for codecs that this library lacks, or that cannot hold the column; `invalid-argument` for an empty name
   * @example
   * const schema = new Schema({ timestamp: "timestamp*", value: "float" });
   * const collection = await repo.createCollection(schema, "temperature");
   */
  createCollection<C extends ColumnTypes>(
    schema: Schema<C>,
    label: string,
    options?: CreateCollectionOptions,
  ): Promise<CollectionOf<C>>;
  /**
   * Renames a collection. Only the registry changes; the collection's files stay where they are.
   *
   * @throws `not-found`; `exists` where there is a collection `to`, or another writer creates it at the same time; `conflict` where
   * another writer renames the collection at the same time; `invalid-argument` for an empty name
   * @example
   * await repo.rename("temperature", "weather", { note: { author: "Ada" } });
   */
  rename(label: string, to: string, options?: RenameOptions): Promise<RenameReport>;
  /**
   * Deletes a collection with its history. Its chunks stay until {@link gc}.
   *
   * @throws `not-found`
   * @example
   * const { revisions } = await repo.delete("temperature", { dryRun: true });
   */
  delete(label: string, options?: DryRunOptions): Promise<DeleteReport>;
  /**
   * Creates a collection with the current rows of another one. It shares the other's chunks, and has no
   * history. A dry run makes all checks, creates nothing, and returns a {@link CloneReport}.
   *
   * @throws `not-found`, `exists`, `invalid-schema`, `unsupported-codec`; `invalid-argument` for a column that does not exist or
   * an empty name; `invalid-frame` for a default that its column cannot hold
   * @example
   * const { shared, added } = await repo.clone("temperature", "copy", { schema, dryRun: true });
   * const copy = await repo.clone("temperature", "copy", { schema });
   */
  clone(label: string, to: string, options: CloneOptions & { dryRun: true }): Promise<CloneReport>;
  clone(label: string, to: string, options?: CloneOptions & { dryRun?: false }): Promise<Collection>;
  clone(label: string, to: string, options: CloneOptions & DryRunOptions): Promise<Collection | CloneReport>;
  /**
   * Removes chunks that no revision refers to, in two steps, so that concurrent writers lose nothing: one
   * garbage collection sets them aside, and one that runs more than `grace` later deletes them. A writer must
   * take less than `grace` from its first chunk to the commit. Also deletes the overviews of earlier
   * states, and pages that the published index no longer names (not counted).
   *
   * @throws `corrupt` where a revision is damaged: then nothing is removed
   * @example
   * const { setAside, deleted } = await repo.gc();
   * console.log(deleted.bytes); // freed now; those of `setAside` by a later call
   */
  gc(options?: GcOptions): Promise<GcReport>;
  /**
   * Reads all revisions, all chunks that they refer to, the published index and the overviews, from the store and not from
   * a cache, and reports what is missing or corrupt, and apart from that what Python wrote in a way that cannot
   * be verified. Changes nothing. Damage is no error: it is in the report.
   *
   * @throws `not-found` for a label that does not exist
   * @example
   * const { problems } = await repo.verify();
   * for (const { message } of problems) console.error(message);
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /**
   * Copies the revisions and chunks of another repo that this one lacks, and checks them. Both histories
   * stay; where both repos have new revisions, both have heads until the next write or `Collection.merge`.
   * What was copied before an error or abort is not copied again.
   *
   * @throws `not-found` for a label that does not exist; `conflict` where both repos created a collection of
   * one name; `corrupt` for a file that is damaged or missing; `invalid-argument` or `unsupported` for an
   * address
   * @example
   * await repo.pull("s3://bucket/weather", { labels: ["temperature"], shallow: true });
   */
  pull(from: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /**
   * Copies the revisions and chunks of this repo that another one lacks: {@link pull} in the other direction.
   *
   * @throws as `pull`
   * @example
   * await repo.push({ uri: "s3://bucket/weather", region: "eu-west-1", credentials });
   */
  push(to: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /**
   * Writes an index into the repo, with which a plain web host can serve it: `connect("https://host/folder")`
   * then lists it with one request. Once it exists, every write through this library renews it. Writers in
   * Python do not, so publish after them. Hosts and CDNs must revalidate it (`Cache-Control: no-cache`); all
   * other files never change.
   *
   * With the option `overviews`, it first makes overviews: about 1 % of the bytes of the chunks, from which the first
   * chart of a long series is drawn with a few requests, and few rows are read without whole chunks. Every write through this library then keeps them up.
   *
   * @throws `unsupported` for a store that cannot list its files, such as a web host
   * @example
   * await repo.publish({ overviews: true });
   */
  publish(options?: PublishOptions): Promise<PublishReport>;
  /**
   * Sends files that were written without a network (option `writeOffline`), and merges them with what others
   * wrote in the meantime. This also happens in the background once there is a network; conflicts are then
   * warnings.
   *
   * @throws the store's errors; files that were not sent stay pending
   * @example
   * const { sent, waiting, conflicts } = await repo.send();
   */
  send(options?: CallOptions): Promise<SendReport>;
  /**
   * Returns counts of bytes and requests since the repo was opened, and whether the store can be reached.
   *
   * @example
   * const { online, waiting, staleSince } = await repo.status();
   */
  status(): Promise<RepoStatus>;
  /**
   * Removes what this device keeps of the repo: cached files and listings, pins, and pending writes. For a logout.
   * The repo itself stays as it is, also where it is on this device (`indexeddb://`, a folder).
   *
   * Ends all pending calls, and all later ones, with `closed`; open the repo again to use it. Where other tabs have it
   * open, these still read it from the network and from their memory, but store nothing on the device any more until
   * they open it again. A call that fails with another code than `conflict` or `aborted` may have removed only a part:
   * open the repo and call it again.
   *
   * @throws `conflict` where files wait to be sent, and `discardPending` is not set; `unsupported` for stacked stores
   *   whose nearest one has no quota, as it may be a repo
   * @example
   * await repo.send();
   * await repo.forget();
   * repo.close();
   */
  forget(options?: ForgetOptions): Promise<void>;
  /** Ends all pending calls with `closed`, and frees workers and connections. */
  close(): void;
}
