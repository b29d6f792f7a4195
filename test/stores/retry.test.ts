import { describe, expect, test } from "vitest";
import { systemClock } from "../../src/async/clock.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { parseRetryAfter, TransientError, withRetries } from "../../src/stores/http/retry.ts";
import { TestClock } from "./tools.ts";

const busy = (retryAfter?: number) => new TransientError(new LakotaError("network", "busy"), retryAfter);

function failing(
  times: number,
  error: () => unknown,
): { attempt: () => Promise<string>; count: () => number } {
  let count = 0;
  const attempt = async () => {
    if (++count <= times) throw error();
    return "done";
  };
  return { attempt, count: () => count };
}

describe("withRetries", () => {
  test("waits a random part of a delay that doubles", async () => {
    const clock = new TestClock();
    expect(await withRetries(failing(4, busy).attempt, { clock })).toBe("done");
    expect(clock.sleeps).toEqual([50, 100, 200, 400]);
    clock.sleeps = [];
    clock.chance = 0;
    await withRetries(failing(2, busy).attempt, { clock });
    expect(clock.sleeps).toEqual([0, 0]);
  });

  test("throws the final error once no retries are left", async () => {
    const clock = new TestClock();
    const { attempt, count } = failing(9, busy);
    await expect(withRetries(attempt, { clock, retries: 2 })).rejects.toMatchObject({
      code: "network",
      message: "busy",
    });
    expect(count()).toBe(3);
  });

  test("does not retry other errors", async () => {
    const { attempt, count } = failing(9, () => new LakotaError("forbidden", "no"));
    await expect(withRetries(attempt, { clock: new TestClock() })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(count()).toBe(1);
  });

  test("waits for Retry-After, up to 30 s", async () => {
    const clock = new TestClock();
    clock.chance = 0;
    await withRetries(failing(1, () => busy(2000)).attempt, { clock });
    await withRetries(failing(1, () => busy(3_600_000)).attempt, { clock });
    expect(clock.sleeps).toEqual([2000, 30_000]);
  });

  test("an abort ends the wait at once, with the app's reason as cause", async () => {
    const controller = new AbortController();
    const clock = { ...systemClock, random: () => 0 };
    const { attempt, count } = failing(9, () => busy(3_600_000));
    const result = withRetries(attempt, { clock, signal: controller.signal });
    setImmediate(() => controller.abort("enough"));
    await expect(result).rejects.toMatchObject({ code: "aborted", cause: "enough" });
    expect(count()).toBe(1);
  });

  test("an abort during an attempt takes precedence over its outcome", async () => {
    const controller = new AbortController();
    const attempt = async () => {
      controller.abort();
      throw busy();
    };
    await expect(withRetries(attempt, { signal: controller.signal })).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

test("parseRetryAfter reads seconds and dates", () => {
  const now = Date.UTC(2024, 0, 1);
  expect(parseRetryAfter("7", now)).toBe(7000);
  expect(parseRetryAfter("Mon, 01 Jan 2024 00:01:00 GMT", now)).toBe(60_000);
  expect(parseRetryAfter("Sun, 31 Dec 2023 00:00:00 GMT", now)).toBe(0);
  expect(parseRetryAfter("soon", now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});
