import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect } from "../../src/index.ts";

afterEach(() => vi.unstubAllGlobals());

describe("startWorker", () => {
  /** Records what workers are made of. */
  class FakeWorker {
    static urls: unknown[] = [];
    constructor(url: unknown) {
      FakeWorker.urls.push(url);
    }
  }

  beforeEach(() => {
    FakeWorker.urls = [];
    vi.resetModules();
    vi.stubGlobal("origin", "https://app.example");
    vi.stubGlobal("Worker", FakeWorker);
  });

  async function urlOf(script: string | URL): Promise<unknown> {
    const { startWorker } = await import("../../src/worker/protocol/start-worker.ts");
    startWorker(() => new Worker(script, { type: "module" }));
    expect(globalThis.Worker).toBe(FakeWorker);
    return FakeWorker.urls[0];
  }

  test.each([
    ["https://app.example/assets/worker.js", false],
    ["https://app.example:8443/assets/worker.js", true],
    ["http://app.example/assets/worker.js", true],
    ["https://cdn.example/lakota/worker.js", true],
    ["/assets/worker.js", false],
    // What webpack, Rspack and Turbopack make of import.meta.url:
    ["file:///home/user/app/node_modules/lakota/dist/worker.js", false],
  ])("starts %s through a module of the page's origin: %s", async (script, through) => {
    expect(await urlOf(script)).toMatch(through ? /^blob:/ : script);
  });

  test("makes the URL trusted by the one policy `lakota`", async () => {
    const createPolicy = vi.fn((name: string, rules: { createScriptURL(url: string): string }) => ({
      createScriptURL: (url: string) => `${name}(${rules.createScriptURL(url)})`,
    }));
    vi.stubGlobal("trustedTypes", { createPolicy });
    const script = new URL("https://app.example/worker.js");
    expect(await urlOf(script)).toBe("lakota(https://app.example/worker.js)");
    await urlOf(script);
    expect(createPolicy).toHaveBeenCalledTimes(1);
  });

  test("leaves the URL as it is where the page does not allow the policy", async () => {
    const createPolicy = () => {
      throw new TypeError("Policy with name lakota disallowed");
    };
    vi.stubGlobal("trustedTypes", { createPolicy });
    expect(await urlOf("https://app.example/worker.js")).toBe("https://app.example/worker.js");
  });

  test("restores the constructor after a failure", async () => {
    const { startWorker } = await import("../../src/worker/protocol/start-worker.ts");
    const failure = new Error("refused");
    expect(() =>
      startWorker(() => {
        throw failure;
      }),
    ).toThrow(failure);
    expect(globalThis.Worker).toBe(FakeWorker);
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
