import type { EngineOptions } from "../../engine/repo/repo.ts";
import type { CacheOptions } from "../../stores/cache/cache-store.ts";
import type { StoreOptions } from "../../stores/open.ts";

/** Where the repo lives, how to reach it, and how its worker is to work. */
export interface ConnectOptions
  extends Omit<StoreOptions, "cache" | "fetch" | "clock" | "schemes">,
    EngineOptions {
  /**
   * How to cache a store that is reached over the network. `false`: not at all. Default: 64 MiB in memory, and
   * 512 MiB in IndexedDB.
   */
  cache?: Pick<CacheOptions, "memory" | "quota"> | false;
  /**
   * Workers that decode chunks, started when first needed. Default: one less than the device has cores, at least 1,
   * at most 4. 0: the repo's worker decodes by itself.
   */
  decoders?: number;
  /**
   * Starts the repo's worker, in place of lakota's own way. For bundlers that do not know
   * `new Worker(new URL(…, import.meta.url))`, and for bundles on another origin than the page's.
   *
   * @example
   * connect(uri, { worker: () => new Worker("/static/lakota/worker.js", { type: "module" }) });
   */
  worker?: () => Worker;
}

/** Options as they cross to the worker: functions stay on the page, and are called through it. */
export interface WireOptions extends Omit<ConnectOptions, "credentials" | "sign" | "onWarning" | "worker"> {
  credentials?: Exclude<ConnectOptions["credentials"], () => unknown>;
  /** Functions that the page has. */
  hooks: readonly CallbackName[];
}

/** Functions of the page that the worker calls and awaits. */
export type CallbackName = "credentials" | "sign";
