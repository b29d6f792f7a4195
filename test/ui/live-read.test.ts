import { expect, test, vi } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import { LiveRead, type LiveSource, type Loaded } from "../../src/ui/live-read.ts";

/** A source whose reads end when the test says so. */
function controlled() {
  const reads: {
    resolve(rows: string): void;
    reject(error: unknown): void;
    signal: AbortSignal;
    onStale(known: string): void;
  }[] = [];
  const states: Loaded<string>[] = [];
  let change = () => {};
  const source: LiveSource<string> = {
    read: (options) => new Promise((resolve, reject) => reads.push({ resolve, reject, ...options })),
    watch(listener) {
      change = listener;
    },
  };
  const live = new LiveRead(source, (state) => states.push(state));
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { live, reads, states, settled, change: () => change() };
}

test("reads at once, and again after a change", async () => {
  const { live, reads, states, settled, change } = controlled();
  expect(live.state).toEqual({ data: undefined, error: undefined, isLoading: true });
  reads[0]!.resolve("old");
  await settled();
  change();
  reads[1]!.resolve("new");
  await settled();
  expect(states).toEqual([
    { data: "old", error: undefined, isLoading: false },
    { data: "old", error: undefined, isLoading: true },
    { data: "new", error: undefined, isLoading: false },
  ]);
});

test("changes during a read make one more read, however many", async () => {
  const { live, reads, settled, change } = controlled();
  for (let i = 0; i < 3; i++) change();
  expect(reads.length).toBe(1);
  reads[0]!.resolve("old");
  await settled();
  expect(reads.length).toBe(2);
  reads[1]!.resolve("new");
  await settled();
  expect(reads.length).toBe(2);
  expect(live.state).toEqual({ data: "new", error: undefined, isLoading: false });
});

test("what is known is shown while the read goes on", async () => {
  const { live, reads } = controlled();
  reads[0]!.onStale("known");
  expect(live.state).toEqual({ data: "known", error: undefined, isLoading: true });
});

test("after a failure the data stay, and the next change reads again", async () => {
  const { live, reads, settled, change } = controlled();
  reads[0]!.resolve("old");
  await settled();
  change();
  const error = new Error("no network");
  reads[1]!.reject(error);
  await settled();
  expect(live.state).toEqual({ data: "old", error, isLoading: false });
  change();
  reads[2]!.resolve("new");
  await settled();
  expect(live.state).toEqual({ data: "new", error: undefined, isLoading: false });
});

test("end() aborts the read, and nothing is told any more", async () => {
  const { live, reads, states, settled, change } = controlled();
  live.end();
  expect(reads[0]!.signal.aborted).toBe(true);
  reads[0]!.reject(reads[0]!.signal.reason);
  await settled();
  change();
  await settled();
  expect(reads.length).toBe(1);
  expect(states).toEqual([]);
});

test("a read that failed for lack of a network is repeated", async () => {
  vi.useFakeTimers();
  try {
    const reads = vi
      .fn<LiveSource<string>["read"]>()
      .mockRejectedValueOnce(new LakotaError("network", "no response"))
      .mockResolvedValueOnce("rows");
    const live = new LiveRead({ read: reads, retryAfter: 5_000 }, () => {});
    await vi.advanceTimersByTimeAsync(4_999);
    expect(live.state.error).toBeInstanceOf(LakotaError);
    await vi.advanceTimersByTimeAsync(1);
    expect(live.state).toEqual({ data: "rows", error: undefined, isLoading: false });
  } finally {
    vi.useRealTimers();
  }
});

test.each([
  ["forbidden", 5_000],
  ["network", undefined],
] as const)("a read that failed with %s is not repeated after %s", async (code, retryAfter) => {
  vi.useFakeTimers();
  try {
    const read = vi.fn<LiveSource<string>["read"]>().mockRejectedValue(new LakotaError(code, "refused"));
    const live = new LiveRead({ read, retryAfter }, () => {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(read).toHaveBeenCalledTimes(1);
    live.end();
  } finally {
    vi.useRealTimers();
  }
});

test("a listener that throws does not end the reads", async () => {
  const thrown: unknown[] = [];
  vi.stubGlobal("queueMicrotask", (throwLater: () => void) => {
    try {
      throwLater();
    } catch (error) {
      thrown.push(error);
    }
  });
  try {
    const mistake = new Error("of the app");
    const read = vi.fn(async () => "rows");
    const live = new LiveRead({ read }, () => {
      throw mistake;
    });
    await vi.waitFor(() => expect(live.state.isLoading).toBe(false));
    live.reload();
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    await vi.waitFor(() => expect(live.state).toEqual({ data: "rows", error: undefined, isLoading: false }));
    expect(thrown).toContain(mistake);
  } finally {
    vi.unstubAllGlobals();
  }
});
