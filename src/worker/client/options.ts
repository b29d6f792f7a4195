import type { EngineOptions } from "../../engine/repo/repo.ts";
import type { StoreOptions } from "../../stores/open.ts";
import type { Credentials } from "../../stores/s3/s3-store.ts";
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

/** Returns the options that can be sent to the worker; functions become names in `callbacks`. */
export function packOptions(options: ConnectOptions): WireOptions {
  const { credentials, sign, onWarning: _, worker: __, ...plain } = options;
  const callbacks: CallbackName[] = sign ? ["sign"] : [];
  if (typeof credentials === "function") return { ...plain, callbacks: [...callbacks, "credentials"] };
  return { ...plain, callbacks, credentials: credentials && packCredentials(credentials) };
}

/** Returns the keys alone: an SDK's object may hold functions, which cannot be cloned. */
export function packCredentials(keys: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
