import type { Store } from "../../stores/store.ts";
import type { ReadSource } from "../read/read-context.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import type { WarningContext } from "./warning-context.ts";

/** What a transaction needs of the collection that it changes. */
export interface WriteContext extends WarningContext {
  readonly store: Store;
  readonly source: ReadSource;
  readonly writer: ChunkWriter;
  /** Fires when the repo is closed. */
  readonly closed: AbortSignal;
}
