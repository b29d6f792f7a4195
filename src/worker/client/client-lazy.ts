/** The parts of the client that are loaded on demand: a page that only reads needs none of them. */

import { type NextChange, startWatch, WATCH_INTERVAL } from "../../async/poll.ts";
import { explainFailure } from "../../model/api/arguments.ts";
import type { Batch } from "../../model/api/collection.ts";
import type {
  Change,
  ChangeListener,
  DiffOptions,
  RangeChange,
  RevisionRef,
  WatchOptions,
} from "../../model/api/history.ts";
import type { ChangeOptions, ChangeReport, DryRunOptions } from "../../model/api/options.ts";
import type { PageOptions } from "../../model/api/read.ts";
import type { CloneOptions, CreateCollectionOptions } from "../../model/api/repo.ts";
import type { FrameInput } from "../../model/api/series.ts";
import { BatchGuard } from "../../model/batch-guard.ts";
import { checkLabel } from "../../model/check-label.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";
import { explainArguments } from "../protocol/explain-call.ts";
import { unpackFrame } from "../protocol/frames.ts";
import { packInput } from "../protocol/input-frames.ts";
import type { CallControls, Calls, CollectionInfo } from "../protocol/messages.ts";
import type { Connection } from "./connection.ts";
import type { ConnectOptions } from "./options.ts";
import { RemoteObject } from "./remote-object.ts";

/** Returns the error of {@link connect}, with what to do about it. */
export function explainConnect(
  uri: string | readonly string[],
  options: ConnectOptions,
  error: unknown,
): LakotaError {
  const explained = explainArguments("connect", [uri], options, error);
  if (!(explained instanceof LakotaError) || explained.code === "internal")
    return explainCrash(asLakotaError(error, "crashed"), options.worker !== undefined);
  return explained.code === "crashed" ? explainCrash(explained, options.worker !== undefined) : explained;
}

/**
 * Returns the error for a worker that was not started.
 *
 * @param error `crashed`
 * @param isCustom whether the app starts the worker, with the option `worker`
 */
function explainCrash(error: LakotaError, isCustom: boolean): LakotaError {
  const isStart = error.message.endsWith("could not be started.");
  if (isCustom) {
    if (!isStart) {
      const message = `The option \`worker\` returned no worker (${error.message}).`;
      return error.cause ? new LakotaError("crashed", message, error) : error;
    }
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

/** Runs what a method does before its call reaches the connection, too, so that it fails as all methods do. */
async function explaining<T>(name: string, args: readonly unknown[], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explainFailure(name, args, error);
  }
}

/** Invokes a method that takes a frame. */
export const send = (
  series: Pick<RemoteObject<"series">, "invoke">,
  method: "write" | "update",
  frame: FrameInput,
  options?: CallControls,
): Promise<ChangeReport | undefined> =>
  explaining(`Series.${method}`, [frame, options], async () => {
    const { input, transfer } = packInput(frame);
    return series.invoke(method, [], options, transfer, input);
  });

/** Implements {@link Repo.createCollection}, except for opening it. */
export const createCollection = (
  connection: Connection,
  schema: Schema,
  label: string,
  options?: CreateCollectionOptions,
): Promise<CollectionInfo> =>
  explaining("Repo.createCollection", [schema, label, options], async () =>
    connection.call("createCollection", { schema: schema.dump(), label }, options),
  );

/** Implements {@link Repo.clone}, except for opening the clone. */
export const clone = (
  connection: Connection,
  label: string,
  to: string,
  options: CloneOptions & DryRunOptions = {},
): Promise<Calls["clone"]["result"]> =>
  explaining("Repo.clone", [label, to, options], async () => {
    const { schema, ...rest } = options;
    return connection.call("clone", { label, to, schema: schema?.dump() }, rest);
  });

/** Implements {@link Collection.diff}. */
export async function diff(
  { connection, target }: RemoteObject<"collection">,
  from: RevisionRef,
  to: RevisionRef,
  options?: DiffOptions,
): Promise<RangeChange[]> {
  const changes = await connection.call("diff", { ref: target.ref, from, to }, options);
  return changes.map(({ rows, ...change }) => ({
    ...change,
    ...(rows && { rows: { removed: unpackFrame(rows.removed), added: unpackFrame(rows.added) } }),
  }));
}

/** Implements {@link Series.pages}. */
export async function* pages(
  { connection, target }: RemoteObject<"series">,
  options?: PageOptions,
): AsyncIterableIterator<Frame> {
  const id = connection.nextId();
  try {
    await connection.call("openPages", { ...target.ref, pages: id }, options);
    const { signal, onProgress } = options ?? {};
    for (;;) {
      const rows = await connection.call("nextPage", id, { signal, onProgress });
      if (!rows) return;
      yield rows;
    }
  } finally {
    connection.notify({ kind: "end", id });
  }
}

/** Implements {@link Collection.watch}, for all series or for the one with `label`, until `ended` fires: see {@link startWatch}. */
export const watch = (
  collection: RemoteObject<"collection">,
  first: ChangeListener | WatchOptions | undefined,
  own: WatchOptions | undefined,
  label: string | undefined,
  ended: AbortSignal,
  listens: boolean,
): AsyncGenerator<Change, undefined> | undefined =>
  startWatch((options) => polling(collection, options, label), first, own, ended, listens);

/** @param options are read once they are checked: when the function is called */
const polling =
  (collection: RemoteObject<"collection">, options: WatchOptions, label: string | undefined): NextChange =>
  (since, signal) => {
    const { every = WATCH_INTERVAL, numbers } = options;
    const poll = { every, label, numbers, signal };
    return collection.invoke("nextChange", [since], poll);
  };

/** Returns the options of a change in a batch, with a signal that also fires with that of the batch. */
function within<Options extends CallControls>(batch: AbortSignal | undefined, options?: Options) {
  if (!batch) return options;
  const own = options?.signal;
  return { ...options, signal: own instanceof AbortSignal ? AbortSignal.any([batch, own]) : (own ?? batch) };
}

/** Implements {@link Collection.batch}. */
export const batch = (
  { connection, target }: RemoteObject<"collection">,
  work: (batch: Batch) => Promise<unknown>,
  options: ChangeOptions = {},
): Promise<ChangeReport | undefined> =>
  explaining("Collection.batch", [work, options], async () => {
    const id = connection.nextId();
    const remote = new RemoteObject(connection, { on: "batch", batch: id });
    const { signal } = options;
    const guard = new BatchGuard(signal);
    try {
      await connection.call("beginBatch", { batch: id, collection: target.ref }, options);
      await work({
        series(label) {
          const series = new RemoteObject(connection, {
            on: "batchSeries",
            batch: id,
            label: checkLabel(label),
          });
          return {
            write: (frame, options) => guard.run(() => send(series, "write", frame, within(signal, options))),
            update: (frame, options) =>
              guard.run(() => send(series, "update", frame, within(signal, options))),
            delete: (options) => guard.run(() => series.invoke("delete", [], within(signal, options))),
          };
        },
        drop: (labels) => guard.run(() => remote.invoke("drop", [labels])),
        rename: (label, to) => guard.run(() => remote.invoke("rename", [label, to])),
      });
      guard.end();
      return await connection.call("commitBatch", id, { signal: options.signal });
    } catch (error) {
      connection.notify({ kind: "end", id });
      throw error;
    } finally {
      guard.end();
    }
  });
