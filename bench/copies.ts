/** Measures how long copies and trims of many revisions take over a network with latency. */
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Schema } from "lakota/engine";
import { decodeChunk } from "../src/codecs/chunk.ts";
import { EngineRepo } from "../src/engine/repo/repo.ts";
import { MemoryStore } from "../src/stores/memory/memory-store.ts";
import type { Store } from "../src/stores/store.ts";
import { table } from "./report.ts";

const schema = new Schema({ t: "int*", v: "float" });

/** Milliseconds of each call of a distant store. */
const LATENCY = 20;

/** Returns a store whose calls take `LATENCY` longer. */
function distant(store: Store): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const member = target[name];
      if (typeof member !== "function") return member;
      return async (...args: never[]) => {
        await sleep(LATENCY);
        return Reflect.apply(member, target, args);
      };
    },
  });
}

const open = (store: Store, others: Record<string, Store> = {}) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, openStore: (address) => others[String(address)]! });

/** Adds revisions to the collection of a store. */
async function append(store: Store, revisions: number): Promise<void> {
  const repo = open(store);
  const known = (await repo.ls()).includes("c");
  const series = (known ? await repo.collection("c") : await repo.createCollection(schema, "c")).series("s");
  for (let i = 0; i < revisions; i++) await series.write({ t: [i % 50], v: [Math.random()] });
}

async function copyOf(store: Store): Promise<MemoryStore> {
  const copy = new MemoryStore();
  for (const { path } of await store.list("")) await copy.put(path, (await store.get(path))!);
  return copy;
}

/** Returns how long `work` takes, in milliseconds. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export async function benchCopies(revisions = 300): Promise<void> {
  const older = new MemoryStore();
  await append(older, 5);
  const newer = await copyOf(older);
  await append(newer, revisions);
  const far = distant(newer);
  const roundTrip =
    (await timeOf(async () => {
      for (let i = 0; i < 20; i++) await far.list("none");
    })) / 20;

  const [pulled, pushed, mirrored, created] = [
    await copyOf(older),
    await copyOf(older),
    await copyOf(older),
    new MemoryStore(),
  ];
  const trimmed = await copyOf(newer);
  const labels = ["c"];
  const times: [string, number][] = [
    ["pull, near target", await timeOf(() => open(pulled, { far }).pull("far", { labels }))],
    ["push, near source", await timeOf(() => open(newer, { to: distant(pushed) }).push("to", { labels }))],
    ["push, both distant", await timeOf(() => open(far, { to: distant(mirrored) }).push("to", { labels }))],
    [
      "push of a new collection",
      await timeOf(() => open(newer, { to: distant(created) }).push("to", { labels })),
    ],
    [
      "trim",
      await timeOf(async () => {
        const collection = await open(distant(trimmed)).collection("c");
        const { removed } = await collection.trim({ before: Date.now() + 1_000 });
        if (removed.length !== revisions + 4) throw new Error(`trimmed ${removed.length} revisions`);
      }),
    ],
  ];
  const expected = await valuesIn(newer);
  for (const store of [pulled, pushed, mirrored, created, trimmed])
    if ((await valuesIn(store)) !== expected) throw new Error("a copy shows other rows");

  console.log(`\nCopies and trims of ${revisions} revisions, ${LATENCY} ms of latency\n`);
  const rows = times.map(([name, ms]) => [
    name,
    (ms / 1_000).toFixed(2),
    (ms / roundTrip / revisions).toFixed(2),
  ]);
  console.log(table(["operation", "s", "round trips per revision"], rows));
}

async function valuesIn(store: Store): Promise<string> {
  const frame = await (await open(store).collection("c")).series("s").read({ numbers: true });
  return frame.numbers("v").join();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await benchCopies();
