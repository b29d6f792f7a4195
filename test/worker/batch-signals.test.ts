import { Schema } from "lakota/engine";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { Repo } from "../../src/model/api/repo.ts";
import { aborted } from "../../src/model/errors.ts";
import { isHashedPath } from "../../src/model/layout.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { PutOptions } from "../../src/stores/store.ts";
import { connect } from "../../src/worker/client/client.ts";
import { startHost } from "./start-host.ts";

/** A store in which chunks are stored only once their signal has fired. */
class HangingStore extends MemoryStore {
  #onRequest = () => {};
  readonly requested = new Promise<void>((resolve) => {
    this.#onRequest = resolve;
  });

  override async put(path: string, bytes: Uint8Array<ArrayBuffer>, options?: PutOptions) {
    if (!isHashedPath(path)) return super.put(path, bytes, options);
    this.#onRequest();
    return new Promise<never>((_, reject) => {
      options?.signal?.addEventListener("abort", () => reject(aborted(options.signal)));
    });
  }
}

let store: HangingStore;
vi.mock("../../src/stores/open.ts", () => ({ openStore: () => store }));

const entries: Record<string, () => Promise<Repo>> = {
  "in the current thread": async () => new EngineRepo(store, decodeChunk, { maxAge: 0 }),
  "through a worker": () => connect("memory://", { decoders: 0, worker: () => startHost() }),
};

describe.each(Object.entries(entries))("a write in a batch, %s", (_, open) => {
  let repo: Repo;
  beforeEach(async () => {
    store = new HangingStore();
    repo = await open();
    await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
    return () => repo.close();
  });

  /** Starts a batch with a write that hangs, and returns how batch and write end. */
  async function start(signal?: AbortSignal, own?: { signal: AbortSignal | undefined }) {
    const collection = await repo.collection("c");
    const t = Array.from({ length: 20_000 }, (_, row) => row * 1_000 + ((row * 7_919) % 991));
    let written: unknown;
    const batch = collection.batch(async (batch) => {
      await batch
        .series("s")
        .write({ t, v: t.map(Math.sin) }, own as { signal: AbortSignal })
        .catch(({ code }) => {
          written = code;
        });
    }, signal && { signal });
    const ended = batch.then(
      () => "committed",
      ({ code }) => code,
    );
    await store.requested;
    return async () => ({ batch: await ended, written });
  }

  it.each<[string, () => { signal: AbortSignal | undefined } | undefined]>([
    ["no signal", () => undefined],
    ["a signal of its own", () => ({ signal: new AbortController().signal })],
    ["an undefined signal", () => ({ signal: undefined })],
  ])("with %s ends with the signal of the batch", async (_, own) => {
    const { signal, abort } = abortable();
    const end = await start(signal, own());
    abort();
    expect(await end()).toEqual({ batch: "aborted", written: "aborted" });
  });

  it("ends with its own signal", async () => {
    const { signal, abort } = abortable();
    const end = await start(new AbortController().signal, { signal });
    abort();
    expect((await end()).written).toBe("aborted");
  });

  it("ends when the repo is closed", async () => {
    const end = await start(new AbortController().signal, { signal: new AbortController().signal });
    repo.close();
    expect(await end()).toEqual({ batch: "closed", written: "closed" });
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
