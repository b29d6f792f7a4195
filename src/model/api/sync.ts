import type { Credentials, ServiceCredentials } from "../credentials.ts";
import type { Conflict } from "./history.ts";
import type { CallOptions } from "./options.ts";

/**
 * Another repository: its URI, or several to be stacked, opened with the options of this repo (except
 * `token`, which belongs to one host); or an object with its own options.
 */
export type RepoAddress = string | readonly string[] | RepoPlace;

/** Where another repository is, and how to reach it. */
export interface RepoPlace {
  /** A URI, or several to be stacked, the nearest first. */
  readonly uri: string | readonly string[];
  /** URL of the S3 server, such as `http://localhost:9000`. Default: that of AWS in `region`. */
  readonly endpoint?: string;
  /** Region of the bucket. Default: the one that the endpoint's name contains, else `us-east-1`. */
  readonly region?: string;
  /**
   * Where URLs name the bucket: in the path or in the host name. Default: `virtual` for AWS, `path`
   * elsewhere.
   */
  readonly style?: "path" | "virtual";
  /** Keys for S3. Default: requests are not signed, as for a public bucket. */
  readonly credentials?: Credentials | ServiceCredentials;
  /** The token that `lakota serve --writable` expects from writers. */
  readonly token?: string;
}

/** How far a pull or push has come with one collection. */
export interface SyncProgress {
  /** Files copied, out of `totalFiles`. */
  files: number;
  /** Files to be copied. */
  totalFiles: number;
  /** Bytes copied. */
  bytes: number;
  /** The collection whose files are being copied. */
  label: string;
}

/** Options of `Repo.pull` and `Repo.push`. */
export interface SyncOptions extends CallOptions {
  /** Only these collections. Default: all. */
  labels?: readonly string[];
  /** Only the revisions and chunks that the heads need, without older states. Default: false. */
  shallow?: boolean;
  /** Called when files have been copied. */
  onProgress?: (progress: SyncProgress) => void;
}

/** What `Repo.pull` or `Repo.push` copied. */
export interface SyncReport {
  /**
   * One entry per collection, with zeros where nothing was missing: revisions and chunk files copied, and the
   * bytes of all files copied.
   */
  readonly collections: readonly { label: string; revisions: number; chunks: number; bytes: number }[];
  /** Overviews and block indexes copied, in all collections; undefined if the source was published without. */
  readonly overviews?: { readonly files: number; readonly bytes: number };
}

/** How far making overviews has come with one collection. */
export interface PublishProgress {
  /** Files made, out of `totalFiles`. */
  files: number;
  /** Files to be made. */
  totalFiles: number;
  /** Bytes of all files made so far, in all collections. */
  bytes: number;
  /** The collection whose overviews are being made. */
  label: string;
}

/** Options of `Repo.publish`. */
export interface PublishOptions extends CallOptions {
  /**
   * Whether to make overviews: files from which charts of long series are drawn without reading their chunks, and with
   * which few rows are read from parts of chunks. From then on every write through this library keeps them up. False:
   * neither make nor expect any. Default: as it was published before; at first, without.
   */
  overviews?: boolean;
  /** Called for each overview that is made. */
  onProgress?: (progress: PublishProgress) => void;
}

/** What `Repo.publish` wrote. */
export interface PublishReport {
  /** Path of the index in the repo. */
  readonly path: string;
  /** Bytes of the index, before the host compresses it. */
  readonly bytes: number;
  /** Collections that it lists. */
  readonly collections: number;
  /** Revision files that it lists, those of the registry included. */
  readonly revisions: number;
  /**
   * Overviews that were missing and were made: files, and their bytes. `failed` counts those that were not made, because
   * a chunk is damaged or missing, or cannot be verified. Absent without the option `overviews`.
   */
  readonly overviews?: { readonly files: number; readonly bytes: number; readonly failed: number };
}

/** What `Repo.send` did. */
export interface SendReport {
  /** Pending files that were sent. */
  readonly sent: number;
  /** Files that are still pending. */
  readonly waiting: number;
  /** Ranges that others had written in the meantime; the later write is visible. */
  readonly conflicts: readonly (Conflict & { readonly collection: string })[];
}
