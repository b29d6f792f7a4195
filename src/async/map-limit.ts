/** Revisions under way at a time, where many are asked for: a long history is no reason to open ten thousand requests. */
const MOST = 8;

/** Runs `work` on all, a few at a time. Answers in order; the first error ends it. */
export async function mapLimit<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = new Array(all.length);
  let next = 0;
  const run = async () => {
    while (next < all.length) {
      const i = next++;
      try {
        results[i] = await work(all[i]!);
      } catch (error) {
        next = all.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(MOST, all.length) }, run));
  return results;
}
