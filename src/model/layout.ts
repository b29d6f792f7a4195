/**
 * The layout of a repository: which paths its files have. A chunk is the file `ab/cd/<36 digits>`, named by
 * its digest; a collection is a folder of that form, which holds its revisions.
 */

/**
 * Folder of the index of a published repo. Four levels deep, where Python Lakota's gc does not look; no host hides a
 * folder of this name.
 */
export const INDEX_FOLDER = "lakota/index/v2/";
/** The index itself; other files in its folder are its pages. */
export const INDEX_PATH = `${INDEX_FOLDER}index.json`;

/**
 * The folder in which stores and caches keep files of their own. Three levels deep, where Python Lakota's gc
 * does not look.
 */
export const PRIVATE_FOLDER = ".lakota/";

/** A revision, as its file name describes it: each id is a hextime and a digest, joined by `-`. */
export interface RevisionIds {
  parent: string;
  child: string;
}

const SET_ASIDE_PREFIX = /^..\/..\/[0-9a-f]{36}\./;
/** No content has the zero digest: a file named so would make the root a child. */
const REVISION_NAME = /^([0-9a-f]{11}-[0-9a-f]{40})\.([0-9a-f]{11}-(?!0{40}$)[0-9a-f]{40})$/;

/**
 * Path of a chunk by its digest, or of a collection's folder by its hash: `ab/cd/` and the other 36 hex
 * digits.
 */
export const hashedPath = (hash: string): string =>
  `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash.slice(4)}`;

/** Whether a path has the form of {@link hashedPath}. */
export const isHashedPath = (path: string): boolean => /^[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{36}$/.test(path);

/** Epoch milliseconds as 11 hex digits, which sort as the times do. */
export const hextime = (ms: number): string => Math.floor(ms).toString(16).padStart(11, "0");

/** Start of the paths of all set-aside copies of the chunk at `path`. */
export const setAsidePrefix = (path: string): string => `${path}.`;

/** Whether a prefix is that of set-aside copies: see {@link setAsidePrefix}. */
export const isSetAsidePrefix = (prefix: string): boolean => SET_ASIDE_PREFIX.test(prefix);

/** Parses the name of a revision file, `parent.child`; returns `undefined` for other names. */
export function parseRevisionName(name: string): RevisionIds | undefined {
  const match = REVISION_NAME.exec(name);
  return match ? { parent: match[1]!, child: match[2]! } : undefined;
}
