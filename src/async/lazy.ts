import { LakotaError } from "../model/errors.ts";

type Load = () => Promise<unknown>;

/** Every lazily loaded part of the code that runs on this thread. */
const parts = new Set<Load>();

/**
 * Registers a part that loads when it is first used, so that {@link loadAhead} can load it before the network
 * goes.
 *
 * @param load calls `import()` with a literal path: bundlers look for that
 * @returns a function that loads the part, or the part that is loaded already; it throws `network` or `offline`
 *   where a browser cannot fetch the code, and the next call tries again
 * @example
 * const merge = lazy(() => import("./merge.ts"));
 * const { mergeHeads } = await merge();
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  parts.add(load);
  return () => load().catch(cannotLoad);
}

/** Browsers reject `import()` with a TypeError if a file cannot be fetched. */
function cannotLoad(cause: unknown): never {
  if (!(cause instanceof TypeError)) throw cause;
  const message = `Code that this call needs cannot be loaded (${cause.message}). Try again once there is a network.`;
  throw new LakotaError(codeOfNoNetwork(), message, { cause });
}

/** Returns the code of an error when a file cannot be fetched. */
export const codeOfNoNetwork = (): "offline" | "network" =>
  globalThis.navigator?.onLine === false ? "offline" : "network";

/**
 * Loads every registered part, and the parts that those register. A part that fails to load is loaded when it
 * is used.
 */
export async function loadAhead(): Promise<void> {
  for (const load of parts) await load().catch(() => undefined);
}
