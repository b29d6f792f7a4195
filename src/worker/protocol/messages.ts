import type {
  Batch,
  CloneOptions,
  CloneReport,
  Collection,
  DiffOptions,
  DryRunOptions,
  GcProgress,
  PageOptions,
  RangeChange,
  ReadOptions,
  ReadProgress,
  ReduceOptions,
  Repo,
  RevisionRef,
  Series,
  SyncProgress,
  VerifyProgress,
} from "../../model/api.ts";
import type { SchemaDump } from "../../model/schema.ts";
import type { News } from "../../model/watch.ts";
import type { Credentials } from "../../stores/s3/s3-store.ts";
import type { CallbackName, WireOptions } from "../client/options.ts";
import type { WireError } from "./errors.ts";
import type { WireFrame, WireInput } from "./frames.ts";

/** A collection, by its name and the folder that it had when it was opened. */
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

/** What the methods of a collection are, and one more, which watching is made of. */
export interface WatchedCollection extends Collection {
  nextChange(
    since: readonly string[] | undefined,
    options: { every: number; label?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<News>;
}

/** On what a method is called: by what it is, and how the page names it. */
export type Target =
  | { on: "repo" }
  | { on: "collection"; ref: CollectionRef }
  | { on: "series"; ref: SeriesRef }
  | { on: "batch"; batch: number }
  | { on: "batchSeries"; batch: number; label: string };

/** Methods whose arguments and answers cross as they are, frames to write aside. Their last argument is options. */
export interface Methods {
  repo: Pick<
    Repo,
    "ls" | "status" | "rename" | "delete" | "gc" | "verify" | "pull" | "push" | "publish" | "send"
  >;
  collection: Pick<
    WatchedCollection,
    | "ls"
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
  series: Pick<Series, "length" | "downsample" | "write" | "update" | "delete">;
  batch: Pick<Batch, "drop" | "rename">;
  batchSeries: Pick<Series, "write" | "update" | "delete">;
}

/** One such call. */
export interface Invocation {
  target: Target;
  method: string;
  /** All but the options; a frame is `{ frame }`. */
  args: readonly unknown[];
  options: object;
}

export interface WireFrameArg {
  frame: WireInput;
}

export type Progress = ReadProgress | GcProgress | SyncProgress | VerifyProgress;

/** A {@link RangeChange} as it crosses. */
export interface WireChange extends Omit<RangeChange, "rows"> {
  rows?: { removed: WireFrame; added: WireFrame } | undefined;
}

interface Shape<Args, Result> {
  args: Args;
  result: Result;
}

/** What a call may be told besides its arguments. It does not cross: the protocol has messages in its place. */
export interface CallControls {
  signal?: AbortSignal;
  /** A method, so that one who hears of a certain progress will do. */
  onProgress?(progress: Progress): void;
}

/** Options without what cannot cross. */
export type Plain<Options> = Omit<Options, keyof CallControls>;

interface WithOptions<Options> {
  options: Plain<Options>;
}

/** All that the page can ask of the worker. `batch` and `pages` are numbers that the page has chosen. */
export interface Calls {
  /** The first call to a worker. Answers the repo's URI. */
  open: Shape<OpenArgs, string>;
  invoke: Shape<Invocation, unknown>;
  collection: Shape<string, CollectionInfo>;
  createCollection: Shape<{ schema: SchemaDump; label: string }, CollectionInfo>;
  clone: Shape<
    {
      label: string;
      to: string;
      options: Omit<CloneOptions & DryRunOptions, "schema" | "signal">;
      schema: SchemaDump | undefined;
    },
    CollectionInfo | CloneReport
  >;
  diff: Shape<
    { ref: CollectionRef; from: RevisionRef; to: RevisionRef } & WithOptions<DiffOptions>,
    WireChange[]
  >;
  read: Shape<SeriesRef & WithOptions<ReadOptions>, WireFrame>;
  tail: Shape<SeriesRef & { rows: number } & WithOptions<Omit<ReadOptions, "limit" | "offset">>, WireFrame>;
  reduce: Shape<SeriesRef & WithOptions<ReduceOptions>, WireFrame>;
  beginBatch: Shape<{ batch: number; collection: CollectionRef; options: object }, void>;
  commitBatch: Shape<number, void>;
  openPages: Shape<SeriesRef & { pages: number } & WithOptions<PageOptions>, void>;
  /** The next frame; undefined after the last. */
  nextPage: Shape<number, WireFrame | undefined>;
}

export type CallName = keyof Calls;

export interface OpenArgs {
  uri: string | readonly string[];
  options: WireOptions;
}

export interface CallMessage<Name extends CallName = CallName> {
  kind: "call";
  id: number;
  name: Name;
  args: Calls[Name]["args"];
  /** Whether the page wants to hear of progress. */
  progress: boolean;
}

/** From the page. */
export type ToWorker =
  | CallMessage
  | { kind: "cancel"; id: number }
  | { kind: "abortBatch"; batch: number }
  | { kind: "endPages"; pages: number }
  | { kind: "answer"; id: number; answer: Callbacks[CallbackName]["answer"] }
  | { kind: "refusal"; id: number; error: WireError }
  | { kind: "close" };

/** From the worker. */
export type FromWorker =
  | { kind: "result"; id: number; result: Calls[CallName]["result"] }
  | { kind: "error"; id: number; error: WireError }
  | { kind: "progress"; id: number; progress: Progress }
  | CallbackMessage
  | { kind: "warning"; message: string }
  | { kind: "closed" };

/** A request, without its body. */
export interface WireRequest {
  method: string;
  url: string;
  headers: [name: string, value: string][];
}

/** What the worker asks of the page, and what it gets. */
export interface Callbacks {
  credentials: { question: undefined; answer: Credentials };
  sign: { question: WireRequest; answer: WireRequest };
}

export interface CallbackMessage<Name extends CallbackName = CallbackName> {
  kind: "ask";
  id: number;
  name: Name;
  question: Callbacks[Name]["question"];
}
