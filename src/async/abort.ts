import { aborted } from "../model/errors.ts";

/** Callbacks by signal. They share one listener: Node warns of a leak above ten listeners on a signal. */
const callbacks = new WeakMap<EventTarget, Set<() => void>>();

/**
 * Calls `callback` when the signal fires. Each call needs a function of its own.
 *
 * @returns a function that stops listening; it must be called in any case, for a signal keeps its listeners
 * in memory
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (!signal) return () => {};
  const registered = callbacks.get(signal) ?? new Set();
  callbacks.set(signal, registered.add(callback));
  signal.addEventListener("abort", callAll, { once: true }); // has no effect if it is registered already
  return () => {
    registered.delete(callback);
    if (registered.size === 0) signal.removeEventListener("abort", callAll);
  };
}

function callAll({ target }: Event): void {
  for (const callback of callbacks.get(target!) ?? []) callback();
}

/**
 * Resolves or rejects as `promise` does, but rejects with `aborted` as soon as the signal fires. The work
 * behind the promise then continues without effect, unless `stop` ends it.
 */
export function untilAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
  stop?: () => void,
): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const settled = promise.then(resolve, reject); // first: a signal of the caller may throw
    const cancel = () => {
      reject(aborted(signal));
      stop?.();
    };
    if (signal.aborted) cancel();
    settled.finally(onAbort(signal, cancel));
  });
}
