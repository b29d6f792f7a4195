import type { Closed } from "lakota/engine";
import type { WrittenFrame } from "../format/notation.ts";

/** Columns, with values written as in GOLDEN.md. */
export type Columns = Readonly<Record<string, readonly unknown[]>>;
/** A value for each index column, or for the first of them. */
export type Key = readonly unknown[];

export interface Range {
  start?: Key;
  stop?: Key;
  closed?: Closed;
}

export interface ReadOptions extends Range {
  /** The epoch of a revision: 11 hex digits. */
  before?: string;
  select?: readonly string[];
  limit?: number;
  offset?: number;
}

/** A write of a batch. */
export interface BatchWrite extends Range {
  series: string;
  frame: Columns;
}

/** A Lakota library working on one repository. Each call opens the repository again, as another process would. */
export interface Library {
  readonly name: LibraryName;
  create(collection: string, columns: Readonly<Record<string, string>>, kv?: boolean): Promise<void>;
  collections(): Promise<string[]>;
  rename(collection: string, to: string): Promise<void>;
  clone(collection: string, to: string): Promise<void>;
  remove(collection: string): Promise<void>;
  /** @param grace seconds for which chunks must have been unreferenced */
  gc(grace: number): Promise<void>;
  pull(from: string, options?: { labels?: string[]; shallow?: boolean }): Promise<void>;
  push(to: string): Promise<void>;

  /** Returns the schema as stored in the registry. */
  schema(collection: string): Promise<unknown>;
  series(collection: string): Promise<string[]>;
  /** Returns the ids of the revisions. */
  log(collection: string): Promise<string[]>;
  /** Writes to several series in one revision. */
  batch(collection: string, writes: readonly BatchWrite[]): Promise<void>;
  drop(collection: string, labels: readonly string[]): Promise<void>;
  renameSeries(collection: string, label: string, to: string): Promise<void>;
  merge(collection: string): Promise<void>;
  defrag(collection: string): Promise<void>;
  /** @param before epoch milliseconds */
  trim(collection: string, before: number): Promise<void>;

  write(collection: string, series: string, frame: Columns, range?: Range): Promise<void>;
  update(collection: string, series: string, frame: Columns): Promise<void>;
  delete(collection: string, series: string, range: Range): Promise<void>;
  deleteKeys(collection: string, series: string, keys: readonly string[]): Promise<void>;
  read(collection: string, series: string, options?: ReadOptions): Promise<WrittenFrame>;
  tail(collection: string, series: string, rows: number, options?: ReadOptions): Promise<WrittenFrame>;
  pages(collection: string, series: string, rows: number, options?: ReadOptions): Promise<WrittenFrame[]>;
}

export type LibraryName = "Python" | "JavaScript";
