import { Schema } from "lakota/engine";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Downsampled } from "../../src/model/api/read.ts";
import type { Repo } from "../../src/model/api/repo.ts";
import type { Series } from "../../src/model/api/series.ts";
import { LakotaError } from "../../src/model/errors.ts";
import type { Frame } from "../../src/model/frame.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import { connect } from "../../src/worker/client/client.ts";
import type { FromWorker } from "../../src/worker/protocol/messages.ts";
import { startHost } from "./start-host.ts";

/** A store whose listings can be held back. */
class HeldStore extends MemoryStore {
  #held: Promise<void> | undefined;
  release = () => {};

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  override async list(...args: Parameters<MemoryStore["list"]>) {
    await this.#held;
    return super.list(...args);
  }
}

let store: HeldStore;
vi.mock("../../src/stores/open.ts", () => ({ openStore: () => store }));

/** What the host has sent. */
const sent: FromWorker[] = [];

const kinds = () => sent.map(({ kind }) => kind);

let repo: Repo;
let series: Series;

beforeEach(async () => {
  store = new HeldStore();
  repo = await connect("memory://", {
    worker: () => startHost((message) => sent.push(message)),
    maxAge: 0,
    decoders: 0,
  });
  series = (await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c")).series("s");
  await series.write({ t: [1, 2, 3], v: [0.5, 1.5, 2.5] });
  sent.length = 0;
  store.hold();
});

afterEach(() => {
  store.release();
  repo.close();
});

/** Remembers what is known, and lets the store answer. */
function showing<T>() {
  const shown: T[] = [];
  const onStale = (known: T) => {
    shown.push(known);
    store.release();
  };
  return { shown, onStale };
}

describe("onStale through a worker", () => {
  it.each(["read", "tail"] as const)("%s: shows what is known, and sends its rows once", async (method) => {
    const { shown, onStale } = showing<Frame>();
    const frame = await (method === "read" ? series.read({ onStale }) : series.tail(2, { onStale }));
    expect([...frame.get("v")]).toEqual(method === "read" ? [0.5, 1.5, 2.5] : [1.5, 2.5]);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toBe(frame);
    expect(kinds()).toEqual(["stale", "result"]);
    expect(sent[1]).not.toHaveProperty("result");
  });

  it("downsample, too", async () => {
    const { shown, onStale } = showing<Downsampled>();
    const chart = await series.downsample({ onStale, points: 10 });
    expect(shown).toHaveLength(1);
    expect(shown[0]).toBe(chart);
    expect(chart.rows).toBe(3);
  });

  it("length, too: a number is sent once", async () => {
    const { shown, onStale } = showing<number>();
    expect([await series.length({ onStale }), ...shown]).toEqual([3, 3]);
    expect(sent[1]).not.toHaveProperty("result");
  });

  it("the labels of collections and series, too", async () => {
    const labels = showing<string[]>();
    expect(await repo.ls(labels)).toBe(labels.shown[0]);
    const collection = await repo.collection("c");
    store.hold();
    const all = showing<string[]>();
    expect(await collection.ls(all)).toBe(all.shown[0]);
    expect([labels.shown, all.shown]).toEqual([[["c"]], [["s"]]]);
  });

  it("without it, rows are sent with the result", async () => {
    store.release();
    expect((await series.read()).length).toBe(3);
    expect(kinds()).toEqual(["result"]);
    expect(sent[0]).toHaveProperty("result.frame");
  });

  it("what it throws rejects the call as it is, and the next one works", async () => {
    const bug = new RangeError("a bug of the chart");
    const reading = series.read({
      onStale: () => {
        throw bug;
      },
    });
    await expect(reading).rejects.toBe(bug);
    store.release();
    expect((await series.read()).length).toBe(3);
  });

  it("what is no function is named", async () => {
    const options = { onStale: 5 as unknown as () => void };
    await expect(series.read(options)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("onStale"),
    });
  });

  it("other options that cannot be sent are still named", async () => {
    const options = { onStale: () => {}, columns: [() => {}] as unknown as string[] };
    await expect(series.read(options)).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringContaining("columns"),
    });
  });

  it("errors of the engine reach the caller after what is known", async () => {
    const { shown, onStale } = showing<Frame>();
    vi.spyOn(store, "list").mockImplementation(async () => {
      await vi.waitUntil(() => shown.length > 0);
      throw new LakotaError("forbidden", "The key has expired.");
    });
    await expect(series.read({ onStale })).rejects.toMatchObject({ code: "forbidden" });
    expect(shown[0]?.length).toBe(3);
  });

  it("a collection that is known is opened with allowStale before the store answers", async () => {
    const { shown, onStale } = showing<Frame>();
    const again = await repo.collection("c", { allowStale: true });
    expect(await again.series("s").read({ onStale })).toBe(shown[0]);
  });
});
