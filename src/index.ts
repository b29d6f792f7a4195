/**
 * `lakota`: repositories of versioned time series, read and written by a worker, so that the page stays free.
 *
 * @module
 */
export * from "./model/public.ts";
export { connect } from "./worker/client/client.ts";
export type { ConnectOptions } from "./worker/client/options.ts";
