import { LakotaError } from "lakota";
import { expect, test, vi } from "vitest";
import { KnownFirst } from "../../demo/data/known-first.ts";

/** A call whose result comes when the test says so. */
function pending<T>(known?: T) {
  let resolve = (_: T) => {};
  let reject = (_: unknown) => {};
  const result = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  const call = (onStale: (known: T) => void) => {
    if (known !== undefined) onStale(known);
    return result;
  };
  return { call, resolve, reject };
}

test("what is known is taken, and is not changed if the result is the same object", async () => {
  const reads = new KnownFirst();
  const known = ["a"];
  const read = pending(known);
  expect(await reads.take(read.call)).toBe(known);
  const settled = vi.fn();
  const settling = reads.settled().then(settled);
  await Promise.resolve();
  expect(settled).not.toHaveBeenCalled();
  read.resolve(known);
  await settling;
  expect(reads.changed).toBe(false);
});

test("another result is a change", async () => {
  const reads = new KnownFirst();
  const read = pending(["a"]);
  await reads.take(read.call);
  read.resolve(["b"]);
  await reads.settled();
  expect(reads.changed).toBe(true);
});

test("the current result is taken where nothing is known, or what is known does not suffice", async () => {
  const reads = new KnownFirst();
  const [unknown, poor] = [pending<string[]>(), pending(["a"])];
  const taken = Promise.all([
    reads.take(unknown.call),
    reads.take(poor.call, { suffices: (known) => known.includes("b") }),
  ]);
  unknown.resolve(["a"]);
  poor.resolve(["a", "b"]);
  expect(await taken).toEqual([["a"], ["a", "b"]]);
  await reads.settled();
  expect(reads.changed).toBe(false);
});

test("an error rejects the call, or what has settled if something known was taken", async () => {
  const reads = new KnownFirst();
  const [unknown, known] = [pending<string>(), pending("a")];
  const failing = reads.take(unknown.call);
  await reads.take(known.call);
  unknown.reject(new Error("first"));
  await expect(failing).rejects.toThrow("first");
  known.reject(new Error("second"));
  await expect(reads.settled()).rejects.toThrow("second");
  await reads.settled(); // it is reported once
});

test("calls that were aborted are not compared", async () => {
  const reads = new KnownFirst();
  const read = pending("a");
  await reads.take(read.call);
  read.reject(new LakotaError("aborted", "The call was aborted."));
  await reads.settled();
  expect(reads.changed).toBe(false);
});

test("the signal ends the wait, but not the comparison", async () => {
  const reads = new KnownFirst();
  const [first, second] = [pending<string>(), pending("a")];
  const controller = new AbortController();
  const { signal } = controller;
  const waiting = reads.take(first.call, { signal });
  await reads.take(second.call, { signal });
  controller.abort(new Error("superseded"));
  await expect(waiting).rejects.toThrow("superseded");
  first.resolve("a");
  second.resolve("b");
  await reads.settled();
  expect(reads.changed).toBe(true);
});
