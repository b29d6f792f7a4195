/** Compares filters and aggregates with a plain read of the same columns: the cost of computing on top of reading. */
import { fileURLToPath } from "node:url";
import { Schema } from "lakota/engine";
import { col, floor, max, mean, min } from "lakota/query";
import { decodeChunk } from "../src/codecs/chunk.ts";
import { EngineRepo } from "../src/engine/repo/repo.ts";
import { MemoryStore } from "../src/stores/memory/memory-store.ts";
import { median, table } from "./report.ts";

const ROWS = 5_000_000;
const REPETITIONS = 7;
const START = 1_577_836_800n;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

export async function benchQuerying(): Promise<void> {
  const repo = new EngineRepo(new MemoryStore(), decodeChunk, { maxAge: Number.POSITIVE_INFINITY });
  const schema = new Schema({ timestamp: "timestamp*", value: "float" });
  const series = (await repo.createCollection(schema, "bench")).series("s");
  await series.write({
    timestamp: BigInt64Array.from({ length: ROWS }, (_, row) => START + 60n * BigInt(row)),
    value: Float64Array.from({ length: ROWS }, (_, row) => Math.sin(row / 1000)),
  });
  const day = floor(col("timestamp"), "day");
  const local = floor(col("timestamp"), "day", "Europe/Brussels");
  const columns = { low: min(col("value")), high: max(col("value")), mean: mean(col("value")) };
  const queries: Record<string, () => Promise<unknown>> = {
    "plain read": () => series.read(),
    "min, max, mean by day": () => series.reduce({ columns: { day, ...columns } }),
    "the same, days of Brussels": () => series.reduce({ columns: { day: local, ...columns } }),
    "the same, where value > 0": () =>
      series.reduce({ columns: { day, ...columns }, where: "(> self.value 0)" }),
    "rows where value > 0.999": () => series.read({ where: "(> self.value 0.999)" }),
  };
  const times = Object.fromEntries(Object.keys(queries).map((name) => [name, [] as number[]]));
  for (let repetition = -1; repetition < REPETITIONS; repetition++) {
    for (const [name, work] of Object.entries(queries)) {
      const ms = await timed(work);
      if (repetition >= 0) times[name]!.push(ms); // the first is a warm-up
    }
  }
  const plain = median(times["plain read"]!);
  const rows = Object.entries(times).map(([name, all]) => {
    const ms = median(all);
    return [name, ms.toFixed(0), (ms / plain).toFixed(2)];
  });
  console.log(`\nFilters and aggregates over ${ROWS} rows of a time and a float64, from memory, in Node\n`);
  console.log(table(["query", "ms, median", "relative to the plain read"], rows));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchQuerying();
