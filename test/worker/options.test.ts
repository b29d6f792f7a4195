import * as node from "lakota/node";
import { describe, expect, it } from "vitest";
import { connect } from "../../src/worker/client/client.ts";
import { startHost } from "./start-host.ts";

/** Values of types that the declarations exclude. */
const wrong = (...values: unknown[]) => values as never[];

const OPTIONS = {
  text: ["endpoint", "region", "style", "token"],
  number: ["retries", "timeout", "maxAge", "concurrency", "decoders"],
  flag: ["writeOffline", "allowUnverified"],
};
const named = (name: string) => ({ code: "invalid-argument", message: expect.stringMatching(`^${name}: `) });
const open = (option: string, value: never) =>
  connect("memory://", { [option]: value, worker: () => startHost() });

describe("connect() refuses an option of the wrong type, also if it is never used", () => {
  it.each(OPTIONS.text)("%s", async (option) => {
    for (const value of wrong(null, 0, true, [], {}, 5n))
      await expect(open(option, value)).rejects.toMatchObject(named(option));
  });
  it.each(OPTIONS.number)("%s", async (option) => {
    for (const value of wrong(null, "x", "", true, [], 5n, Number.NaN))
      await expect(open(option, value)).rejects.toMatchObject(named(option));
  });
  it.each(OPTIONS.flag)("%s", async (option) => {
    for (const value of wrong(null, "x", 0, [], 5n))
      await expect(open(option, value)).rejects.toMatchObject(named(option));
  });
  it("cache", async () => {
    for (const value of wrong("no", true, 5))
      await expect(open("cache", value)).rejects.toMatchObject(named("cache"));
  });

  it("takes those of the right type, undefined ones, and unknown ones", async () => {
    const all = Object.values(OPTIONS)
      .flat()
      .filter((name) => name !== "decoders");
    const options = {
      ...Object.fromEntries(all.map((name) => [name, undefined])),
      unknown: 1,
      cache: false as const,
    };
    const right = { retries: 2, region: "here", allowUnverified: true, cache: { memory: 1 } };
    for (const given of [options, right]) {
      const repo = await connect("memory://", { decoders: 0, ...given, worker: () => startHost() });
      expect(await repo.ls()).toEqual([]);
      repo.close();
    }
  });
});

it("openRepo() of lakota/node refuses wrong options before it uses them", async () => {
  await expect(node.openRepo("memory://", ...wrong(null))).rejects.toMatchObject(named("options"));
  await expect(node.openRepo("memory://", { retries: wrong("x")[0]! })).rejects.toMatchObject(
    named("retries"),
  );
  const options = Object.defineProperty({}, "region", {
    enumerable: true,
    get: () => {
      throw new RangeError("The caller's own getter failed.");
    },
  });
  await expect(node.openRepo("memory://", options)).rejects.toMatchObject({ code: "invalid-argument" });
});
