import type { EngineOptions } from "../../engine/repo/repo.ts";
import type { StoreOptions } from "../../stores/open.ts";
import type { CallbackName, PlainOptions, WireOptions } from "../protocol/options.ts";

/** Options of {@link connect}: access to the store, caching, and the repo's worker. */
export interface ConnectOptions
  extends PlainOptions,
    Pick<StoreOptions, "credentials" | "sign">,
    Pick<EngineOptions, "onWarning"> {
  /**
   * Starts the repo's worker, instead of lakota itself. For bundlers that do not recognise
   * `new Worker(new URL(…, import.meta.url))`, and for bundles of another origin than the page's.
   *
   * @example
   * connect(uri, { worker: () => new Worker("/static/lakota/worker.js", { type: "module" }) });
   */
  worker?: () => Worker;
}

/**
 * Returns the options that can be sent to the worker; functions and keys become names in `callbacks`.
 *
 * @throws TypeError for a function that is none
 */
export function packOptions(options: ConnectOptions): WireOptions {
  const { credentials: _, sign, onWarning, worker, ...plain } = options;
  for (const callback of [sign, onWarning, worker]) {
    if (callback && typeof callback !== "function") throw new TypeError();
  }
  const names: readonly CallbackName[] = ["sign", "credentials"];
  return { ...plain, callbacks: names.filter((name) => options[name]) };
}
