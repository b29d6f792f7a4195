import type {
  PageOptions,
  RangeOptions,
  ReadOptions,
  ReadProgress,
  RepoStatus,
  Revision,
  WriteOptions,
} from "../model/api.ts";
import type { SchemaDump } from "../model/schema.ts";
import type { Credentials } from "../stores/s3.ts";
import type { HookName, WireOptions } from "./options.ts";
import type { WireFrame, WireInput } from "./wire.ts";
import type { WireError } from "./wire-error.ts";

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

export interface WriteArgs extends WithOptions<WriteOptions> {
  frame: WireInput;
}

interface Shape<Args, Result> {
  args: Args;
  result: Result;
}

/** What a call may be told besides its arguments. It does not cross: the protocol has messages in its place. */
export interface Hearing {
  signal?: AbortSignal;
  onProgress?: (progress: ReadProgress) => void;
}

/** Options without what cannot cross. */
export type Plain<Options> = Omit<Options, keyof Hearing>;

interface WithOptions<Options> {
  options: Plain<Options>;
}

/** All that the page can ask of the worker. `batch` and `pages` are numbers that the page has chosen. */
export interface Calls {
  /** The first call to a worker. Answers the repo's URI. */
  open: Shape<OpenArgs, string>;
  repoLs: Shape<undefined, string[]>;
  repoStatus: Shape<undefined, RepoStatus>;
  collection: Shape<string, CollectionInfo>;
  createCollection: Shape<{ schema: SchemaDump; label: string }, CollectionInfo>;
  ls: Shape<CollectionRef, string[]>;
  log: Shape<CollectionRef, Revision[]>;
  refresh: Shape<CollectionRef, void>;
  read: Shape<SeriesRef & WithOptions<ReadOptions>, WireFrame>;
  tail: Shape<SeriesRef & { rows: number } & WithOptions<Omit<ReadOptions, "limit" | "offset">>, WireFrame>;
  length: Shape<SeriesRef & WithOptions<RangeOptions>, number>;
  write: Shape<SeriesRef & WriteArgs, void>;
  beginBatch: Shape<{ batch: number; collection: CollectionRef }, void>;
  batchWrite: Shape<{ batch: number; label: string } & WriteArgs, void>;
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
  | { kind: "answer"; id: number; answer: Hooks[HookName]["answer"] }
  | { kind: "refusal"; id: number; error: WireError }
  | { kind: "close" };

/** From the worker. */
export type FromWorker =
  | { kind: "result"; id: number; result: Calls[CallName]["result"] }
  | { kind: "error"; id: number; error: WireError }
  | { kind: "progress"; id: number; progress: ReadProgress }
  | QuestionMessage
  | { kind: "warning"; message: string }
  | { kind: "closed" };

/** A request, without its body. */
export interface WireRequest {
  method: string;
  url: string;
  headers: [name: string, value: string][];
}

/** What the worker asks of the page, and what it gets. */
export interface Hooks {
  credentials: { question: undefined; answer: Credentials };
  sign: { question: WireRequest; answer: WireRequest };
}

export interface QuestionMessage<Name extends HookName = HookName> {
  kind: "ask";
  id: number;
  name: Name;
  question: Hooks[Name]["question"];
}
