import { LakotaError } from "../../model/errors.ts";
import { isCrossOrigin, startCrossOriginWorker } from "../protocol/cross-origin-worker.ts";

/** Whether this platform has workers, and this module an address beside which to find their scripts. */
export const canStartWorkers = (): boolean => !!(globalThis.Worker && import.meta.url);

/** Starts the engine's worker, whose script lies beside this one in `dist/`. */
export function startEngineWorker(): Worker {
  // Bundlers recognise the worker by exactly this expression.
  if (!isCrossOrigin(import.meta.url))
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  return startCrossOriginWorker("./worker.js", import.meta.url);
}

/** Returns the error for an `error` or `messageerror` event of the engine's worker. */
export function crashError(event: Event): LakotaError {
  const message = event instanceof ErrorEvent && event.message;
  if (message) {
    const where = event.filename ? ` (${event.filename}:${event.lineno})` : "";
    return crashed(`The repo's worker crashed: ${message}${where}. The next call starts a new one.`);
  }
  if (event.type === "messageerror")
    return crashed("A message from the repo's worker could not be read. The next call starts a new one.");
  return crashed(
    "The repo's worker could not be started. Is worker.js served as JavaScript beside index.js, and does " +
      "the page's Content-Security-Policy allow it (worker-src, script-src)? Or start it with the option `worker`.",
  );
}

const crashed = (message: string) => new LakotaError("crashed", message);
