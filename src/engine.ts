/**
 * `lakota/engine`: a repo on the current thread. For an app's own worker, for Deno, for tests. In a page, `connect` of
 * `lakota` does the same in a worker.
 */
import { decodeChunk } from "./codecs/chunk.ts";
import { type EngineOptions, EngineRepo } from "./engine/repo/repo.ts";
import type { Repo } from "./model/api/repo.ts";
import { openAddress, openStore, type StoreOptions } from "./stores/open.ts";

export type {
  Batch,
  BatchSeries,
  Collection,
  PinOptions,
  PinReport,
} from "./model/api/collection.ts";
export type {
  Change,
  Conflict,
  DiffOptions,
  KeyRange,
  LogOptions,
  MergeReport,
  RangeChange,
  Revision,
  RevisionDetails,
  RevisionRef,
  WatchOptions,
} from "./model/api/history.ts";
export type {
  DefragOptions,
  DefragReport,
  GcOptions,
  GcProgress,
  GcReport,
  Problem,
  TrimOptions,
  TrimReport,
  VerifyOptions,
  VerifyProgress,
  VerifyReport,
} from "./model/api/maintenance.ts";
export type {
  Bound,
  CallOptions,
  ChangeOptions,
  DryRunOptions,
  KeyInput,
  Note,
} from "./model/api/options.ts";
export type {
  Downsampled,
  DownsampleMethod,
  DownsampleOptions,
  PageOptions,
  Points,
  RangeOptions,
  ReadOptions,
  ReadProgress,
  ReduceOptions,
} from "./model/api/read.ts";
export type {
  CloneOptions,
  CloneReport,
  DeleteReport,
  RenameOptions,
  RenameReport,
  Repo,
  RepoStatus,
} from "./model/api/repo.ts";
export type { DeleteOptions, FrameInput, Series, WriteOptions } from "./model/api/series.ts";
export type {
  PublishReport,
  RepoAddress,
  RepoPlace,
  SendReport,
  SyncOptions,
  SyncProgress,
  SyncReport,
} from "./model/api/sync.ts";
export type { ColumnInput } from "./model/cast.ts";
export type { ColumnData, IndexValue, TypedColumn } from "./model/column.ts";
export { type ErrorCode, LakotaError } from "./model/errors.ts";
export type { Condition, Expression } from "./model/expression.ts";
export { Frame, type FrameColumn } from "./model/frame.ts";
export type { Closed } from "./model/key.ts";
export { type Column, Schema, type SchemaDump } from "./model/schema.ts";
export type { TimeInput } from "./model/time.ts";
export type { EngineOptions, StoreOptions };

/** Where the repo lives, how to reach it, and how to work. */
export interface OpenOptions extends StoreOptions, EngineOptions {}

/**
 * Opens a repository: `memory://`, `indexeddb://name`, `s3://bucket/prefix`, `https://host/folder`. An array of URIs
 * stacks stores, the first one nearest. Nothing is fetched before the first call.
 *
 * @throws `invalid-argument` for a URI that makes no sense.
 * @example
 * const repo = await openRepo("s3://weather/v1", { region: "eu-west-1", credentials });
 * const frame = await (await repo.collection("temperature")).series("Brussels").tail(100);
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  return new EngineRepo(openStore(uri, options), decodeChunk, {
    ...options,
    openStore: (address) => openAddress(address, options),
  });
}
