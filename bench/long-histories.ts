/** Measures the CPU time of a commit of one row on a disk, by the number of revisions. */
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Schema } from "lakota/engine";
import { decodeChunk } from "../src/codecs/chunk.ts";
import { EngineRepo } from "../src/engine/repo/repo.ts";
import { FileStore } from "../src/stores/file/file-store.ts";
import { prependRevisions } from "./ancestors.ts";
import { table } from "./report.ts";

const schema = new Schema({ t: "int*", v: "float" });

/** Runs `work` with a collection on a disk, whose first revision has `revisions` ancestors that nothing reads. */
async function withHistory<T>(
  revisions: number,
  work: (write: (row: number) => Promise<void>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-bench-"));
  const repo = new EngineRepo(new FileStore(folder), decodeChunk);
  try {
    const collection = await repo.createCollection(schema, "bench");
    const series = collection.series("s");
    await series.write({ t: [0], v: [0] });
    const path = join(folder, collection.path);
    const [first] = await readdir(path);
    const { ancestors, descendant } = prependRevisions(first!, revisions);
    for (const name of ancestors) await writeFile(join(path, name), "");
    await rename(join(path, first!), join(path, descendant));
    return await work((row) => series.write({ t: [row], v: [Math.sin(row)] }));
  } finally {
    repo.close();
    await rm(folder, { recursive: true });
  }
}

/** Returns milliseconds of CPU time per commit. */
function costAt(revisions: number): Promise<number> {
  return withHistory(revisions, async (write) => {
    let row = 1;
    for (; row <= 30; row++) await write(row);
    const before = process.cpuUsage();
    for (; row <= 130; row++) await write(row);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / 100;
  });
}

export async function benchLongHistories(writes = 10_000): Promise<void> {
  const counts = [100, 1_000, 3_000, 10_000];
  const costs: number[] = [];
  for (const count of counts) costs.push(await costAt(count));
  const rows = costs.map((cost, i) => [
    counts[i]!.toLocaleString("en"),
    cost.toFixed(1),
    (cost / costs[0]!).toFixed(1),
  ]);
  console.log("\nOne-row commits on a disk\n");
  console.log(table(["revisions before", "ms of CPU per commit", "ratio to the first"], rows));
  const started = performance.now();
  await withHistory(0, async (write) => {
    for (let row = 1; row <= writes; row++) await write(row);
  });
  const seconds = (performance.now() - started) / 1_000;
  console.log(`\n${writes.toLocaleString("en")} one-row writes to a new collection: ${seconds.toFixed(0)} s`);
}
