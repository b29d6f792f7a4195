/** The parts of the client that are loaded on demand: a page that only reads needs none of them. */

import { pollChanges, WATCH_INTERVAL } from "../../async/poll.ts";
import type { Batch } from "../../model/api/collection.ts";
import type { Change, RangeChange, RevisionRef, WatchOptions } from "../../model/api/history.ts";
import type { DryRunOptions } from "../../model/api/options.ts";
import type { CloneOptions } from "../../model/api/repo.ts";
import type { FrameInput } from "../../model/api/series.ts";
import { BatchGuard } from "../../model/batch-guard.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import type { unpackResult } from "../protocol/frames.ts";
import { packInput } from "../protocol/input-frames.ts";
import type { CallControls, Calls, Invocation, Invoker } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";

export { callStale, pages } from "./results.ts";

/**
 * Returns the error of {@link connect} for a worker that was not started, with what to do about it.
 *
 * @param error `crashed`
 * @param isCustom whether the app starts the worker, with the option `worker`
 */
export function explainCrash(error: LakotaError, isCustom: boolean): LakotaError {
  const isStart = error.message.endsWith("could not be started.");
  if (isCustom) {
    if (!isStart) return error;
    const advice =
      "Is the script that the option `worker` starts there, served as JavaScript, and allowed by the page's " +
      "Content-Security-Policy (worker-src)?";
    return new LakotaError("crashed", `${error.message} ${advice}`, error);
  }
  if (!("Worker" in globalThis)) {
    const message =
      "connect() needs web workers, and there are none here. In Node, open the repo with openRepo() of lakota/node; in " +
      "another runtime, or while a server renders, with openRepo() of lakota/engine; or connect only in the browser.";
    return new LakotaError("unsupported", message, error);
  }
  if (!import.meta.url) {
    const message =
      "The address of Lakota's worker is not known, because this is not an ES module (import.meta.url is empty). Bundle " +
      'as ES modules (format: "esm" in esbuild), or start the worker with the option `worker`.';
    return new LakotaError("unsupported", message, error);
  }
  const { message, cause } = error;
  if (/Trusted/.test(message)) {
    const advice =
      "The page requires Trusted Types: allow Lakota's policy in its Content-Security-Policy, with trusted-types lakota.";
    return new LakotaError("crashed", `The repo's worker could not be started: ${message} ${advice}`, {
      cause,
    });
  }
  if (!isStart) return error;
  const advice =
    "Is worker.js served as JavaScript beside index.js? Does the page's Content-Security-Policy allow it (worker-src, " +
    "script-src)? If the page has a Cross-Origin-Embedder-Policy, worker.js and decoder.js need that header, too. Or start " +
    "it with the option `worker`.";
  return new LakotaError("crashed", `${message} ${advice}`, { cause });
}

/** Invokes a method that takes a frame. */
export async function send(
  series: Pick<Invoker<"series">, "invoke">,
  method: "write" | "update",
  frame: FrameInput,
  options?: CallControls,
): Promise<void> {
  const { input, transfer } = packInput(frame);
  return series.invoke(method, [{ frame: input }], options, transfer);
}

/** Implements {@link Repo.clone}, except for opening the clone. */
export function clone(
  connection: Connection,
  label: string,
  to: string,
  { schema, signal, ...options }: CloneOptions & DryRunOptions = {},
): Promise<Calls["clone"]["result"]> {
  return connection.call("clone", { label, to, options, schema: schema?.dump() }, { signal });
}

/** Implements {@link Collection.diff}. @param unpack passed in because the page has loaded it already */
export async function diff(
  connection: Connection,
  { target, args: [from, to], options }: CollectionInvocation<[from: RevisionRef, to: RevisionRef]>,
  controls: CallControls,
  unpack: typeof unpackResult,
): Promise<RangeChange[]> {
  const changes = await connection.call("diff", { ref: target.ref, from, to, options }, controls);
  return changes.map(({ rows, ...change }) => ({
    ...change,
    ...(rows && { rows: { removed: unpack(rows.removed) as Frame, added: unpack(rows.added) as Frame } }),
  }));
}

/** Implements {@link Collection.watch}, for all series or for the one with `label`, until `ending` fires. */
export function watch(
  collection: Invoker<"collection">,
  listener: (change: Change) => void,
  options: WatchOptions,
  label: string | undefined,
  ending: AbortSignal,
): void {
  const args = { every: options.every ?? WATCH_INTERVAL, label };
  const signal = options.signal ? AbortSignal.any([options.signal, ending]) : ending;
  pollChanges((since, signal) => collection.invoke("nextChange", [since], { ...args, signal }), listener, {
    ...options,
    signal,
  });
}

/** A call of a method of a collection. */
type CollectionInvocation<Args> = Invocation<"collection", Args>;

/** Makes the handles of a batch. Passed in, so that this file does not load RemoteObject. */
interface Handles {
  batch(batch: number): Invoker<"batch">;
  series(batch: number, label: string): Invoker<"batchSeries">;
}

/** Implements {@link Collection.batch}. */
export async function batch<T>(
  connection: Connection,
  { target, options }: CollectionInvocation<[]>,
  work: (batch: Batch) => Promise<T>,
  handles: Handles,
  signal: AbortSignal | undefined,
): Promise<T> {
  const id = connection.nextId();
  const remote = handles.batch(id);
  const guard = new BatchGuard();
  try {
    await connection.call("beginBatch", { batch: id, collection: target.ref, options }, { signal });
    const result = await work({
      series(label) {
        const series = handles.series(id, label);
        return {
          write: (frame, options) => guard.run(() => send(series, "write", frame, options)),
          update: (frame, options) => guard.run(() => send(series, "update", frame, options)),
          delete: (options) => guard.run(() => series.invoke("delete", [], options)),
        };
      },
      drop: (labels) => guard.run(() => remote.invoke("drop", [labels])),
      rename: (label, to) => guard.run(() => remote.invoke("rename", [label, to])),
    });
    guard.end();
    await connection.call("commitBatch", id, { signal });
    return result;
  } catch (error) {
    connection.notify({ kind: "end", id });
    throw error;
  } finally {
    guard.end();
  }
}
