/** `lakota/node`: the engine, files, and credentials from the environment. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type OpenOptions, openRepo as openAnywhere } from "./engine.ts";
import type { Repo } from "./model/api/repo.ts";
import { FileStore } from "./stores/file/file-store.ts";
import { awsSettings } from "./stores/s3/aws-config.ts";

export type { EngineOptions, OpenOptions, StoreOptions } from "./engine.ts";
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

/**
 * Opens a repository as `lakota/engine` does, and also `file:///folder` and plain paths.
 *
 * Where the options do not tell, S3's credentials, region and endpoint are taken from where AWS's tools look: the
 * variables `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_REGION`, `AWS_ENDPOINT_URL`
 * (`AWS_ENDPOINT_URL_S3`); then the profile `AWS_PROFILE`, or `default`, of `~/.aws/credentials` and `~/.aws/config`
 * (`AWS_SHARED_CREDENTIALS_FILE`, `AWS_CONFIG_FILE`): its keys, `region` and `endpoint_url`.
 *
 * @example
 * const repo = await openRepo("data/weather");
 */
export async function openRepo(uri: string | readonly string[], options: OpenOptions = {}): Promise<Repo> {
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
  return awsSettings(process.env, { credentials, config });
}

/** A file that is not there, or not for this user, says nothing. */
const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);
