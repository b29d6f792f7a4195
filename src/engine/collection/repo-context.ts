import type { Store } from "../../stores/store.ts";
import type { ChunkSummaries } from "../read/chunk-summaries.ts";
import type { ReadSource } from "../read/read.ts";
import type { ChunkWriter } from "../write/chunk-writer.ts";
import type { EngineCollection } from "./collection.ts";

/** What the collections of one repo share. */
export interface RepoContext {
  readonly store: Store;
  readonly source: ReadSource;
  /** Made with the first write: readers never load it. */
  writer?: ChunkWriter;
  /** Made with the first downsampling. */
  summaries?: ChunkSummaries;
  /** Chunks stored at a time. */
  readonly concurrency: number;
  /** Milliseconds for which a listing is believed. */
  readonly maxAge: number;
  /** The rows of the registry, without which no collection is found. */
  registryCollection(): EngineCollection;
  /** Pairs of revisions of which a conflict was told. Made with the first one. */
  told?: Set<string>;
  warn(message: string): void;
  /** To be called after each change of the store. */
  changed(): Promise<void>;
  /** Fires when the repo is closed. */
  readonly closed: AbortSignal;
}
