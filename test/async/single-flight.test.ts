import { describe, expect, test, vi } from "vitest";
import { SharedRequest } from "../../src/async/single-flight.ts";
import type { Bytes } from "../../src/model/bytes.ts";

/** A request that the test completes. */
function request() {
  let complete: (bytes: Bytes | undefined) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  let receive: (bytes: number, cached: boolean) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const fetch = vi.fn((own: AbortSignal, onBytes: typeof receive) => {
    [signal, receive] = [own, onBytes];
    return new Promise<Bytes | undefined>((resolve, reject) => {
      [complete, fail] = [resolve, reject];
    });
  });
  const shared = new SharedRequest(fetch);
  return { shared, fetch, complete, fail, receive, signal: signal! };
}

describe("SharedRequest", () => {
  test("fetches once, and gives each caller a copy", async () => {
    const { shared, fetch, complete } = request();
    const callers = [shared.join({}), shared.join({})];
    complete(Uint8Array.of(1, 2));
    const [first, second] = await Promise.all(callers);
    first![0] = 9;
    expect(second).toEqual(Uint8Array.of(1, 2));
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test("returns undefined to all for a file that does not exist", async () => {
    const { shared, complete } = request();
    const callers = [shared.join({}), shared.join({})];
    complete(undefined);
    expect(await Promise.all(callers)).toEqual([undefined, undefined]);
  });

  test("an abort rejects its caller only; the fetch ends with the last one", async () => {
    const { shared, complete, signal } = request();
    const [first, second] = [new AbortController(), new AbortController()];
    const aborted = shared.join({ signal: first.signal });
    const remaining = shared.join({ signal: second.signal });
    first.abort();
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    expect([signal.aborted, shared.abandoned]).toEqual([false, false]);
    complete(Uint8Array.of(1));
    expect(await remaining).toEqual(Uint8Array.of(1));
  });

  test("is abandoned once every caller has aborted", async () => {
    const { shared, signal } = request();
    const controller = new AbortController();
    const callers = [1, 2].map(() => shared.join({ signal: controller.signal }));
    controller.abort();
    for (const caller of callers) await expect(caller).rejects.toMatchObject({ code: "aborted" });
    expect([signal.aborted, shared.abandoned]).toEqual([true, true]);
  });

  test("rejects all remaining callers with the error of the fetch", async () => {
    const { shared, fail } = request();
    const callers = [shared.join({}), shared.join({})];
    fail(new Error("reset"));
    for (const caller of callers) await expect(caller).rejects.toThrow("reset");
  });

  test("reports progress to each caller, beginning with what was received before it joined", async () => {
    const { shared, complete, receive } = request();
    const onBytes = vi.fn();
    const early = shared.join({ onBytes });
    receive(10, true);
    receive(5, false);
    receive(7, false);
    const onBytesLate = vi.fn();
    const late = shared.join({ onBytes: onBytesLate });
    receive(1, false);
    complete(Uint8Array.of(1));
    await Promise.all([early, late]);
    receive(1, false); // no caller is left
    expect(onBytes.mock.calls).toEqual([
      [10, true],
      [5, false],
      [7, false],
      [1, false],
    ]);
    expect(onBytesLate.mock.calls).toEqual([
      [10, true],
      [12, false],
      [1, false],
    ]);
  });

  test("calls a callback that two callers pass once for each of them", async () => {
    const { shared, complete, receive } = request();
    const onBytes = vi.fn();
    const callers = [shared.join({ onBytes }), shared.join({ onBytes })];
    receive(3, false);
    complete(Uint8Array.of(1));
    await Promise.all(callers);
    expect(onBytes).toHaveBeenCalledTimes(2);
  });
});
