import type { Revision } from "./history.ts";
import type { CallOptions, ChangeOptions, DryRunOptions } from "./options.ts";

export interface TrimOptions extends DryRunOptions {
  /** Forget revisions made before this. Default: 20 minutes ago. */
  before?: Date | string | number | Revision;
}

export interface TrimReport {
  /** Revisions that are forgotten. */
  readonly removed: readonly string[];
  /** Bytes of their files. What only they referred to is freed by {@link Repo.gc}. */
  readonly bytes: number;
}

export interface DefragOptions extends DryRunOptions, ChangeOptions {
  /** Only these series. */
  labels?: readonly string[];
}

export interface DefragReport {
  /** Series that were stored anew in fewer segments. */
  readonly series: readonly { label: string; segments: number; was: number }[];
  /** Encoded bytes of the new chunks. Of a dry run an estimate: those of the old ones, which are seldom fewer. */
  readonly bytes: number;
  /**
   * What only older revisions refer to from now on. Once a trim has forgotten these, {@link Repo.gc} frees it, but for chunks that
   * another collection has too (a clone, say). Of a dry run an estimate: a new chunk may turn out equal to an old one.
   */
  readonly replaced: { readonly segments: number; readonly chunks: number; readonly bytes: number };
  readonly revision: string | undefined;
}

export interface GcOptions extends DryRunOptions {
  /**
   * Milliseconds for which a chunk that nobody refers to is only set aside, and still found by readers and
   * writers. Default: 600,000, as Python has it.
   */
  grace?: number;
  onProgress?: (progress: GcProgress) => void;
}

/** Files set aside, restored or deleted, of `total`. */
export interface GcProgress {
  done: number;
  total: number;
}

/** What a garbage collection did: paths, and their bytes. */
export interface GcReport {
  readonly kept: number;
  /** Chunks that nobody refers to, set aside until the next collection after `grace`. */
  readonly setAside: { readonly files: number; readonly bytes: number };
  /** Chunks set aside earlier that are referred to again. */
  readonly restored: { readonly files: number; readonly bytes: number };
  readonly deleted: { readonly files: number; readonly bytes: number };
}

export interface VerifyOptions extends CallOptions {
  /** Only these collections, and the registry. Default: all. */
  labels?: readonly string[];
  onProgress?: (progress: VerifyProgress) => void;
}

/** How far a verification has come. The total grows: a revision tells of its chunks when it is read. */
export interface VerifyProgress {
  /** Revisions and chunks looked at, of `totalFiles` that are known so far. */
  files: number;
  totalFiles: number;
  /** Bytes read. */
  bytes: number;
  /** The collection that is being read. */
  label: string;
  /** Problems found so far. */
  problems: number;
}

/** Something that is not as it must be. */
export interface Problem {
  readonly kind: "missing" | "corrupt";
  /** Its file, in the repo. A chunk that a revision holds itself is named by the path that it would have. */
  readonly path: string;
  /** The collection that needs it; `registry` and `index` are the repo's own. */
  readonly collection: string;
  /** Of a chunk: where it was first met. */
  readonly series?: string;
  readonly column?: string;
  readonly revision?: string;
  /** What is wrong, and what can be done. */
  readonly message: string;
}

/** What {@link Repo.verify} found. */
export interface VerifyReport {
  readonly collections: number;
  readonly revisions: number;
  /** Chunks looked at, each once, those that revisions hold included. */
  readonly chunks: number;
  /** Bytes read. */
  readonly bytes: number;
  /**
   * Chunks that are there and could not be checked: times that Python was given in another unit and rounded, and columns of
   * codecs that this library lacks.
   */
  readonly unchecked: number;
  /** Nothing: all is well. */
  readonly problems: readonly Problem[];
}
