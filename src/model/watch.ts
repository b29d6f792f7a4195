import type { Change, WatchOptions } from "./api/history.ts";

/** Milliseconds between two looks at the store. */
export const WATCH_EVERY = 5_000;

/** News, and the heads to ask on from. */
export interface News {
  readonly heads: readonly string[];
  readonly change: Change | undefined;
}

/**
 * Calls `listener` with what `next` answers, again and again. Returns a function that ends it; no call follows it.
 *
 * @param next resolves when there is something new since the heads that it is given
 */
export function watchLoop(
  next: (since: readonly string[] | undefined, signal: AbortSignal) => Promise<News>,
  listener: (change: Change) => void,
  { every = WATCH_EVERY, since: seen, signal, onError = console.warn }: WatchOptions,
): () => void {
  const ending = new AbortController();
  const end = () => ending.abort();
  const ended = () => ending.signal.aborted || signal?.aborted;
  let since = seen?.map((revision) => (typeof revision === "string" ? revision : revision.id));
  const look = async () => {
    while (!ended()) {
      try {
        const { heads, change } = await next(since, ending.signal);
        since = [...heads];
        if (change && !ended()) listener(change);
      } catch (error) {
        if (ended()) return;
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, every));
      }
    }
  };
  signal?.addEventListener("abort", end, { once: true });
  void look();
  return end;
}
