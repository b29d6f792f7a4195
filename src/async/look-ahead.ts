/**
 * Runs `start` on items and yields the results in order, while the next ones are already in progress.
 *
 * @param depth how many are in progress at a time, the one that is yielded next included; a function gets the
 * number of results yielded so far
 */
export async function* lookAhead<T, R>(
  items: readonly T[],
  depth: number | ((done: number) => number),
  start: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const running: Promise<R>[] = [];
  let started = 0;
  for (let done = 0; done < items.length; done++) {
    const end = Math.min(items.length, done + (typeof depth === "number" ? depth : depth(done)));
    for (; started < end; started++) {
      const result = start(items[started]!);
      result.catch(() => {}); // awaited in its turn
      running.push(result);
    }
    yield await running.shift()!;
  }
}
