import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryBudget } from "../../src/async/memory-budget.ts";
import { controlledWork, settle } from "./controlled-work.ts";

describe("MemoryBudget", () => {
  test("admits work in order while it fits, and work that never fits alone", async () => {
    const log: string[] = [];
    const budget = new MemoryBudget(10);
    const works = [6, 3, 99, 1].map((bytes) => ({ bytes, ...controlledWork(log, String(bytes)) }));
    const runs = works.map(({ bytes, run }) => budget.run(bytes, run));
    await settle();
    expect(log).toEqual(["6", "3"]);
    works[0]?.end();
    works[1]?.end();
    await settle();
    expect(log).toEqual(["6", "3", "99"]);
    works[2]?.end();
    await settle();
    expect(log).toEqual(["6", "3", "99", "1"]);
    works[3]?.end();
    await Promise.all(runs);
  });

  test("aborted work in the queue no longer blocks the work behind it", async () => {
    const log: string[] = [];
    const budget = new MemoryBudget(10);
    const [large, huge, small] = [
      controlledWork(log, "large"),
      controlledWork(log, "huge"),
      controlledWork(log, "small"),
    ];
    const controller = new AbortController();
    const first = budget.run(8, large.run);
    const second = budget.run(9, huge.run, controller.signal);
    const third = budget.run(1, small.run);
    await settle();
    expect(log).toEqual(["large"]);
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: "aborted" });
    await settle();
    expect(log).toEqual(["large", "small"]);
    large.end();
    small.end();
    await Promise.all([first, third]);
  });

  test("rejects work whose signal has fired already, without running it", async () => {
    const log: string[] = [];
    const work = controlledWork(log, "aborted");
    const run = new MemoryBudget(10).run(1, work.run, AbortSignal.abort());
    await expect(run).rejects.toMatchObject({ code: "aborted" });
    expect(log).toEqual([]);
  });

  test("releases the memory of work that fails", async () => {
    const budget = new MemoryBudget(10);
    await expect(budget.run(10, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await budget.run(10, async () => 1)).toBe(1);
  });

  test("admits in order, never more than the budget, and as much as fits", async () => {
    const SIZE = 10;
    const weights = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(weights, fc.infiniteStream(fc.nat(99)), async (bytes, picks) => {
        const budget = new MemoryBudget(SIZE);
        const log: string[] = [];
        const all = bytes.map((_, i) => controlledWork(log, String(i)));
        const runs = all.map(({ run }, i) => budget.run(bytes[i]!, run));
        const ended = new Set<number>();
        await settle();
        while (ended.size < all.length) {
          const started = log.map(Number);
          expect(started).toEqual(started.map((_, i) => i)); // first in, first out
          const running = started.filter((i) => !ended.has(i));
          const used = running.reduce((sum, i) => sum + Math.min(bytes[i]!, SIZE), 0);
          expect(used).toBeLessThanOrEqual(SIZE);
          const next = bytes[started.length];
          if (next !== undefined) expect(used + Math.min(next, SIZE)).toBeGreaterThan(SIZE);
          const ending = running[picks.next().value! % running.length]!;
          all[ending]!.end();
          ended.add(ending);
          await settle();
        }
        await Promise.all(runs);
      }),
    );
  });
});
