import { aborted } from "../model/errors.ts";

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
    signal.addEventListener("abort", cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", cancel));
  });
}
