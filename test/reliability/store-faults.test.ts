import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { aborted, LakotaError } from "../../src/model/errors.ts";
import type { SignalOptions, Store } from "../../src/stores/store.ts";
import { publicCalls } from "./public-api.ts";
import { calls, schema, type World } from "./public-calls.ts";
import { type MadeWorld, Worlds } from "./world.ts";

type Request = "get" | "put" | "list" | "delete" | "move";
/** What a request to a store does, in place of what it should. */
type Fault = (
  request: Request,
  answer: () => Promise<unknown>,
  signal: AbortSignal | undefined,
) => Promise<unknown>;

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

/** Makes a world with a fault at one of the requests of a call, and from there on if it `lasts`. */
async function makeWorld(fault: Fault, position: number, lasts = false) {
  let requests = 0;
  let isCalling = true;
  const wrap = (store: Store): Store =>
    new Proxy(store, {
      get(_, method) {
        const value: unknown = Reflect.get(store, method);
        if (typeof value !== "function") return value;
        if (!REQUESTS.includes(String(method))) return value.bind(store);
        return async (...args: unknown[]) => {
          const at = requests++;
          const answer = async () => Reflect.apply(value, store, args);
          const { signal } = (args.at(-1) ?? {}) as SignalOptions;
          const strikes = isCalling && (at === position || (lasts && at > position));
          return strikes ? fault(method as Request, answer, signal) : answer();
        };
      },
    });
  const world = await worlds.make(wrap);
  /** Makes the only call with faults. Returns the number of its requests, and what it has thrown. */
  const call = async (name: string, args: readonly unknown[]) => {
    const error = await errorOf(name, world, args);
    isCalling = false;
    return { requests, error };
  };
  return { world, call };
}

/** Returns what a call throws. */
async function errorOf(name: string, world: World, args: readonly unknown[]): Promise<unknown> {
  try {
    await calls[name]!.run(world, args);
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve)); // rejections count as unhandled only then

/** Makes a call with a fault. Returns the number of requests, and what the call threw. */
async function run(name: string, fault: Fault, position: number, lasts: boolean) {
  const { world, call } = await makeWorld(fault, position, lasts);
  const result = await call(name, calls[name]!.args(world));
  world.repo.close();
  await nextTurn();
  return result;
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

/** Position of the options of each call that takes a signal. What is called in a batch ends with the batch. */
const signalAt = new Map(
  publicCalls().flatMap(({ name, parameters }) => {
    const at = parameters.findIndex(({ options }) => options.includes("signal"));
    return at >= 0 && !name.startsWith("Batch") ? [[name, at] as const] : [];
  }),
);

function withSignal(args: readonly unknown[], at: number, signal: AbortSignal): unknown[] {
  const changed = [...args];
  changed[at] = { ...(args[at] as object), signal };
  return changed;
}

/** Returns all rows of the repo, as text, and what is wrong with its files. */
async function stateOf(world: MadeWorld): Promise<string> {
  const repo = await world.reopen();
  const { problems } = await repo.verify();
  const found: unknown[] = [problems];
  for (const label of await repo.ls()) {
    const collection = await repo.collection(label);
    found.push(label);
    for (const series of await collection.ls()) {
      const read = await collection.series(series).read({ numbers: true });
      found.push(series, ...read.columns.map((name) => Array.from<unknown>(read.get(name))));
    }
  }
  repo.close();
  return JSON.stringify(found);
}

const reason = new Error("The caller has had enough.");

/** States that a call may leave besides that before it: what it does is more than one change. */
const STEPS: Readonly<Record<string, (world: World) => Promise<unknown>>> = {
  importFiles: ({ repo }) => repo.createCollection(schema, "imported"),
};

describe("whatever request of a call is under way, it can be ended, and leaves nothing half done", () => {
  it.each(names)(
    "%s",
    async (name) => {
      const at = signalAt.get(name);
      const clean = await makeWorld(fails(Error), -1);
      const before = [await stateOf(clean.world)];
      const { requests, error } = await clean.call(name, calls[name]!.args(clean.world));
      expect(error).toBeUndefined();
      const after = await stateOf(clean.world);
      clean.world.repo.close();
      if (STEPS[name]) {
        const { world } = await makeWorld(fails(Error), -1);
        await STEPS[name](world);
        before.push(await stateOf(world));
        world.repo.close();
      }

      for (let position = 0; position < Math.min(requests, MAX_POSITIONS); position++) {
        for (const hangs of at === undefined ? [true] : [true, false]) {
          const what = `request ${position} ${hangs ? "is never answered" : "is answered after the end"}`;
          const ending = new AbortController();
          // Without a signal, closing the repo ends a call.
          const end = () => (at === undefined ? world.repo.close() : ending.abort(reason));
          const { world, call } = await makeWorld((_, answer, signal) => {
            setImmediate(end);
            if (!hangs) return nextTurn().then(answer);
            return new Promise((_, reject) => {
              signal?.addEventListener("abort", () => reject(aborted(signal)), { once: true });
            });
          }, position);
          const args = calls[name]!.args(world);
          const { error } = await call(name, at === undefined ? args : withSignal(args, at, ending.signal));
          if (error !== undefined) {
            expect(error, what).toBeInstanceOf(LakotaError);
            expect(error, what).toMatchObject(
              at === undefined ? { code: "closed" } : { code: "aborted", cause: reason },
            );
          }
          const state = await stateOf(world);
          expect(error ? [...before, after] : [after], what).toContain(state);
          if (at !== undefined && name !== "Repo.forget") {
            await world.repo.verify();
            if (state !== after)
              expect(await errorOf(name, world, args), `again after ${what}`).toBeUndefined();
            expect(await stateOf(world), `again after ${what}`).toBe(after);
          }
          world.repo.close();
          await nextTurn();
        }
      }
    },
    TIMEOUT,
  );
});
