import type { PollOptions, PollResult } from "../../async/poll.ts";
import type { Batch, Collection } from "../../model/api/collection.ts";
import type { DiffOptions, RangeChange, RevisionRef } from "../../model/api/history.ts";
import type { GcProgress, VerifyProgress } from "../../model/api/maintenance.ts";
import type { ChangeOptions, ChangeReport, DryRunOptions } from "../../model/api/options.ts";
import type { PageOptions, ReadProgress } from "../../model/api/read.ts";
import type {
  CloneOptions,
  CloneReport,
  CreateCollectionOptions,
  OpenCollectionOptions,
  Repo,
} from "../../model/api/repo.ts";
import type { Series } from "../../model/api/series.ts";
import type { SyncProgress } from "../../model/api/sync.ts";
import type { Credentials } from "../../model/credentials.ts";
import type { Frame } from "../../model/frame.ts";
import type { SchemaDump } from "../../model/schema.ts";
import type { WireError } from "./errors.ts";
import type { WireFrame, WireResult } from "./frames.ts";
import type { WireInput } from "./input-frames.ts";
import type { CallbackName, WireOptions } from "./options.ts";

/** Identifies a collection: its label, and the folder that it had when the client opened it. */
export interface CollectionRef {
  label: string;
  path: string;
}

export interface CollectionInfo extends CollectionRef {
  schema: SchemaDump;
}

export interface SeriesRef {
  collection: CollectionRef;
  label: string;
}

/** A collection, with the method on which `watch` is built. */
export interface RemoteCollection extends Collection {
  nextChange(since: readonly string[] | undefined, options: PollOptions): Promise<PollResult>;
}

/** The object on which a method is invoked. */
export type Target =
  | { on: "repo" }
  | { on: "collection"; ref: CollectionRef }
  | { on: "series"; ref: SeriesRef }
  | { on: "batch"; batch: number }
  | { on: "batchSeries"; batch: number; label: string };

/**
 * Methods that are invoked by name. Their last argument is options; the other arguments and the result are
 * sent as they are, except for frames.
 */
export interface RemoteMethods {
  repo: Pick<
    Repo,
    "ls" | "status" | "rename" | "delete" | "gc" | "verify" | "pull" | "push" | "publish" | "send" | "forget"
  >;
  collection: Pick<
    RemoteCollection,
    | "ls"
    | "has"
    | "read"
    | "info"
    | "describe"
    | "downsample"
    | "log"
    | "refresh"
    | "drop"
    | "rename"
    | "revert"
    | "merge"
    | "trim"
    | "defrag"
    | "pin"
    | "unpin"
    | "pinned"
    | "nextChange"
  >;
  series: Pick<
    Series,
    "read" | "tail" | "length" | "reduce" | "downsample" | "info" | "describe" | "write" | "update" | "delete"
  >;
  batch: Pick<Batch, "drop" | "rename">;
  batchSeries: Pick<Series, "write" | "update" | "delete">;
}

export interface Invocation {
  target: Target;
  method: string;
  /** Arguments before the options, except for rows to write. */
  args: readonly unknown[];
  /** Rows to write: the first argument. */
  rows?: WireInput | undefined;
}

export type Progress = ReadProgress | GcProgress | SyncProgress | VerifyProgress;

/** A {@link RangeChange} as it is sent. */
export interface WireChange extends Omit<RangeChange, "rows"> {
  rows?: { removed: WireFrame; added: WireFrame } | undefined;
}

interface Signature<Args, Result, Options extends CallControls = CallControls> {
  args: Args;
  result: Result;
  options: Options;
}

/** Per-call controls that are not serialised: "cancel", "progress" and "stale" messages take their place. */
export interface CallControls {
  signal?: AbortSignal;
  /** Declared as a method for bivariance, so callbacks for a narrower progress type are accepted. */
  onProgress?(progress: Progress): void;
  /** As {@link StaleOptions.onStale}. */
  onStale?(known: unknown): void;
}

/** Options as they are sent. */
export type WithoutControls<Options> = Omit<Options, keyof CallControls>;

/** All calls from the client to the worker. `batch` and `pages` are ids that the client has chosen. */
export interface Calls {
  /** Opens the repo; the first call to a worker. Returns the repo's URI. */
  open: Signature<OpenArgs, string>;
  invoke: Signature<Invocation, unknown>;
  collection: Signature<string, CollectionInfo, OpenCollectionOptions>;
  createCollection: Signature<{ schema: SchemaDump; label: string }, CollectionInfo, CreateCollectionOptions>;
  clone: Signature<
    { label: string; to: string; schema: SchemaDump | undefined },
    CollectionInfo | CloneReport,
    Omit<CloneOptions & DryRunOptions, "schema">
  >;
  diff: Signature<{ ref: CollectionRef; from: RevisionRef; to: RevisionRef }, WireChange[], DiffOptions>;
  beginBatch: Signature<{ batch: number; collection: CollectionRef }, void, ChangeOptions>;
  commitBatch: Signature<number, ChangeReport | undefined>;
  openPages: Signature<SeriesRef & { pages: number }, void, PageOptions>;
  /** Returns the next page of rows; undefined after the last. */
  nextPage: Signature<number, Frame | undefined>;
}

export type CallName = keyof Calls;

export interface OpenArgs {
  uri: string | readonly string[];
  options: WireOptions;
}

/** Replied to by "result" or "error", and by "progress" and "stale" before that. */
export interface CallMessage<Name extends CallName = CallName> {
  kind: "call";
  id: number;
  name: Name;
  args: Calls[Name]["args"];
  options: WithoutControls<Calls[Name]["options"]>;
  /** Whether to send "progress" messages. */
  progress: boolean;
  /** Whether to send a "stale" message. */
  stale: boolean;
}

/** All callbacks: calls from the worker to the client. */
export interface Callbacks {
  credentials: Signature<undefined, Credentials>;
  sign: Signature<WireRequest, WireRequest>;
}

/** Replied to by "callbackResult" or "callbackError". */
export interface CallbackMessage<Name extends CallbackName = CallbackName> {
  kind: "callback";
  id: number;
  name: Name;
  args: Callbacks[Name]["args"];
}

/** An HTTP request as it is sent between threads. Requests that are signed have no body. */
export interface WireRequest {
  method: string;
  url: string;
  headers: [name: string, value: string][];
}

/** From the client to the worker. */
export type ToWorker =
  | CallMessage
  | { kind: "cancel"; id: number }
  /** Ends a batch, which is discarded unless it was committed, or an iteration over pages. */
  | { kind: "end"; id: number }
  | { kind: "callbackResult"; id: number; result: Callbacks[CallbackName]["result"] }
  | { kind: "callbackError"; id: number; error: WireError }
  | { kind: "close" };

/** From the worker to the client. */
export type FromWorker =
  /** Without `result`, it is what the "stale" message had. */
  | { kind: "result"; id: number; result?: WireResult }
  | { kind: "error"; id: number; error: WireError }
  | { kind: "progress"; id: number; value: Progress }
  | { kind: "stale"; id: number; value: WireResult }
  | CallbackMessage
  | { kind: "warning"; message: string }
  | { kind: "closed" };
