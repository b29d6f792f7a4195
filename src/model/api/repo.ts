import type { Schema } from "../schema.ts";
import type { Collection } from "./collection.ts";
import type { GcOptions, GcReport, VerifyOptions, VerifyReport } from "./maintenance.ts";
import type { CallOptions, ChangeOptions, DryRunOptions } from "./options.ts";
import type { PublishReport, RepoAddress, SendReport, SyncOptions, SyncReport } from "./sync.ts";

export interface DeleteReport {
  readonly revisions: number;
  readonly bytes: number;
}

export interface RenameOptions extends DryRunOptions, ChangeOptions {}

/** What {@link Repo.rename} did. */
export interface RenameReport {
  readonly label: string;
  /** Its new name, without blanks around it. */
  readonly to: string;
  /** The revision of the registry that says so; undefined for a dry run, and where both names are the same. Nothing is freed. */
  readonly revision: string | undefined;
}

export interface CloneOptions extends ChangeOptions {
  /** The clone's schema. Default: the same. Columns that it lacks are left out. Columns have to keep their types. */
  schema?: Schema;
  /** Old name of a column to its new one. */
  rename?: Readonly<Record<string, string>>;
  /** What columns that are new are filled with. Default: 0, `""` or false. */
  defaults?: Readonly<Record<string, unknown>>;
}

/** What a clone would be: the answer to a dry run. */
export interface CloneReport {
  readonly label: string;
  readonly to: string;
  readonly series: number;
  readonly segments: number;
  /** Columns that are new. */
  readonly added: readonly string[];
  /** Encoded bytes of the chunks that these would get. */
  readonly bytes: number;
  /** Columns that are left out, by the names that they have. */
  readonly omitted: readonly string[];
  /** Chunks that both would refer to, those that commits hold included, and their bytes. */
  readonly shared: { readonly chunks: number; readonly bytes: number };
}

/** Where the bytes of a repo came from since it was opened. All zero for a store that needs no cache. */
export interface RepoStatus {
  /** Encoded bytes from the network. */
  fetched: number;
  /** Encoded bytes from the cache. */
  cached: number;
  /** Requests made to the store behind the cache. */
  requests: number;
  /** Bytes that the cache keeps on this device. */
  kept: number;
  /** Of these, bytes that are pinned, or wait to be sent. */
  pinned: number;
  /** Files that were written without a network and wait to be sent: see the option `writeOffline`. */
  waiting: number;
  /** Whether the store answered when it was last asked, and the device has a network as far as it knows. */
  online: boolean;
  /** Since when listings, or pinned series, are answered from the cache because the store cannot be reached. */
  staleSince: Date | undefined;
}

/** One storage location: a registry and its collections. */
export interface Repo {
  readonly uri: string;
  /** Labels of its collections, sorted by code point. */
  ls(options?: CallOptions): Promise<string[]>;
  /** @throws `not-found`, naming the collections that there are. */
  collection(label: string, options?: CallOptions): Promise<Collection>;
  /**
   * Makes a collection. One of this name with the same schema is returned as it is.
   *
   * @throws `exists` where the name is taken by another schema; `invalid-argument` for an empty name.
   */
  createCollection(schema: Schema, label: string, options?: CallOptions): Promise<Collection>;
  /** Renames a collection; its files stay where they are. @throws `not-found`; `exists` where `to` is taken. */
  rename(label: string, to: string, options?: RenameOptions): Promise<RenameReport>;
  /** Removes a collection and its history. Its chunks are freed by {@link gc}. @throws `not-found` */
  delete(label: string, options?: DryRunOptions): Promise<DeleteReport>;
  /**
   * Makes a collection with the current rows of another one, sharing its chunks. A dry run checks all that the clone
   * checks, makes nothing, and answers what it would be.
   *
   * @throws `not-found`, `exists`, `invalid-schema`; `invalid-argument` for a column that is not there; `invalid-frame` for
   * a default that its column cannot hold
   * @example
   * const { shared, added } = await repo.clone("temperature", "copy", { schema, dryRun: true });
   * const copy = await repo.clone("temperature", "copy", { schema });
   */
  clone(label: string, to: string, options: CloneOptions & { dryRun: true }): Promise<CloneReport>;
  clone(label: string, to: string, options?: CloneOptions & { dryRun?: false }): Promise<Collection>;
  clone(label: string, to: string, options: CloneOptions & DryRunOptions): Promise<Collection | CloneReport>;
  /**
   * Removes chunks that no revision refers to, in two steps, so that writers who are at work lose nothing: a first
   * collection sets them aside, one after `grace` deletes them.
   */
  gc(options?: GcOptions): Promise<GcReport>;
  /**
   * Reads all that revisions refer to, from the store and not from a cache, and tells what is missing or corrupt: revisions, the chunks
   * of all of them, and the published index. Changes nothing.
   *
   * @throws `not-found` for a label; the store's errors. Damage is no error: it is in the report.
   * @example
   * const { problems } = await repo.verify();
   * for (const { message } of problems) console.error(message);
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>;
  /**
   * Copies what this repo lacks of another one, revisions and chunks. Both histories stay; where both have moved on,
   * heads of both are seen until the next write or `merge()`. What was copied before an error or abort is not
   * copied again.
   *
   * @throws `not-found` for a label; `conflict` where both have made a collection of one name; `corrupt`
   * @example
   * await repo.pull("s3://bucket/weather", { labels: ["temperature"], shallow: true });
   */
  pull(from: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /** As {@link pull}, the other way. */
  push(to: RepoAddress, options?: SyncOptions): Promise<SyncReport>;
  /**
   * Writes an index beside the repo, with which a plain web host can serve it: `connect("https://host/folder")` then
   * takes one request. Once it is there, every write through this library renews it; writers in Python do not, so publish
   * after them. Let hosts and CDNs ask for it anew (`Cache-Control: no-cache`); all other files never change.
   */
  publish(options?: CallOptions): Promise<PublishReport>;
  /**
   * Sends what was written without a network (option `writeOffline`), and merges it with what others wrote
   * meanwhile. This also happens by itself once there is a network; then conflicts are told as warnings.
   *
   * @throws the store's errors; what was not sent waits on
   */
  send(options?: CallOptions): Promise<SendReport>;
  status(): Promise<RepoStatus>;
  /** Ends all pending calls with `closed` and frees workers and connections. */
  close(): void;
}
