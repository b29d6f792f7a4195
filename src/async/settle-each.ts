import { FairSemaphore } from "./fair-semaphore.ts";

/**
 * Runs `work` on all items with limited concurrency, and starts it in their order. After the first error no
 * further call starts; the error is thrown once the calls in progress have settled.
 */
export async function settleEach<T>(
  items: readonly T[],
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const slots = new FairSemaphore(concurrency);
  let failed = false;
  const run = async (item: T) => {
    if (failed) return;
    try {
      await work(item);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  const results = await Promise.allSettled(items.map((item) => slots.run(() => run(item))));
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
}
