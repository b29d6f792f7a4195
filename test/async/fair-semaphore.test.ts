import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FairSemaphore } from "../../src/async/fair-semaphore.ts";
import { controlledWork, settle } from "./controlled-work.ts";

describe("FairSemaphore", () => {
  test("runs as much work at a time as it has slots, in order", async () => {
    const log: string[] = [];
    const semaphore = new FairSemaphore(2);
    const works = ["a", "b", "c"].map((name) => controlledWork(log, name));
    const runs = works.map(({ run }) => semaphore.run(run));
    expect(log).toEqual(["a", "b"]);
    works[1]?.end();
    await runs[1];
    await settle();
    expect(log).toEqual(["a", "b", "c"]);
    for (const { end } of works) end();
    await Promise.all(runs);
  });

  test("leaves slots to other owners, and serves the owners in turn", async () => {
    const log: string[] = [];
    const semaphore = new FairSemaphore(3, 2);
    const [one, two] = [{}, {}];
    const first = ["1a", "1b", "1c", "1d"].map((name) => controlledWork(log, name));
    const second = ["2a", "2b"].map((name) => controlledWork(log, name));
    const runs = [
      ...first.map(({ run }) => semaphore.run(run, one)),
      ...second.map(({ run }) => semaphore.run(run, two)),
    ];
    expect(log).toEqual(["1a", "1b", "2a"]);
    first[0]?.end();
    await settle();
    expect(log.slice(3)).toEqual(["1c"]);
    first[1]?.end();
    await settle();
    expect(log.slice(4)).toEqual(["2b"]);
    for (const { end } of [...first, ...second]) end();
    await Promise.all(runs);
    expect(log).toHaveLength(6);
  });

  test("continues after work that fails", async () => {
    const semaphore = new FairSemaphore(1);
    await expect(semaphore.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await semaphore.run(async () => 1)).toBe(1);
  });

  test("never exceeds slots or shares, idles only when it must, and keeps the order of each owner", async () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
    const works = fc.array(fc.nat(2), { minLength: 1, maxLength: 20 }); // the owner of each
    await fc.assert(
      fc.asyncProperty(sizes, works, fc.infiniteStream(fc.nat(99)), async ([slots, share], owners, picks) => {
        const semaphore = new FairSemaphore(slots, share);
        const keys = [{}, {}, {}];
        const log: string[] = [];
        const all = owners.map((owner, i) => ({ owner, ...controlledWork(log, String(i)) }));
        const runs = all.map(({ run, owner }) => semaphore.run(run, keys[owner]));
        const ended = new Set<number>();
        while (ended.size < all.length) {
          const started = log.map(Number);
          const running = started.filter((i) => !ended.has(i));
          const queued = all.map((_, i) => i).filter((i) => !started.includes(i));
          const runningOf = (owner: number) => running.filter((i) => owners[i] === owner).length;
          expect(running.length).toBeLessThanOrEqual(slots);
          for (const owner of [0, 1, 2]) {
            expect(runningOf(owner)).toBeLessThanOrEqual(share);
            const own = started.filter((i) => owners[i] === owner);
            expect(own).toEqual([...own].sort((a, b) => a - b));
          }
          const startable = queued.filter((i) => runningOf(owners[i]!) < share);
          if (running.length < slots) expect(startable).toEqual([]);
          const next = running[picks.next().value! % running.length]!;
          all[next]!.end();
          ended.add(next);
          await settle();
        }
        await Promise.all(runs);
      }),
    );
  });
});
