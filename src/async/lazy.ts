type Load = () => Promise<unknown>;

/** Every lazily loaded part of the code that runs on this thread. */
const parts = new Set<Load>();

/**
 * Registers a part that loads when it is first used, so that {@link loadAhead} can load it before the network
 * goes.
 *
 * @param load calls `import()` with a literal path: bundlers look for that
 * @returns `load`
 * @example
 * const merge = lazy(() => import("./merge.ts"));
 * const { mergeHeads } = await merge();
 */
export function lazy<T>(load: () => Promise<T>): () => Promise<T> {
  parts.add(load);
  return load;
}

/**
 * Loads every registered part, and the parts that those register. A part that fails to load is loaded when it
 * is used.
 */
export async function loadAhead(): Promise<void> {
  for (const load of parts) await load().catch(() => undefined);
}
