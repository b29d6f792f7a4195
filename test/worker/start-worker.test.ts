import { afterEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/index.ts";
import { isCrossOrigin } from "../../src/worker/protocol/cross-origin-worker.ts";

afterEach(() => vi.unstubAllGlobals());

describe("isCrossOrigin", () => {
  test.each([
    ["https://app.example/assets/index.js", false],
    ["https://app.example:8443/assets/index.js", true],
    ["http://app.example/assets/index.js", true],
    ["https://cdn.example/lakota/index.js", true],
    // What webpack, Rspack and Turbopack make of import.meta.url:
    ["file:///home/user/app/node_modules/lakota/dist/chunk-page.js", false],
  ])("%s: %s", (script, expected) => {
    vi.stubGlobal("origin", "https://app.example");
    expect(isCrossOrigin(script)).toBe(expected);
  });
});

describe("connect without workers", () => {
  test("names what to import instead", async () => {
    expect("Worker" in globalThis).toBe(false);
    const error = await connect("memory://").catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: "LakotaError",
      code: "unsupported",
      message: expect.stringMatching(/openRepo\(\) of lakota\/node.*openRepo\(\) of lakota\/engine/),
    });
  });

  test("uses the worker of the option `worker`", async () => {
    const started = new Error("started");
    const worker = () => {
      throw started;
    };
    await expect(connect("memory://", { worker })).rejects.toThrow("started");
  });
});
