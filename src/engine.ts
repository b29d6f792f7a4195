/**
 * `lakota/engine`: the repositories of `lakota` on the current thread. For an app's own worker, for Deno, and
 * for tests. In a page, `connect` of `lakota` does the same in a worker.
 *
 * ```ts
 * import { openRepo, Schema } from "lakota/engine";
 *
 * const repo = await openRepo("memory://");
 * const schema = new Schema({ timestamp: "timestamp*", value: "float" });
 * const collection = await repo.createCollection(schema, "sensors");
 * const series = collection.series("roof");
 * await series.write({ timestamp: ["2026-03-01", "2026-03-02"], value: [1, 2] });
 *
 * const frame = await series.tail(1);
 * console.log(frame.get("value")); // Float64Array(1) [ 2 ]
 * repo.close();
 * ```
 *
 * @module
 */
import { decodeChunk } from "./codecs/chunk.ts";
import { EngineCollection } from "./engine/collection/collection.ts";
import { EngineSeries } from "./engine/collection/series.ts";
import { type EngineOptions, EngineRepo } from "./engine/repo/repo.ts";
import { checkArguments, explainFailures } from "./model/api/arguments.ts";
import type { Repo } from "./model/api/repo.ts";
import { printRowsInNode } from "./model/inspect-frame.ts";
import { openStore, type StoreOptions } from "./stores/open.ts";
import { openAddress } from "./stores/open-address.ts";

export type { EngineOptions, StoreOptions };

printRowsInNode();
for (const [type, name] of [
  [EngineRepo, "Repo"],
  [EngineCollection, "Collection"],
  [EngineSeries, "Series"],
] as const) {
  // In the worker, the host does that for all calls.
  explainFailures(type.prototype, name);
  // A console shows this name. Minifiers change that of the class.
  Object.defineProperty(type, "name", { value: name });
}

/** Options of {@link openRepo}: access to the store, caching, and the repo itself. */
export interface OpenOptions extends StoreOptions, EngineOptions {}

/**
 * Opens a repository: `memory://`, `indexeddb://name`, `s3://bucket/prefix`, `https://host/folder`. An array
 * of URIs stacks stores, the nearest first. Nothing is fetched before the first call.
 *
 * @throws `invalid-argument` for an invalid URI; `unsupported` for a scheme that this platform lacks
 * @example
 * const repo = await openRepo("s3://weather/v1", { region: "eu-west-1", credentials });
 * const frame = await (await repo.collection("temperature")).series("Brussels").tail(100);
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  checkArguments("openRepo", uri, options);
  return new EngineRepo(openStore(uri, options), decodeChunk, {
    ...options,
    openStore: (address) => openAddress(address, options),
  });
}

// The interfaces of a repository

export type { Batch, BatchSeries, Collection } from "./model/api/collection.ts";
export type { Repo, RepoStatus } from "./model/api/repo.ts";
export type { Series } from "./model/api/series.ts";

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
