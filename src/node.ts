/**
 * `lakota/node`: the repositories of `lakota/engine`, also in folders of this machine, with S3's credentials
 * from the environment.
 *
 * ```ts
 * import { openRepo, Schema } from "lakota/node";
 *
 * const repo = await openRepo("data/weather"); // or "~/weather", "s3://bucket/prefix"
 * const schema = new Schema({ timestamp: "timestamp*", celsius: "float" });
 * const temperature = await repo.createCollection(schema, "temperature");
 * await temperature.series("Brussels").write({ timestamp: ["2026-03-01"], celsius: [4.5] });
 *
 * console.log(await temperature.ls()); // [ 'Brussels' ]
 * repo.close();
 * ```
 *
 * @module
 */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenOptions, openRepo as openAnywhere } from "./engine.ts";
import { checkArguments } from "./model/api/arguments.ts";
import type { Repo } from "./model/api/repo.ts";
import { FileStore } from "./stores/file/file-store.ts";
import { awsSettings } from "./stores/s3/aws-config.ts";

export type { EngineOptions, OpenOptions, StoreOptions } from "./engine.ts";

/**
 * Opens a repository as `lakota/engine` does, and also `file:///folder` and plain paths.
 *
 * Settings of S3 that the options lack are read from where AWS's tools look: the variables
 * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`
 * (`AWS_ENDPOINT_URL_S3`); then, in `~/.aws/credentials` and `~/.aws/config` (`AWS_SHARED_CREDENTIALS_FILE`,
 * `AWS_CONFIG_FILE`), the keys, `region` and `endpoint_url` of the profile `AWS_PROFILE`, or `default`. Keys that such
 * a profile gets from a role, from IAM Identity Center (SSO) or from a command, and those of a container
 * (`AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_CONTAINER_CREDENTIALS_*`), need the package `@aws-sdk/credential-providers`, an
 * optional peer dependency. They are fetched when a request needs them, and again before they expire.
 *
 * @throws `invalid-argument` for an invalid URI; `unsupported` for a scheme that this platform lacks
 * @example
 * const repo = await openRepo("data/weather");
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
  checkArguments("openRepo", uri, options);
  return openAnywhere(uri, {
    ...(await fromEnvironment()),
    ...options,
    schemes: { file: openFolder, ...options.schemes },
  });
}

function openFolder(uri: string): FileStore {
  if (uri.startsWith("file:")) return new FileStore(fileURLToPath(uri));
  return new FileStore(resolve(uri.replace(/^~(?=\/|$)/, homedir())));
}

async function fromEnvironment(): Promise<OpenOptions> {
  const { AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE } = process.env;
  const [credentials, config] = await Promise.all([
    textOf(AWS_SHARED_CREDENTIALS_FILE || join(homedir(), ".aws/credentials")),
    textOf(AWS_CONFIG_FILE || join(homedir(), ".aws/config")),
  ]);
  const loadProviders = () => import("@aws-sdk/credential-providers");
  return awsSettings(process.env, { credentials, config }, loadProviders);
}

/** Returns the text of a file; undefined where it does not exist or cannot be read. */
const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

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
