import { claimNumber } from "./claim-path.ts";
import { hextime, INDEX_FOLDER, parseRevisionName, type RevisionIds, setAsidePrefix } from "./layout.ts";
import { isOverviewPath } from "./overview-path.ts";

// The parts of the layout that only gc and servers need. They are apart from layout.ts because every reader
// loads that.

/** What a file of a repository is. */
export type FileKind = "chunk" | "set-aside" | "revision" | "overview" | "claim";

/** A chunk, as its path describes it. */
export interface ChunkPath {
  digest: string;
  /** Path without the suffix of a set-aside chunk. */
  original: string;
  /**
   * Epoch milliseconds at which a garbage collection set the chunk aside; `undefined` for a chunk in its
   * place.
   */
  setAsideAt: number | undefined;
}

const CHUNK = /^([0-9a-f]{2})\/([0-9a-f]{2})\/([0-9a-f]{36})(?:\.([0-9a-f]{11}))?$/;
const REVISION = /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36}\/([^/]+)$/;

/** Path of the chunk at `path` once a garbage collection sets it aside at `time`, in epoch milliseconds. */
export const setAsidePath = (path: string, time: number): string => setAsidePrefix(path) + hextime(time);

/** Parses the path of a chunk; returns `undefined` for other files. */
export function parseChunkPath(path: string): ChunkPath | undefined {
  const match = CHUNK.exec(path);
  if (!match) return undefined;
  const [, a, b, rest, time] = match;
  const setAsideAt = time === undefined ? undefined : Number.parseInt(time, 16);
  return { digest: `${a}${b}${rest}`, original: `${a}/${b}/${rest}`, setAsideAt };
}

/** Parses the path of a revision file; returns `undefined` for other files. */
export function parseRevisionPath(path: string): RevisionIds | undefined {
  const name = REVISION.exec(path)?.[1];
  return name === undefined ? undefined : parseRevisionName(name);
}

/** Whether a path is that of the published index, or of one of its pages. */
export const isIndexPath = (path: string): boolean =>
  path.startsWith(INDEX_FOLDER) && /^(index|[0-9a-f]{40})\.json$/.test(path.slice(INDEX_FOLDER.length));

/** Returns the kind of a repository's file, or `undefined` for any other path. */
export function kindOf(path: string): FileKind | undefined {
  const chunk = parseChunkPath(path);
  if (chunk) return chunk.setAsideAt === undefined ? "chunk" : "set-aside";
  if (isOverviewPath(path)) return "overview";
  if (claimNumber(path) !== undefined) return "claim";
  return parseRevisionPath(path) && "revision";
}
