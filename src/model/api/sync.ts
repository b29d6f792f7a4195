import type { Conflict } from "./history.ts";
import type { CallOptions } from "./options.ts";

/** How far a pull or push has come. */
export interface SyncProgress {
  /** Files copied, of `totalFiles`. */
  files: number;
  totalFiles: number;
  /** Bytes copied. */
  bytes: number;
  /** The collection whose files are being copied. */
  label: string;
}

export interface SyncOptions extends CallOptions {
  /** Only these collections. */
  labels?: readonly string[];
  /** Only what the heads need, without the chunks of older states. */
  shallow?: boolean;
  onProgress?: (progress: SyncProgress) => void;
}

export interface SyncReport {
  readonly collections: readonly { label: string; revisions: number; chunks: number; bytes: number }[];
}

/** What {@link Repo.publish} wrote. */
export interface PublishReport {
  /** Path of the index in the repo. */
  readonly path: string;
  /** Its bytes, before the host compresses them. */
  readonly bytes: number;
  readonly collections: number;
  readonly revisions: number;
}

/** What {@link Repo.send} did. */
export interface SendReport {
  /** Files that are where they belong now. */
  readonly sent: number;
  /** Files that wait still. */
  readonly waiting: number;
  /** Ranges that others had written meanwhile; the later write is seen. */
  readonly conflicts: readonly (Conflict & { readonly collection: string })[];
}

/**
 * Another repository: its URI, or several that are stacked, reached with the options that this repo was opened with
 * (but for `token`, which is for one host alone); or an object with options of its own.
 */
export type RepoAddress = string | readonly string[] | RepoPlace;

export interface RepoPlace {
  readonly uri: string | readonly string[];
  readonly endpoint?: string;
  readonly region?: string;
  readonly style?: "path" | "virtual";
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** What `lakota serve --writable` asks of those who write. */
  readonly token?: string;
}
