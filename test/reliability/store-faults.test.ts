import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { LakotaError } from "../../src/model/errors.ts";
import type { Store } from "../../src/stores/store.ts";
import { calls } from "./public-calls.ts";
import { Worlds } from "./world.ts";

type Request = "get" | "put" | "list" | "delete" | "move";
/** What a request to a store does, in place of what it should. */
type Fault = (request: Request, answer: () => Promise<unknown>) => Promise<unknown>;

const REQUESTS: readonly string[] = ["get", "put", "list", "delete", "move"];
const TIMEOUT = 60_000;
/** Requests of a call after which no fault is tried, so that none of the many chunks costs a run. */
const MAX_POSITIONS = 8;

const fails =
  (error: () => unknown): Fault =>
  async () => {
    throw error();
  };
const onBytes =
  (change: (bytes: Uint8Array) => Uint8Array | undefined): Fault =>
  async (request, answer) => {
    const found = await answer();
    return request === "get" && found instanceof Uint8Array ? change(found) : found;
  };

/** The faults of stores, by name; those of the network have their own matrix. */
const faults: Readonly<Record<string, Fault>> = {
  "not found": async (request, answer) => (request === "get" ? undefined : answer()),
  "an empty listing": async (request, answer) => (request === "list" ? [] : answer()),
  forbidden: fails(() => new LakotaError("forbidden", "The store refused the keys of the test.")),
  "a network error": fails(() => new LakotaError("network", "The store of the test does not answer.")),
  "a full store": fails(() => new LakotaError("quota", "The store of the test is full.")),
  "half a body": onBytes((bytes) => bytes.slice(0, bytes.length >> 1)),
  "no bytes": onBytes(() => new Uint8Array()),
  "wrong bytes": onBytes((bytes) => bytes.map((byte) => byte ^ 0x55)),
  "a web page": onBytes(() => new TextEncoder().encode("<!doctype html><title>Login</title>")),
};

/** What no store is asked for, or what ends the world. */
const NO_STORE = /^(new |Frame|Schema|Strings|RowSource)|^[a-z](?!.*Files$)(?!.*Collection$)|^Repo\.close$/;

const names = Object.keys(calls).filter((name) => !NO_STORE.test(name));
const folder = mkdtempSync(join(tmpdir(), "lakota-faults-"));
const unhandled: unknown[] = [];
const keep = (error: unknown) => void unhandled.push(error);
let worlds: Worlds;

beforeAll(async () => {
  process.on("unhandledRejection", keep);
  worlds = await Worlds.fill(folder);
});
afterEach(() => expect(unhandled.splice(0)).toEqual([]));
afterAll(() => {
  process.off("unhandledRejection", keep);
  rmSync(folder, { recursive: true });
});

/**
 * Runs a call with a fault at one of its requests, and from there on if it `lasts`. Returns the number of requests, and
 * what the call threw.
 */
async function run(name: string, fault: Fault, position: number, lasts: boolean) {
  let requests = 0;
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get(_, method) {
        const value: unknown = Reflect.get(store, method);
        if (typeof value !== "function") return value;
        if (!REQUESTS.includes(String(method))) return value.bind(store);
        return async (...args: unknown[]) => {
          const at = requests++;
          const answer = async () => Reflect.apply(value, store, args);
          return at === position || (lasts && at > position) ? fault(method as Request, answer) : answer();
        };
      },
    });
  const world = await worlds.make(wrap);
  let error: unknown;
  try {
    await calls[name]!.run(world, calls[name]!.args(world));
  } catch (thrown) {
    error = thrown;
  }
  world.repo.close();
  await new Promise((resolve) => setImmediate(resolve)); // rejections count as unhandled only then
  return { requests, error };
}

const isRight = (error: unknown) =>
  error === undefined ||
  (error instanceof LakotaError && error.code !== "internal" && /\w{3}/.test(error.message));

describe("whatever a store does, a call succeeds or throws a LakotaError", () => {
  it.each(names)(
    "%s",
    async (name) => {
      const { requests, error } = await run(name, fails(Error), -1, false);
      expect(error).toBeUndefined();
      for (const [what, fault] of Object.entries(faults)) {
        for (let position = 0; position < Math.min(requests, MAX_POSITIONS); position++) {
          for (const lasts of [false, true]) {
            const { error } = await run(name, fault, position, lasts);
            expect(
              isRight(error),
              `${what} at request ${position}${lasts ? " and later" : ""}: ${error}`,
            ).toBe(true);
          }
        }
      }
    },
    TIMEOUT,
  );
});
