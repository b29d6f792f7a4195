import { Schema } from "lakota/engine";
import { afterEach, describe, expect, it } from "vitest";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import { aborted } from "../../src/model/errors.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions } from "../../src/stores/store.ts";
import { type CallContext, Handlers } from "../../src/worker/host/handlers.ts";
import type { CollectionRef, Invocation } from "../../src/worker/protocol/messages.ts";

/** A store whose requests for chunks end only when their signal fires. */
class HangingStore extends MemoryStore {
  isHanging = false;
  /** Requests that hang now. */
  hanging = 0;

  override async get(path: string, options?: GetOptions) {
    if (!this.isHanging || path.includes(".")) return super.get(path, options);
    this.hanging++;
    return new Promise<never>((_, reject) => {
      options?.signal?.addEventListener("abort", () => {
        this.hanging--;
        reject(aborted(options.signal));
      });
    });
  }
}

let repo: EngineRepo;
afterEach(() => repo.close());

async function setUp() {
  const store = new HangingStore();
  repo = new EngineRepo(store, decodeChunk, { maxAge: 0 });
  const handlers = new Handlers(() => repo);
  const context = (): CallContext => ({ transfer: [], signal: new AbortController().signal });
  await handlers.run("open", { uri: "memory://", options: { callbacks: [] } }, context());
  const schema = new Schema({ t: "int*", v: "float" });
  const { label, path } = await handlers.run(
    "createCollection",
    { schema: schema.dump(), label: "c" },
    context(),
  );
  const t = Array.from({ length: 2_000 }, (_, row) => row * 7_919 + (row % 13));
  await (await repo.collection("c")).series("s").write({ t, v: t.map(Math.sin) });
  return { store, handlers, context, collection: { label, path } };
}

const pagesOf = (collection: CollectionRef): Invocation => ({
  target: { on: "series", ref: { collection, label: "s" } },
  method: "pages",
  args: [],
  options: {},
});

describe("what the client ends before it is open", () => {
  it("pages: reads nothing ahead, and is not kept", async () => {
    const { store, handlers, context, collection } = await setUp();
    store.isHanging = true;
    const opening = handlers.run("openResults", { results: 7, ...pagesOf(collection) }, context());
    handlers.end(7);
    await opening;
    await expect.poll(() => store.hanging).toBe(0);
    await expect(handlers.run("nextResult", 7, context())).rejects.toMatchObject({ code: "crashed" });
  });

  it("a batch: is discarded", async () => {
    const { handlers, context, collection } = await setUp();
    const opening = handlers.run("beginBatch", { batch: 8, collection, options: {} }, context());
    handlers.end(8);
    await opening;
    await expect(handlers.run("commitBatch", 8, context())).rejects.toMatchObject({ code: "crashed" });
    expect(await (await repo.collection("c")).log()).toHaveLength(1);
  });

  it("something that could not be opened: nothing", async () => {
    const { handlers, context, collection } = await setUp();
    const gone = { ...collection, path: "other" };
    const opening = handlers.run("openResults", { results: 9, ...pagesOf(gone) }, context());
    handlers.end(9);
    await expect(opening).rejects.toMatchObject({ code: "not-found" });
  });
});
