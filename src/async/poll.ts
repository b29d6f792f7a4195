import { checkArguments } from "../model/api/arguments.ts";
import type { Change, WatchOptions } from "../model/api/history.ts";
import { LakotaError, throwIfAborted } from "../model/errors.ts";
import { sleep } from "./clock.ts";

/** Default of `WatchOptions.every`: milliseconds between two polls of the store. */
export const WATCH_INTERVAL = 5_000;

/** Options of one poll. */
export interface PollOptions {
  /** Milliseconds between two listings. */
  every: number;
  /** Waits for a change of this series only. */
  label?: string | undefined;
  /** As {@link WatchOptions.numbers}. */
  numbers?: boolean | undefined;
  signal?: AbortSignal | undefined;
}

/** The outcome of one poll. */
export interface PollResult {
  /** Heads to poll on from. */
  readonly heads: readonly string[];
  /** What is new since the heads before; `undefined` for the first poll. */
  readonly change: Change | undefined;
}

/** Resolves once there is something new since the given heads. */
export type NextChange = (since: readonly string[] | undefined, signal: AbortSignal) => Promise<PollResult>;

/**
 * Polls `next` until it is stopped, and calls `listener` with each change. After an error it calls `onError`,
 * waits for `every` milliseconds and polls again. An argument of a wrong type is such an error, and nothing is
 * polled. Ends when the repo is closed.
 *
 * @returns a function that stops polling; `listener` is not called after it
 */
export function pollChanges(
  next: NextChange,
  listener: (change: Change) => void,
  options: WatchOptions,
): () => void {
  const onError = errorCallback(options);
  try {
    checkArguments("Collection.watch", listener, options);
  } catch (error) {
    onError(error);
    return () => {};
  }
  const { every = WATCH_INTERVAL, since: start, signal } = options;
  const stopping = new AbortController();
  const stop = () => {
    stopping.abort();
    signal?.removeEventListener("abort", stop);
  };
  const isStopped = () => stopping.signal.aborted || signal?.aborted;
  let since = idsOf(start);
  let hasPolled = false;
  const poll = async () => {
    while (!isStopped()) {
      try {
        const { heads, change } = await next(since, stopping.signal);
        since = [...heads];
        hasPolled = true;
        if (change && !isStopped()) listener(change);
      } catch (error) {
        if (isStopped() || (hasPolled && isClosed(error))) return;
        onError(error);
        if (isClosed(error)) return;
        await sleep(every, stopping.signal).catch(() => {}); // stopped meanwhile
      }
    }
  };
  signal?.addEventListener("abort", stop, { once: true });
  void poll();
  return stop;
}

/**
 * Yields changes as {@link pollChanges} reports them. Polls only when the next change is asked for, so that everything
 * that happened since the last one is one change, however slow the caller is.
 *
 * @param ended ends the iteration
 * @throws `aborted` when the signal among the options fires, `closed` when the repo is closed; other failures go to
 *   `onError`
 */
export async function* iterateChanges(
  next: NextChange,
  options: WatchOptions,
  ended: AbortSignal,
): AsyncGenerator<Change, undefined> {
  checkArguments("Collection.watch", () => {}, options);
  const { every = WATCH_INTERVAL, since: start, signal } = options;
  const onError = errorCallback(options);
  const ending = AbortSignal.any(signal ? [ended, signal] : [ended]);
  let since = idsOf(start);
  let changed: Change | undefined;
  while (!ended.aborted) {
    throwIfAborted(signal);
    try {
      const { heads, change } = await next(since, ending);
      since = [...heads];
      changed = change;
    } catch (error) {
      if (ended.aborted) break;
      throwIfAborted(signal);
      if (isClosed(error)) throw error;
      onError(error);
      await sleep(every, ending).catch(() => {}); // ended meanwhile
      continue;
    }
    if (changed) yield changed;
  }
  return undefined;
}

const idsOf = (revisions: WatchOptions["since"]): string[] | undefined =>
  revisions?.map((revision) => (typeof revision === "string" ? revision : revision.id));

const isClosed = (error: unknown): boolean => error instanceof LakotaError && error.code === "closed";

/** Returns what is called with errors, whatever the options are. */
function errorCallback(options: WatchOptions): (error: unknown) => void {
  try {
    if (typeof options.onError === "function") return options.onError;
  } catch {
    // Wrong options are the first error.
  }
  return console.warn;
}
