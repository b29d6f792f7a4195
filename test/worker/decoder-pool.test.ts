import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DecodeTask } from "../../src/codecs/chunk.ts";
import { encodeColumn } from "../../src/codecs/encode.ts";
import { Schema } from "../../src/model/schema.ts";
import { DecoderPool } from "../../src/worker/decoders/pool.ts";

/** Workers whose script cannot be loaded. */
class UnloadableWorker extends EventTarget {
  static started = 0;

  constructor() {
    super();
    UnloadableWorker.started++;
    queueMicrotask(() => this.dispatchEvent(new Event("error", { cancelable: true })));
  }
  postMessage(): void {}
  terminate(): void {}
}

let now = Date.UTC(2026, 0, 1);
beforeEach(() => {
  UnloadableWorker.started = 0;
  vi.stubGlobal("Worker", UnloadableWorker);
  vi.stubGlobal("ErrorEvent", class extends Event {});
  vi.stubGlobal("location", { origin: "http://localhost", href: "http://localhost/" });
  vi.spyOn(Date, "now").mockImplementation(() => now);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A chunk that is large enough for a decoder. */
async function largeTask(): Promise<DecodeTask> {
  const rows = 1 << 16;
  const column = new Schema({ t: "int*", v: "float" }).column("v");
  const data = Float64Array.from({ length: rows }, (_, i) => Math.sin(i));
  const { name, codecs, dtype } = column;
  return { bytes: await encodeColumn(data, column), name, type: dtype.name, codecs, rows };
}

it("a single large chunk is decoded here, without a decoder", async () => {
  const pool = new DecoderPool(2);
  const task = await largeTask();
  for (let i = 0; i < 2; i++) expect((await pool.decode(task)).column).toHaveLength(task.rows!);
  expect(UnloadableWorker.started).toBe(0);
  pool.close();
});

it("decoders are started ahead of a long read, as many as it can use", () => {
  for (const [bytes, started] of [
    [4 << 20, 0],
    [10 << 20, 1],
    [100 << 20, 3],
  ] as const) {
    UnloadableWorker.started = 0;
    const pool = new DecoderPool(3, () => {});
    pool.decode.expect?.(bytes);
    expect(UnloadableWorker.started).toBe(started);
    pool.close();
  }
});

it("none is started in Firefox, unless a number is given", async () => {
  vi.stubGlobal("navigator", {
    hardwareConcurrency: 8,
    userAgent: "Mozilla/5.0 (X11; rv:153.0) Gecko/20100101 Firefox/153.0",
  });
  for (const [pool, started] of [
    [new DecoderPool(undefined, () => {}), 0],
    [new DecoderPool(2, () => {}), 2],
  ] as const) {
    UnloadableWorker.started = 0;
    pool.decode.expect?.(100 << 20);
    expect(UnloadableWorker.started).toBe(started);
    pool.close();
  }
});

it("a decoder that could not be started is tried again a minute later, with one warning", async () => {
  const warnings: string[] = [];
  const pool = new DecoderPool(2, (message) => warnings.push(message));
  const task = await largeTask();
  const decode = async () => {
    const chunks = await Promise.all([pool.decode(task), pool.decode(task)]);
    for (const { column } of chunks) expect(column).toHaveLength(task.rows!);
  };
  await decode();
  expect(UnloadableWorker.started).toBe(1);
  const warning = /could not be started \(error\).*tries again.*network.*worker-src.*trusted-types lakota/;
  await vi.waitFor(() => expect(warnings).toEqual([expect.stringMatching(warning)]));
  await decode();
  expect(UnloadableWorker.started).toBe(1);
  now += 60_000;
  await decode();
  expect(UnloadableWorker.started).toBe(2);
  expect(warnings).toHaveLength(1);
  pool.close();
  now += 60_000;
  await decode();
  expect(UnloadableWorker.started).toBe(2);
});
