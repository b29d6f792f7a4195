import type { Store } from "../../stores/store.ts";
import type { ReadSource } from "../read/read-context.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import type { WarningContext } from "./warning-context.ts";

/** What a transaction needs of the collection that it changes. */
export interface WriteContext extends WarningContext {
  readonly store: Store;
  readonly source: ReadSource;
  readonly writer: ChunkWriter;
  /** Rows of a segment, about, where rows are looked up one by one. Default: segments grow with the write. */
  readonly segmentRows?: number;
  /** Is called after a commit that has renamed series, with the labels in the order of the changes. */
  renamed?(labels: readonly (readonly [from: string, to: string])[], signal: AbortSignal): Promise<void>;
  /** Fires when the repo is closed. */
  readonly closed: AbortSignal;
}
