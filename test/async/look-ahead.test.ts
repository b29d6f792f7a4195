import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lookAhead } from "../../src/async/look-ahead.ts";
import { controlledWork, settle } from "./controlled-work.ts";

describe("lookAhead", () => {
  test("yields results in order, whatever order they finish in", async () => {
    const items = [30, 1, 20, 0];
    const delayed = (ms: number) => new Promise<number>((resolve) => setTimeout(() => resolve(ms), ms));
    const seen: number[] = [];
    for await (const result of lookAhead(items, 4, delayed)) seen.push(result);
    expect(seen).toEqual(items);
  });

  test("starts nothing before the first result is requested", async () => {
    const log: string[] = [];
    const results = lookAhead(["a", "b"], 2, async (item) => log.push(item));
    await settle();
    expect(log).toEqual([]);
    await results.next();
    expect(log).toEqual(["a", "b"]);
    await results.return();
  });

  test("has `depth` items in progress, and no more until the next result is requested", async () => {
    const log: string[] = [];
    const works = ["a", "b", "c", "d"].map((name) => controlledWork(log, name));
    const results = lookAhead(works, 2, ({ run }) => run());
    const first = results.next();
    await settle();
    expect(log).toEqual(["a", "b"]);
    for (const { end } of works) end();
    await first;
    await settle();
    expect(log).toEqual(["a", "b"]);
    await results.next();
    expect(log).toEqual(["a", "b", "c"]);
    await results.return();
    expect(log).toHaveLength(3);
  });

  test("a function makes the depth grow with the results", async () => {
    const log: string[] = [];
    const items = ["a", "b", "c", "d", "e", "f", "g"];
    const results = lookAhead(
      items,
      (done) => 2 ** done,
      async (item) => log.push(item),
    );
    const started: number[] = [];
    for await (const _ of results) started.push(log.length);
    expect(started).toEqual([1, 3, 6, 7, 7, 7, 7]);
  });

  test("an error is thrown in its turn, after the results before it", async () => {
    const results = lookAhead([1, 2, 3], 3, async (item) => {
      if (item === 2) throw new Error("second");
      return item;
    });
    expect(await results.next()).toEqual({ done: false, value: 1 });
    await settle(); // the rejection of the second one is no unhandled one
    await expect(results.next()).rejects.toThrow("second");
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  test("starts each item once, in order, at most `depth` ahead of the results", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(12), fc.integer({ min: 1, max: 5 }), async (length, depth) => {
        const items = Array.from({ length }, (_, i) => i);
        const started: number[] = [];
        let done = 0;
        for await (const result of lookAhead(items, depth, async (item) => started.push(item) - 1)) {
          expect(result).toBe(done);
          expect(started).toEqual(items.slice(0, Math.min(length, done + depth)));
          done++;
        }
        expect(done).toBe(length);
      }),
    );
  });
});
