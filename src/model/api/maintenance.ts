import type { Revision } from "./history.ts";
import type { CallOptions, ChangeOptions, DryRunOptions } from "./options.ts";

/** Options of `Collection.trim`. */
export interface TrimOptions extends DryRunOptions {
  /**
   * Removes revisions made before this: a `Date`, epoch milliseconds, ISO 8601 text (UTC where it names no
   * zone), a revision of `log()`, its id, or its epoch (11 hex digits). Default: 20 minutes ago.
   */
  before?: Date | string | number | Revision;
}

/** What `Collection.trim` removed; of a dry run, what it would remove. */
export interface TrimReport {
  /** Ids of the revisions, oldest first. */
  readonly removed: readonly string[];
  /** Bytes of their files. Chunks that only they referred to are not counted: `Repo.gc` frees them. */
  readonly bytes: number;
}

/** Options of `Collection.defrag`. */
export interface DefragOptions extends DryRunOptions, ChangeOptions {
  /** Only these series. Default: all. */
  labels?: readonly string[];
}

/** What `Collection.defrag` did; of a dry run, what it would do. */
export interface DefragReport {
  /** The series that were rewritten: segments they have now, and had before (`was`). */
  readonly series: readonly { label: string; segments: number; was: number }[];
  /**
   * Encoded bytes of the new chunks. A dry run estimates them by those of the old ones, which are seldom
   * fewer.
   */
  readonly bytes: number;
  /**
   * What only older revisions refer to from now on. Once a trim has removed these, `Repo.gc` frees it, except
   * for chunks that another collection shares (a clone, for example). A dry run estimates it: a new chunk may
   * turn out equal to an old one.
   */
  readonly replaced: { readonly segments: number; readonly chunks: number; readonly bytes: number };
  /** Id of the new revision. Undefined for a dry run, and where there was nothing to do. */
  readonly revision: string | undefined;
}

/** Options of `Repo.gc`. */
export interface GcOptions extends DryRunOptions {
  /**
   * Milliseconds, by the store's clock, for which an unreferenced chunk is only set aside, where readers and
   * writers still find it. 0 or less: delete what earlier collections have set aside. Default: 600,000, as in
   * Python.
   */
  grace?: number;
  /** Called when files have been set aside, restored or deleted. */
  onProgress?: (progress: GcProgress) => void;
}

/** How far a garbage collection has come. */
export interface GcProgress {
  /** Chunk files set aside, restored or deleted, out of `total`. */
  done: number;
  /** Chunk files to be set aside, restored or deleted. */
  total: number;
}

/** What `Repo.gc` did; of a dry run, what it would do. It counts chunk files, and their bytes. */
export interface GcReport {
  /**
   * Chunk files left where they are: referenced ones, and those that were set aside less than `grace` ago.
   */
  readonly kept: number;
  /** Unreferenced chunks that were set aside. A garbage collection more than `grace` later deletes them. */
  readonly setAside: { readonly files: number; readonly bytes: number };
  /** Chunks that were set aside before, are referenced again, and were moved back. */
  readonly restored: { readonly files: number; readonly bytes: number };
  /** Chunks that were set aside more than `grace` ago, and were deleted. */
  readonly deleted: { readonly files: number; readonly bytes: number };
  /** Overviews of earlier states, written more than `grace` ago, that were deleted. */
  readonly overviews: { readonly files: number; readonly bytes: number };
}

/** Options of `Repo.verify`. */
export interface VerifyOptions extends CallOptions {
  /** Only these collections, and the registry. Default: all. */
  labels?: readonly string[];
  /** Called when files have been checked. */
  onProgress?: (progress: VerifyProgress) => void;
}

/**
 * How far a verification has come. The totals grow, as chunks are counted when a revision that refers to them
 * is read.
 */
export interface VerifyProgress {
  /** Revision files and chunks checked, out of `totalFiles` known so far. */
  files: number;
  /** Revision files and chunks known so far. */
  totalFiles: number;
  /** Bytes read. */
  bytes: number;
  /** The collection that is being read. */
  label: string;
  /** Problems found so far. */
  problems: number;
}

/** A file that is missing, damaged, or cannot be verified. */
export interface Problem {
  /**
   * `unverified`: a chunk of times whose digest fits in no unit. Python Lakota may have rounded them, or the
   * chunk is damaged. Among the problems are those that reads refuse, as `EngineOptions.allowUnverified`
   * describes.
   */
  readonly kind: "missing" | "corrupt" | "unverified";
  /**
   * Path of the file in the repo. A chunk embedded in a revision has the path that it would have as a file.
   */
  readonly path: string;
  /** The collection that needs the file. `registry` and `index` are the repo's own. */
  readonly collection: string;
  /** The series of a chunk: the first one found to refer to it. */
  readonly series?: string;
  /** The column of a chunk. */
  readonly column?: string;
  /** Id of the revision, or of the first one found to refer to the chunk. */
  readonly revision?: string;
  /** What is wrong, and what can be done. */
  readonly message: string;
}

/** What `Repo.verify` found. */
export interface VerifyReport {
  /** Collections read. */
  readonly collections: number;
  /** Revisions read, those of the registry included. */
  readonly revisions: number;
  /** Chunks checked, each once, those embedded in revisions included. */
  readonly chunks: number;
  /** Bytes read. */
  readonly bytes: number;
  /** Chunks that exist but could not be checked: those with a codec that this library lacks. */
  readonly unchecked: number;
  /** Overviews checked. Those of the current state are compared with the rows. */
  readonly overviews: number;
  /** Empty where all is well. */
  readonly problems: readonly Problem[];
  /**
   * Chunks of times that cannot be verified, but that reads return, with a warning: what they hold is
   * plausible. They are no problems. All are of kind `unverified`.
   */
  readonly unverified: readonly Problem[];
}
