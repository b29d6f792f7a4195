import { checkArguments } from "../model/api/arguments.ts";
import type { Change, ChangeListener, WatchOptions } from "../model/api/history.ts";
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
 * Starts what `watch` is asked for, until `ended` fires.
 *
 * @param first the listener, or the options of an iteration
 * @param listens which of both it is
 * @returns the changes, if there is no listener
 */
export function startWatch(
  polling: (options: WatchOptions) => NextChange,
  first: ChangeListener | WatchOptions = {},
  own: WatchOptions | undefined,
  ended: AbortSignal,
  listens: boolean,
): AsyncGenerator<Change, undefined> | undefined {
  if (!listens) {
    const options = first as WatchOptions;
    return iterateChanges(polling(options), options, ended);
  }
  const listener = first as ChangeListener;
  const options = own === undefined ? {} : own;
  if (!ended.aborted) ended.addEventListener("abort", pollChanges(polling(options), listener, options));
  return undefined;
}

/**
 * Polls `next` until it is stopped, and calls `listener` with each change. After an error it calls `onError`,
 * waits for `every` milliseconds and polls again. An argument of a wrong type is such an error, and nothing is
 * polled. Ends when the repo is closed.
 *
 * @returns a function that stops polling; `listener` is not called after it
 */
function pollChanges(
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
 * Yields changes as {@link pollChanges} reports them: those after `since`, else after this call. Polls only when the
 * next change is asked for, so that everything that happened since the last one is one change, however slow the caller is.
 *
 * @param ended ends the iteration
 * @throws `aborted` when the signal among the options fires, `closed` when the repo is closed; other failures go to
 *   `onError`
 */
function iterateChanges(
  next: NextChange,
  options: WatchOptions,
  ended: AbortSignal,
): AsyncGenerator<Change, undefined> {
  checkArguments("Collection.watch", () => {}, options);
  const { since, signal } = options;
  const ending = AbortSignal.any(signal ? [ended, signal] : [ended]);
  const first = since ? undefined : next(undefined, ending);
  first?.catch(() => {}); // reported when the first change is asked for
  return changesAfter(first, next, options, ended, ending);
}

/** @param first the poll that the iteration begins with */
async function* changesAfter(
  first: Promise<PollResult> | undefined,
  next: NextChange,
  options: WatchOptions,
  ended: AbortSignal,
  ending: AbortSignal,
): AsyncGenerator<Change, undefined> {
  const { every = WATCH_INTERVAL, since: start, signal } = options;
  const onError = errorCallback(options);
  let polling = first;
  let since = idsOf(start);
  let changed: Change | undefined;
  while (!ended.aborted) {
    throwIfAborted(signal);
    try {
      const { heads, change } = await (polling ?? next(since, ending));
      since = [...heads];
      changed = change;
      polling = undefined;
    } catch (error) {
      if (ended.aborted) break;
      throwIfAborted(signal);
      if (isClosed(error)) throw error;
      onError(error);
      polling = undefined;
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
