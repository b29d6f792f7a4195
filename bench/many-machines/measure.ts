import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openShared } from "./access.ts";
import { type Checked, check } from "./check.ts";
import { Machine } from "./machine.ts";
import type { ReaderReport, ReaderTask } from "./reader.ts";
import { SCHEMA, type Setting, seriesLabel, shardLabel } from "./setting.ts";
import type { WriterReport, WriterTask } from "./writer.ts";

export interface Measurement {
  readonly setting: Setting;
  readonly writers: readonly WriterReport[];
  readonly readers: readonly ReaderReport[];
  readonly checked: Checked;
}

/** Processes that the readers share. */
const READER_PROCESSES = 8;

/** Lets many processes write and read one repository, which is new, and checks it afterwards. */
export async function measure(setting: Setting): Promise<Measurement> {
  await fill(setting);
  const folder = mkdtempSync(join(tmpdir(), "lakota-machines-"));
  const logs = Array.from({ length: setting.writers }, (_, writer) => join(folder, `writer-${writer}.jsonl`));
  const writers = logs.map((log, writer) => {
    const task: WriterTask = { ...setting, writer, log };
    return new Machine<WriterReport>("writer.ts", task);
  });
  const readers = shares(setting.readers).map((numbers) => {
    const task: ReaderTask = { ...setting, numbers };
    return new Machine<ReaderReport>("reader.ts", task);
  });
  const machines = [...writers, ...readers];
  try {
    await Promise.all(machines.map((machine) => machine.ready()));
    for (const machine of machines) machine.begin();
    const reports = await Promise.all([
      Promise.all(writers.map((writer) => writer.report())),
      Promise.all(readers.map((reader) => reader.report())),
    ]);
    return { setting, writers: reports[0], readers: reports[1], checked: await check(setting, logs) };
  } finally {
    for (const machine of machines) machine.end();
    rmSync(folder, { recursive: true });
  }
}

/** Divides the readers among processes. */
function shares(readers: number): number[][] {
  const processes = Math.min(readers, READER_PROCESSES);
  return Array.from({ length: processes }, (_, process) =>
    Array.from({ length: readers }, (_, reader) => reader).filter((reader) => reader % processes === process),
  );
}

/** Creates the collections. Each series that is going to be written has no row before. */
async function fill(setting: Setting): Promise<void> {
  const repo = await openShared(setting);
  const count = Math.ceil(setting.series / setting.collections);
  for (let shard = 0; shard < setting.collections; shard++) {
    const collection = await repo.createCollection(SCHEMA, shardLabel(shard), { table: setting.table });
    await collection.batch(async (batch) => {
      for (let i = 0; i < count; i++)
        await batch.series(seriesLabel(i)).write({ time: [i], writer: [0], number: [shard] });
    });
  }
  repo.close();
}
