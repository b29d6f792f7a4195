import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

describe("loadAhead", () => {
  let lazy: typeof import("../../src/async/lazy.ts").lazy;
  let loadAhead: typeof import("../../src/async/lazy.ts").loadAhead;
  beforeEach(async () => {
    vi.resetModules(); // forgets the parts that other tests have registered
    ({ lazy, loadAhead } = await import("../../src/async/lazy.ts"));
  });

  test("loads all registered parts, which a registration alone does not", async () => {
    const first = vi.fn(async () => 1);
    const second = vi.fn(async () => 2);
    const loads = [lazy(first), lazy(second)];
    expect(first).not.toHaveBeenCalled();
    await loadAhead();
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).toHaveBeenCalledTimes(1);
    expect(await Promise.all(loads.map((load) => load()))).toEqual([1, 2]);
  });

  test("loads parts that are registered while others load", async () => {
    const loaded: string[] = [];
    lazy(async () => {
      await Promise.resolve();
      loaded.push("outer");
      lazy(async () => {
        await Promise.resolve();
        loaded.push("inner");
        lazy(async () => loaded.push("innermost"));
      });
    });
    await loadAhead();
    expect(loaded).toEqual(["outer", "inner", "innermost"]);
  });

  test("loads the other parts if one fails", async () => {
    const last = vi.fn(async () => 2);
    const failing = lazy(() => Promise.reject(new Error("offline")));
    lazy(last);
    await expect(loadAhead()).resolves.toBeUndefined();
    expect(last).toHaveBeenCalledTimes(1);
    await expect(failing()).rejects.toThrow("offline"); // reported where the part is used
  });

  test("tries a failed part again", async () => {
    const load = vi.fn(async () => 1).mockRejectedValueOnce(new Error("offline"));
    lazy(load);
    await loadAhead();
    await loadAhead();
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("a part that cannot be loaded", () => {
  let lazy: typeof import("../../src/async/lazy.ts").lazy;
  beforeEach(async () => {
    ({ lazy } = await import("../../src/async/lazy.ts"));
  });
  afterEach(() => vi.unstubAllGlobals());

  // The message of Chromium.
  const failure = new TypeError("Failed to fetch dynamically imported module: https://app.test/chunk.js");

  test("is a failure of the network, and is tried again", async () => {
    const load = lazy(vi.fn(async () => 1).mockRejectedValueOnce(failure));
    await expect(load()).rejects.toMatchObject({
      code: "network",
      message: expect.stringMatching(/app\.test\/chunk\.js.*Try again/),
    });
    expect(await load()).toBe(1);
  });

  test("is offline where the device is", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    await expect(lazy(() => Promise.reject(failure))()).rejects.toMatchObject({ code: "offline" });
  });

  test("has its own error if that is in its code", async () => {
    const bug = new ReferenceError("x is not defined");
    await expect(lazy(() => Promise.reject(bug))()).rejects.toBe(bug);
  });
});
