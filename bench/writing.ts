/** Measures the time and the stored bytes of many small writes. */
import { type Collection, Schema } from "lakota/engine";
import { decodeChunk } from "../src/codecs/chunk.ts";
import { EngineRepo } from "../src/engine/repo/repo.ts";
import { MemoryStore } from "../src/stores/memory/memory-store.ts";
import { table } from "./report.ts";

const schema = new Schema({ timestamp: "timestamp*", value: "float" });
const START = 1_577_836_800n;

/** Returns rows whose values are irregular enough not to compress to almost nothing. */
function frame(rows: number, first: number, seed: number) {
  return {
    timestamp: BigInt64Array.from({ length: rows }, (_, row) => START + 60n * BigInt(first + row)),
    value: Float64Array.from(
      { length: rows },
      (_, row) => Math.sin((first + row) * 12.9898 + seed) * 43758.5453,
    ),
  };
}

async function measure(
  name: string,
  limit: string,
  work: (collection: Collection) => Promise<void>,
): Promise<string[]> {
  const store = new MemoryStore();
  const repo = new EngineRepo(store, decodeChunk, { maxAge: Number.POSITIVE_INFINITY });
  const collection = await repo.createCollection(schema, "bench");
  const started = performance.now();
  await work(collection);
  const seconds = (performance.now() - started) / 1000;
  const files = await store.list("");
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const head = (await collection.log()).at(-1)!;
  const last = files.find(({ path }) => path.endsWith(`.${head.id}`))!.size;
  return [
    name,
    seconds.toFixed(1),
    (total / 1e6).toFixed(2),
    (last / 1e3).toFixed(1),
    String(files.length),
    limit,
  ];
}

export async function benchWriting(): Promise<void> {
  const rows = [
    await measure("1,000 appends of 100 rows", "20 MB; last 16 kB; Python 610 MB", async (collection) => {
      const series = collection.series("s");
      for (let i = 0; i < 1_000; i++) await series.write(frame(100, 100 * i, 0));
    }),
    await measure("2,000 series, one write each", "260 MB; Python 1,040 MB", async (collection) => {
      for (let i = 0; i < 2_000; i++) await collection.series(`series ${i}`).write(frame(10, 0, i));
    }),
    await measure("2,000 series in a batch", "2 MB", async (collection) => {
      await collection.batch(async (batch) => {
        for (let i = 0; i < 2_000; i++) await batch.series(`series ${i}`).write(frame(10, 0, i));
      });
    }),
  ];
  console.log("\nMany small writes, to memory\n");
  console.log(table(["writes", "s", "MB in total", "kB, last commit", "files", "limit"], rows));
}
