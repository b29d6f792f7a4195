import { describe, expect, test } from "vitest";
import { Shared } from "../../src/async/shared.ts";

/** Work that never ends, and its signal. */
function stuck() {
  let signal: AbortSignal | undefined;
  const shared = new Shared((own) => {
    signal = own;
    return new Promise<number>(() => {});
  });
  return { shared, signal: signal! };
}

describe("Shared", () => {
  test("ends once every caller has aborted, also if the work does not", async () => {
    const { shared, signal } = stuck();
    const [first, second] = [new AbortController(), new AbortController()];
    const joined = [first, second].map((caller) => shared.join(caller.signal));
    first.abort();
    await expect(joined[0]).rejects.toMatchObject({ code: "aborted" });
    expect([shared.abandoned, signal.aborted]).toEqual([false, false]);
    second.abort();
    await expect(joined[1]).rejects.toMatchObject({ code: "aborted" });
    expect([shared.abandoned, signal.aborted]).toEqual([true, true]);
    await expect(shared.result).rejects.toMatchObject({ code: "aborted" });
  });

  test("those who only await the result do not keep it going", async () => {
    const { shared } = stuck();
    const awaited = shared.result.catch(({ code }) => code);
    const caller = new AbortController();
    const joined = shared.join(caller.signal);
    caller.abort();
    await expect(joined).rejects.toMatchObject({ code: "aborted" });
    expect(await awaited).toBe("aborted");
  });

  test("keeps its result for later callers", async () => {
    let runs = 0;
    const shared = new Shared(async () => ++runs);
    expect(await shared.join(new AbortController().signal)).toBe(1);
    expect(await shared.join()).toBe(1);
    expect(shared.abandoned).toBe(false);
  });
});
