import type { EngineOptions } from "../../engine/repo/repo.ts";
import type { CacheOptions } from "../../stores/cache/cache-store.ts";
import type { StoreOptions } from "../../stores/open.ts";
import type { Credentials } from "../../stores/s3/s3-store.ts";

/** Options that are sent to the worker unchanged. */
export interface PlainOptions
  extends Omit<StoreOptions, "cache" | "credentials" | "sign" | "fetch" | "clock" | "schemes">,
    Omit<EngineOptions, "onWarning"> {
  /**
   * Sizes of the caches of a store that is reached over the network; `false` for no cache. Default: 64 MiB in memory
   * and 512 MiB in IndexedDB.
   */
  cache?: Pick<CacheOptions, "memory" | "quota"> | false;
  /**
   * Most workers that decode chunks; they are started on demand. 0: the repo's worker decodes chunks itself. Default:
   * one less than the number of cores, at least 1, at most 4.
   */
  decoders?: number;
}

/** Options as they are sent to the worker. Functions stay with the client, which calls them for the worker. */
export interface WireOptions extends PlainOptions {
  credentials?: Credentials | undefined;
  /** Callbacks that the client offers. */
  callbacks: readonly CallbackName[];
}

/** Functions of the client that the worker calls. */
export type CallbackName = "credentials" | "sign";
