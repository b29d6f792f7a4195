import type { Closed } from "lakota/engine";
import type { WrittenFrame } from "../format/notation.ts";

/** Columns as GOLDEN.md writes values. */
export type Columns = Readonly<Record<string, readonly unknown[]>>;
/** A value for each index column, or for the first few. */
export type Key = readonly unknown[];

export interface Range {
  start?: Key;
  stop?: Key;
  closed?: Closed;
}

export interface Asked extends Range {
  /** An epoch: 11 hex digits. */
  before?: string;
  select?: readonly string[];
  limit?: number;
  offset?: number;
}

/** A write of a batch. */
export interface Piece extends Range {
  series: string;
  frame: Columns;
}

/** A library at work on one repository: ours, or Python's. Each call opens the repository anew, as another process would. */
export interface Side {
  readonly name: SideName;
  create(collection: string, columns: Readonly<Record<string, string>>, kv?: boolean): Promise<void>;
  collections(): Promise<string[]>;
  rename(collection: string, to: string): Promise<void>;
  clone(collection: string, to: string): Promise<void>;
  remove(collection: string): Promise<void>;
  /** Sets aside and deletes what nobody needs, and has not for so many seconds. */
  gc(grace: number): Promise<void>;
  pull(from: string, options?: { labels?: string[]; shallow?: boolean }): Promise<void>;
  push(to: string): Promise<void>;

  /** Its schema as the registry has it. */
  schema(collection: string): Promise<unknown>;
  series(collection: string): Promise<string[]>;
  /** Ids of its revisions. */
  log(collection: string): Promise<string[]>;
  /** Writes in one revision. */
  batch(collection: string, pieces: readonly Piece[]): Promise<void>;
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
  read(collection: string, series: string, asked?: Asked): Promise<WrittenFrame>;
  tail(collection: string, series: string, rows: number, asked?: Asked): Promise<WrittenFrame>;
  pages(collection: string, series: string, rows: number, asked?: Asked): Promise<WrittenFrame[]>;
}

export type SideName = "Python" | "ours";
