/** Measures the CPU time of a commit of one row, by the number of revisions. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Schema } from "lakota/engine";
import { decodeChunk } from "../src/codecs/chunk.ts";
import { EngineRepo } from "../src/engine/repo/repo.ts";
import { FileStore } from "../src/stores/file/file-store.ts";
import type { Store } from "../src/stores/store.ts";
import { prependRevisions } from "./ancestors.ts";
import { median, table } from "./report.ts";
import { SortedStore } from "./sorted-store.ts";

const schema = new Schema({ t: "int*", v: "float" });
const COUNTS = [100, 1_000, 10_000];
/** Commits of a round, and rounds, of which the median counts. */
const COMMITS = 20;
const ROUNDS = 25;

/** A collection to which one row after the other is written. */
interface History {
  append(): Promise<void>;
  close(): void;
}

/** Opens a new collection whose first revision has `revisions` ancestors that nothing reads. */
async function openHistory(store: Store, revisions: number, isPublished = false): Promise<History> {
  const writer = new EngineRepo(store, decodeChunk);
  const collection = await writer.createCollection(schema, "bench");
  await collection.series("s").write({ t: [0], v: [0] });
  writer.close();
  const first = (await store.list(`${collection.path}/`))[0]!.path;
  const { ancestors, descendant } = prependRevisions(first.slice(collection.path.length + 1), revisions);
  for (const name of ancestors) await store.put(`${collection.path}/${name}`, new Uint8Array(0));
  await store.move(first, `${collection.path}/${descendant}`);

  const repo = new EngineRepo(store, decodeChunk, { maxAge: 0 }); // each commit lists
  if (isPublished) await repo.publish();
  const series = (await repo.collection("bench")).series("s");
  let row = 0;
  const append = async () => {
    await series.write({ t: [++row], v: [Math.sin(row)] });
  };
  return { append, close: () => repo.close() };
}

/** Returns milliseconds of CPU time. */
async function cpuTime(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Rounds alternate between the histories, since the speed of a machine changes. */
async function benchCommits(isPublished: boolean): Promise<void> {
  const histories: History[] = [];
  for (const count of COUNTS) histories.push(await openHistory(new SortedStore(), count, isPublished));
  const costs: number[][] = COUNTS.map(() => []);
  const commit = async (history: History) => {
    for (let i = 0; i < COMMITS; i++) await history.append();
  };
  for (let round = -5; round < ROUNDS; round++) {
    for (const [i, history] of histories.entries()) {
      const ms = await cpuTime(() => commit(history));
      if (round >= 0) costs[i]!.push(ms / COMMITS); // the first ones are a warm-up
    }
  }
  for (const history of histories) history.close();
  const medians = costs.map(median);
  const rows = medians.map((cost, i) => [
    COUNTS[i]!.toLocaleString("en"),
    cost.toFixed(2),
    (cost / medians[0]!).toFixed(2),
  ]);
  console.log(`\nOne-row commits to a ${isPublished ? "published " : ""}repository in memory\n`);
  console.log(table(["revisions before", "ms of CPU per commit", "ratio to the first"], rows));
}

async function benchDisk(writes: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lakota-bench-"));
  const started = performance.now();
  const history = await openHistory(new FileStore(folder), 0);
  for (let i = 0; i < writes; i++) await history.append();
  history.close();
  const seconds = (performance.now() - started) / 1_000;
  await rm(folder, { recursive: true });
  const count = writes.toLocaleString("en");
  console.log(`\n${count} one-row writes to a new collection on a disk: ${seconds.toFixed(0)} s`);
}

/** @param writes on a disk, where each commit reads the whole folder */
export async function benchLongHistories(writes = 10_000): Promise<void> {
  await benchCommits(false);
  await benchCommits(true);
  if (writes > 0) await benchDisk(writes);
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await benchLongHistories(Number(process.argv[2] ?? 10_000));
