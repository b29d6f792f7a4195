/** Calls in progress at a time: reading a long history must not open ten thousand requests at once. */
const LIMIT = 8;

/**
 * Maps items with at most `limit` calls of `work` in progress. Returns the results in the order of the items; after
 * the first error no further call starts.
 */
export async function mapLimit<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  limit = LIMIT,
): Promise<R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  const run = async () => {
    while (next < items.length) {
      const i = next++;
      try {
        results[i] = await work(items[i]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return results;
}
