import { startWorker } from "../protocol/start-worker.ts";

/** Starts the engine's worker, whose script lies beside this one in `dist/`. */
export const startEngineWorker = (): Worker =>
  // Bundlers recognise the worker by exactly this expression.
  startWorker(() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }));
