import { aborted } from "../model/errors.ts";

/** Who waits for a signal. They share one listener: more than ten on a signal Node takes for a leak, and warns of. */
const waiting = new WeakMap<EventTarget, Set<() => void>>();

/**
 * Calls `act`, a function that is given once, when the signal fires. Answers what ends the wait, to be called in any
 * case: a signal that is listened to is kept in memory.
 */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => {};
  const acts = waiting.get(signal) ?? new Set();
  waiting.set(signal, acts.add(act));
  signal.addEventListener("abort", tell, { once: true }); // one that is there already is not added again
  return () => {
    acts.delete(act);
    if (acts.size === 0) signal.removeEventListener("abort", tell);
  };
}

function tell({ target }: Event): void {
  for (const act of waiting.get(target!) ?? []) act();
}

/**
 * What `promise` gives, or `aborted` as soon as the signal fires. The work behind it then goes on unheard,
 * unless `stop` ends it.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  stop?: () => void,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const cancel = () => {
      reject(aborted(signal));
      stop?.();
    };
    if (signal.aborted) cancel();
    promise.then(resolve, reject).finally(onAbort(signal, cancel));
  });
}
