import { afterEach, describe, expect, test, vi } from "vitest";
import { Mutex } from "../../src/async/mutex.ts";
import { controlledWork, settle } from "./controlled-work.ts";

afterEach(() => vi.unstubAllGlobals());

/** Locks as the platform has them: a request that is aborted rejects with the reason of its signal. */
const heldLocks = {
  request: (_: string, { signal }: { signal: AbortSignal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
};

describe.each([
  ["without Web Locks", undefined],
  ["where the lock is held elsewhere", heldLocks],
])("a mutex %s", (_, locks) => {
  test("a queued operation ends when its signal fires, and never starts", async () => {
    vi.stubGlobal("navigator", { locks });
    const log: string[] = [];
    const [mutex, caller] = [new Mutex("m"), new AbortController()];
    const [first, second, third] = ["first", "second", "third"].map((name) => controlledWork(log, name));
    const { signal } = new AbortController();
    void mutex.run(first!.run, signal);
    const queued = mutex.run(second!.run, caller.signal);
    const last = mutex.run(third!.run, signal);
    await settle();
    caller.abort(new Error("The caller has had enough."));
    await expect(queued).rejects.toMatchObject({ name: "LakotaError", code: "aborted" });
    await settle();
    expect(log).toEqual(locks ? [] : ["first"]); // the last one still waits for the first
    first!.end();
    third!.end();
    if (!locks) await last;
    expect(log).toEqual(locks ? [] : ["first", "third"]);
  });
});

test("a mutex ends a request for a Web Lock when the signal fires", async () => {
  vi.stubGlobal("navigator", { locks: heldLocks });
  const caller = new AbortController();
  const running = new Mutex("m").run(async () => {}, caller.signal);
  await settle();
  caller.abort(new Error("The caller has had enough."));
  await expect(running).rejects.toMatchObject({ name: "LakotaError", code: "aborted" });
});
