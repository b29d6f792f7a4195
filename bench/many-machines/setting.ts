import { Schema } from "../../src/engine.ts";
import type { TableKind } from "../../src/model/api/table-kind.ts";

/** What is measured. */
export interface Setting {
  /** Address of an S3 server that knows the keys of the tests, and of the repository on it. */
  readonly endpoint: string;
  readonly uri: string;
  readonly table: TableKind;
  /** Shards: collections among which the series are divided. */
  readonly collections: number;
  /** Series in all, most of which nobody touches. */
  readonly series: number;
  /** Processes that write, each one commit after the other. */
  readonly writers: number;
  /** Repositories that are read. Several share a process. */
  readonly readers: number;
  /** Milliseconds from the start of a refresh to that of the next one. */
  readonly every: number;
  readonly seconds: number;
}

/** Times are keys, and so are writers: rows of two writers are different ones, even within a millisecond. */
export const SCHEMA = new Schema({ time: "datetime64[ms]*", writer: "int*", number: "int" });

/** Series to which several writers append, in all shards. */
const SHARED = 8;

export const shardLabel = (shard: number): string => `shard-${shard}`;
export const seriesLabel = (i: number): string => `sensor-${String(i).padStart(6, "0")}`;

/** A writer keeps to one shard, so that each of its commits is one revision. */
export const shardOf = (machine: number, { collections }: Setting): number => machine % collections;

/** The series to which a writer appends alone. */
export const ownSeries = (writer: number): string => `own-${writer}`;

/** The series of a shard to which all of its writers append. */
export const sharedSeries = ({ collections }: Setting): string[] =>
  Array.from({ length: Math.max(1, Math.floor(SHARED / collections)) }, (_, i) => `shared-${i}`);

/** The series of which all writers of a shard replace the same row now and then, so that there are conflicts. */
export const CONTESTED = "contested";

/** The key of the contested row. */
export const CONTESTED_KEY = { time: 0, writer: 0 };

/** The small group of series that a reader follows: of a few writers, and a shared one. */
export function groupOf(reader: number, setting: Setting): string[] {
  const shard = shardOf(reader, setting);
  const writers = Array.from({ length: setting.writers }, (_, i) => i).filter(
    (writer) => shardOf(writer, setting) === shard,
  );
  const own = [0, 1, 2].map((i) => writers[(reader + i) % writers.length]).filter((one) => one !== undefined);
  const shared = sharedSeries(setting);
  return [...new Set([...own.map(ownSeries), shared[reader % shared.length]!])];
}
