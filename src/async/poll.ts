import { checkArguments } from "../model/api/arguments.ts";
import type { Change, WatchOptions } from "../model/api/history.ts";
import { sleep } from "./clock.ts";

/** Default of `WatchOptions.every`: milliseconds between two polls of the store. */
export const WATCH_INTERVAL = 5_000;

/** The outcome of one poll. */
export interface PollResult {
  /** Heads to poll on from. */
  readonly heads: readonly string[];
  /** What is new since the heads before; `undefined` for the first poll. */
  readonly change: Change | undefined;
}

/**
 * Polls `next` until it is stopped, and calls `listener` with each change. After an error it calls `onError`,
 * waits for `every` milliseconds and polls again. An argument of a wrong type is such an error, and nothing is
 * polled.
 *
 * @param next resolves once there is something new since the given heads
 * @returns a function that stops polling; `listener` is not called after it
 */
export function pollChanges(
  next: (since: readonly string[] | undefined, signal: AbortSignal) => Promise<PollResult>,
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
  let since = start?.map((revision) => (typeof revision === "string" ? revision : revision.id));
  const poll = async () => {
    while (!isStopped()) {
      try {
        const { heads, change } = await next(since, stopping.signal);
        since = [...heads];
        if (change && !isStopped()) listener(change);
      } catch (error) {
        if (isStopped()) return;
        onError(error);
        await sleep(every, stopping.signal).catch(() => {}); // stopped meanwhile
      }
    }
  };
  signal?.addEventListener("abort", stop, { once: true });
  void poll();
  return stop;
}

/** Returns what is called with errors, whatever the options are. */
function errorCallback(options: WatchOptions): (error: unknown) => void {
  try {
    if (typeof options.onError === "function") return options.onError;
  } catch {
    // Wrong options are the first error.
  }
  return console.warn;
}
