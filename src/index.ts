/**
 * `lakota`: repositories of versioned time series on S3, a web host or this device. All work is done in a
 * worker, so that the page stays responsive.
 *
 * A {@link Repo} holds collections. A {@link Collection} has a {@link Schema}, a history of revisions, and
 * many series. A {@link Series} is a table of rows sorted by its index columns: it is read as a {@link Frame}
 * of typed arrays.
 *
 * ```ts
 * import { connect, Schema } from "lakota";
 *
 * const repo = await connect("indexeddb://weather"); // or "s3://bucket/prefix", "https://host/folder"
 * const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
 * const temperature = await repo.createCollection(schema, "temperature");
 *
 * const brussels = temperature.series("Brussels");
 * await brussels.write({ timestamp: ["2026-03-01", "2026-03-02"], celsius: [4.5, 6.1] });
 *
 * const frame = await brussels.read({ start: "2026-03-01", numbers: true });
 * console.log(frame.get("timestamp"), frame.get("celsius")); // a Float64Array each
 * repo.close();
 * ```
 *
 * `lakota/engine` and `lakota/node` open the same repositories on the current thread. `lakota/query` has
 * filters and aggregates; `lakota/interchange` reads and writes CSV, Parquet and rows; `lakota/arrow`
 * converts Arrow tables; `lakota/react` and `lakota/uplot` are for live pages.
 *
 * @module
 */

// Opening a repository

export { connect } from "./worker/client/client.ts";
export type { ConnectOptions } from "./worker/client/options.ts";

// The interfaces of a repository

export type { Batch, BatchSeries, Collection } from "./model/api/collection.ts";
export type { Repo, RepoStatus } from "./model/api/repo.ts";
export type { Series } from "./model/api/series.ts";

// Collections whose columns the type checker knows

export type {
  TypedAligned,
  TypedAlignedSeries,
  TypedBatch,
  TypedBatchSeries,
  TypedCollection,
  TypedDescription,
  TypedDescriptionChange,
  TypedDownsampled,
  TypedRows,
  TypedSeries,
  TypedUpdate,
} from "./model/api/typed.ts";
export type { ColumnsOf, TypedFrame } from "./model/api/typed-frame.ts";
export type { ColumnTypes } from "./model/column-types.ts";

// Schemas and frames

export type { FrameInput } from "./model/api/series.ts";
export type { ColumnInput } from "./model/cast.ts";
export type { ColumnData, IndexValue, TypedColumn } from "./model/column.ts";
export { Frame, type FrameColumn } from "./model/frame.ts";
export type { Row } from "./model/frame-rows.ts";
export { type Column, Schema, type SchemaDump } from "./model/schema.ts";
export type { TimeInput } from "./model/time.ts";

// Errors

export { type ErrorCode, LakotaError } from "./model/errors.ts";

// Options of every call

export type {
  Bound,
  CallOptions,
  ChangeOptions,
  ChangeReport,
  DryRunOptions,
  KeyInput,
  Note,
  StaleOptions,
} from "./model/api/options.ts";
export type { Closed } from "./model/key.ts";

// Reading, and filters

export type {
  Aligned,
  AlignedPoints,
  AlignedSeries,
  Downsampled,
  DownsampleManyOptions,
  DownsampleMethod,
  DownsampleOptions,
  LengthOptions,
  PageOptions,
  Points,
  RangeOptions,
  ReadOptions,
  ReadProgress,
  ReduceOptions,
} from "./model/api/read.ts";
export type { Condition, Expression } from "./model/expression.ts";

// Writing

export type { DeleteOptions, WriteOptions } from "./model/api/series.ts";

// History, merging and watching

export type {
  Change,
  ChangeListener,
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

// Descriptions

export type {
  CollectionDescription,
  CollectionFields,
  ColumnDescription,
  DescriptionChange,
  Edited,
  InfoOptions,
  SeriesDescription,
  SeriesInfoOptions,
} from "./model/api/description.ts";

// Copies, hosting and offline use

export type { LsOptions, PinOptions, PinReport, ReadManyOptions } from "./model/api/collection.ts";
export type {
  PublishOptions,
  PublishProgress,
  PublishReport,
  RepoAddress,
  RepoPlace,
  SendReport,
  SyncOptions,
  SyncProgress,
  SyncReport,
} from "./model/api/sync.ts";

// Maintenance

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
  CloneOptions,
  CloneReport,
  CreateCollectionOptions,
  DeleteReport,
  ForgetOptions,
  OpenCollectionOptions,
  RenameOptions,
  RenameReport,
} from "./model/api/repo.ts";
export type { TableKind } from "./model/api/table-kind.ts";
