import type { EngineOptions } from "../../engine/repo/repo.ts";
import type { CacheOptions } from "../../stores/cache/cache-store.ts";
import type { StoreOptions } from "../../stores/open.ts";

/** Options that are sent to the worker unchanged. */
export interface PlainOptions
  extends Omit<StoreOptions, "cache" | "credentials" | "sign" | "fetch" | "clock" | "schemes">,
    Omit<EngineOptions, "onWarning"> {
  /**
   * Sizes of the caches of a store that is reached over the network; `false` for no cache. Default: 64 MiB in
   * memory and 512 MiB in IndexedDB.
   */
  cache?: Pick<CacheOptions, "memory" | "quota"> | false;
  /**
   * Maximum number of workers that decode chunks, started on demand. 0: the repo's worker decodes them.
   * Default: one less than the number of cores, at least 1, at most 4; in Firefox 0, since a worker of Firefox that starts
   * another one can stop for ever while developer tools are open.
   */
  decoders?: number;
}

/** Options as they are sent to the worker. The worker calls functions by sending callbacks to the client. */
export interface WireOptions extends PlainOptions {
  /** Callbacks that the client offers. */
  callbacks: readonly CallbackName[];
}

/** Functions of the client that the worker calls. */
export type CallbackName = "credentials" | "sign";
