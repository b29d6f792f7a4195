import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as arrow from "lakota/arrow";
import * as engine from "lakota/engine";
import * as interchange from "lakota/interchange/node";
import * as query from "lakota/query";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineSeries } from "../../src/engine/collection/series.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { methodsOf } from "../../src/model/api/arguments.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { nestedCalls, nestedProperties } from "./class-calls.ts";
import { problemsOf, type Walker } from "./hostile-walk.ts";
import { type PublicCall, publicCalls } from "./public-api.ts";
import { calls, type World } from "./public-calls.ts";
import { type MadeWorld, Worlds } from "./world.ts";

/** What users or DuckDB implement; the error, which only this library constructs; `connect`, hooks and charts, which need a page. */
const NOT_CALLED =
  /^(Clock|DerivedCache|LocalCopies|Store|RandomAccessFile|ArrowReceiver|Chart)\.|^(new )?LakotaError\b|^(connect|use[A-Z]\w+|createChart|toPlotData)$/;
const TIMEOUT = 60_000;

const all = { ...calls, ...nestedCalls({ Frame: engine.Frame, Schema: engine.Schema }) };
const api = publicCalls().filter(({ name }) => !NOT_CALLED.test(name));
const folder = mkdtempSync(join(tmpdir(), "lakota-hostile-"));
let worlds: Worlds;
let world: MadeWorld | undefined;
const unhandled: unknown[] = [];
const keep = (error: unknown) => void unhandled.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", keep);
  vi.spyOn(console, "warn").mockImplementation(() => {}); // a watch without onError warns of each
  worlds = await Worlds.fill(folder);
});
afterEach(() => {
  world?.repo.close();
  world = undefined;
});
afterAll(() => {
  process.off("unhandledRejection", keep);
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** Calls that end their repo. */
const ENDING = /^Repo\.(close|forget)$/;

/** Makes calls in worlds of Node: another one after each call that changed something. */
const walkerOf = (name: string): Walker<World> => ({
  async prepare() {
    if (!world || world.isUsed() || ENDING.test(name)) world = await worlds.make();
    return world;
  },
  codeOf: (error) => (error instanceof LakotaError ? error.code : undefined),
  async settle() {
    await new Promise((resolve) => setImmediate(resolve)); // rejections count as unhandled only then
    const rejections = unhandled.splice(0);
    return rejections.length > 0 ? `a rejection is not handled: ${rejections}` : undefined;
  },
});

describe("whatever a public function is called with, it succeeds or throws a LakotaError that names the fault", () => {
  it("covers the whole API", () => {
    expect(Object.keys(calls).sort()).toEqual(api.map(({ name }) => name).sort());
    const listed = new Set(publicCalls().map(({ name }) => name));
    for (const module of [arrow, engine, interchange, query]) {
      const functions = Object.entries(module).filter(([, value]) => typeof value === "function");
      expect(functions.filter(([name]) => !listed.has(name) && !listed.has(`new ${name}`))).toEqual([]);
    }
  });

  it.each([
    ["Repo", EngineRepo],
    ["Collection", EngineCollection],
    ["Series", EngineSeries],
  ])("knows the arguments of all methods of a %s", (owner, { prototype }) => {
    const isCalled = (name: string) =>
      api.some((call) => call.name === `${owner}.${name}` && call.parameters.length > 0);
    const methods = Object.getOwnPropertyNames(prototype).filter(isCalled);
    expect(methods.filter((name) => !methodsOf(owner).includes(name))).toEqual([]);
  });

  const nested = Object.entries(nestedProperties).map(
    ([name, options]): PublicCall => ({ name, parameters: [{ name: "", options }] }),
  );
  for (const call of [...api, ...nested]) {
    if (call.parameters.length === 0) continue;
    it(
      call.name,
      async () => expect(await problemsOf(call, all[call.name]!, walkerOf(call.name))).toEqual([]),
      TIMEOUT,
    );
  }
});
