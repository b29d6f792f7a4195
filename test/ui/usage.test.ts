import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LiveQuery } from "../../src/ui/react/live-query.ts";
import { Usage } from "../../src/ui/react/usage.ts";

const MINUTE = 60_000;
const dispose = vi.fn();
const never = new Promise<void>(() => {});
const settled = Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers();
  dispose.mockClear();
});
afterEach(() => vi.useRealTimers());

test("what is not there yet stays, however long it takes", async () => {
  new Usage(never, dispose);
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(dispose).not.toHaveBeenCalled();
});

test("what nobody uses goes half a minute after it is there, an error after a second", async () => {
  new Usage(settled, dispose);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(dispose).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(dispose).toHaveBeenCalledTimes(1);
  new Usage(Promise.reject(new Error("no")), dispose);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(dispose).toHaveBeenCalledTimes(2);
});

test("what is used goes after its last use, unless that ends and begins in one task", async () => {
  const usage = new Usage(settled, dispose);
  const [first, second] = [usage.retain(), usage.retain()];
  await vi.advanceTimersByTimeAsync(MINUTE);
  first();
  second();
  const third = usage.retain();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(dispose).not.toHaveBeenCalled();
  third();
  await vi.advanceTimersByTimeAsync(0);
  expect(dispose).toHaveBeenCalledTimes(1);
  expect(usage.isDisposed).toBe(true);
});

test("what others are still read from stays", async () => {
  const usage = new Usage(settled, dispose);
  usage.retainUntil(new Promise((resolve) => setTimeout(resolve, 5 * MINUTE)));
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(dispose).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(dispose).toHaveBeenCalledTimes(1);
});

test("a query that was ended begins anew when a component subscribes again", async () => {
  const places = new Set<object>();
  const place = {
    add: (query: object) => void places.add(query),
    remove: (query: object) => void places.delete(query),
  };
  const read = vi.fn(async () => read.mock.calls.length);
  const query = new LiveQuery({ read }, place);
  const unsubscribe = query.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  expect(query.state().data).toBe(1);
  unsubscribe();
  await vi.advanceTimersByTimeAsync(0);
  expect(places).toEqual(new Set());
  const listener = vi.fn();
  query.subscribe(listener);
  await vi.advanceTimersByTimeAsync(0);
  expect(places).toEqual(new Set([query]));
  expect(query.state().data).toBe(2);
  expect(listener).toHaveBeenCalled();
});
