/**
 * `lakota`: repositories of versioned time series, read and written by a worker, so that the page stays free.
 *
 * @module
 */
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
export { connect } from "./worker/client/client.ts";
export type { ConnectOptions } from "./worker/client/options.ts";
