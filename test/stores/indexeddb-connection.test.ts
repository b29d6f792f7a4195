import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connection } from "../../src/stores/indexeddb/connection.ts";
import { TestClock } from "./tools.ts";

/** A database as far as a connection uses it. */
class FakeDatabase {
  isClosed = false;
  onversionchange: () => void = () => {};
  onclose: () => void = () => {};
  /** Thrown by the next transaction. */
  failure: Error | undefined;
  transaction() {
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    if (this.isClosed) throw new DOMException("closed", "InvalidStateError");
    return { objectStore: () => this };
  }
  close() {
    this.isClosed = true;
  }
}

class FakeRequest {
  readyState: IDBRequestReadyState = "pending";
  result = new FakeDatabase();
  error: Error | undefined;
  onsuccess: () => void = () => {};
  onerror: () => void = () => {};
  fail(error: Error) {
    this.error = error;
    this.onerror();
  }
}

let requests: FakeRequest[];
let clock: TestClock;
let connection: Connection;
beforeEach(() => {
  requests = [];
  clock = new TestClock();
  vi.stubGlobal("indexedDB", {
    open: () => {
      const request = new FakeRequest();
      requests.push(request);
      return request;
    },
  });
  connection = new Connection("lakota:x", { clock, openTimeout: 1_000 });
});
afterEach(() => vi.unstubAllGlobals());

/** The database in which a transaction ran. */
const use = () => connection.transact("readonly", (store) => store as unknown as FakeDatabase);
const blocked = { code: "unsupported", message: /does not open .*"lakota:x".*Close the other tabs/ };

async function open(): Promise<FakeDatabase> {
  const database = use();
  requests.at(-1)!.onsuccess();
  return database;
}

describe("a database that does not open", () => {
  test("is an error after the limit, then at once", async () => {
    const first = expect(use()).rejects.toMatchObject(blocked);
    await clock.elapse(1_000);
    await first;
    await expect(use()).rejects.toMatchObject(blocked);
    expect(requests).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  test("is used once it has opened after all", async () => {
    const first = expect(use()).rejects.toMatchObject(blocked);
    await clock.elapse(1_000);
    await first;
    requests[0]!.onsuccess();
    expect(await use()).toBe(requests[0]!.result);
  });

  test("is opened again after 30 seconds; the first attempt, should it succeed then, leaves nothing open", async () => {
    const first = expect(use()).rejects.toMatchObject(blocked);
    await clock.elapse(1_000);
    await first;
    await clock.elapse(30_000);
    expect(await open()).toBe(requests[1]!.result);
    requests[0]!.onsuccess();
    await use();
    expect(requests.map(({ result }) => result.isClosed)).toEqual([true, false]);
  });
});

test("a connection ends when another page deletes the database, and opens again for the next transaction", async () => {
  const first = await open();
  first.onversionchange();
  expect(first.isClosed).toBe(true);
  const second = use();
  requests[1]!.onsuccess();
  expect(await second).toBe(requests[1]!.result);
});

test.each(["UnknownError", "InvalidStateError", "AbortError", "TransactionInactiveError"])(
  "after %s, the transaction runs once more on a new connection",
  async (name) => {
    const first = await open();
    first.failure = new DOMException("lost", name);
    const again = use();
    await expect.poll(() => requests.length, { interval: 1 }).toBe(2);
    requests[1]!.onsuccess();
    expect(await again).toBe(requests[1]!.result);
    expect(first.isClosed).toBe(true);
  },
);

test.each(["QuotaExceededError", "ConstraintError"])("%s is final", async (name) => {
  const first = await open();
  first.failure = new DOMException("full", name);
  await expect(use()).rejects.toMatchObject({ name });
  expect(requests).toHaveLength(1);
});

test("an open that fails is tried once more", async () => {
  const result = use();
  requests[0]!.fail(new DOMException("Internal error opening backing store", "UnknownError"));
  await expect.poll(() => requests.length, { interval: 1 }).toBe(2);
  requests[1]!.onsuccess();
  expect(await result).toBe(requests[1]!.result);
});

describe("a database whose opening was requested before", () => {
  const connectTo = (request: FakeRequest) => {
    connection = new Connection("lakota:x", { clock, request: request as unknown as IDBOpenDBRequest });
  };

  test.each(["pending", "done"] as const)("is used; the request is %s", async (readyState) => {
    const request = Object.assign(new FakeRequest(), { readyState });
    connectTo(request);
    const result = use();
    if (readyState === "pending") request.onsuccess();
    expect(await result).toBe(request.result);
    expect(requests).toHaveLength(0);
  });

  test("is requested again if that has failed", async () => {
    const request = new FakeRequest();
    request.fail(new DOMException("Internal error opening backing store", "UnknownError"));
    request.readyState = "done";
    connectTo(request);
    const result = use();
    await expect.poll(() => requests.length, { interval: 1 }).toBe(1);
    requests[0]!.onsuccess();
    expect(await result).toBe(requests[0]!.result);
  });
});
