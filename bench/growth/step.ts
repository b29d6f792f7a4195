/**
 * One operation in a process of its own, so that its peak of memory can be told. Prints what it took as JSON. Arguments: a
 * {@link Step} as JSON.
 */
import { cp, rm } from "node:fs/promises";
import { Schema } from "lakota/engine";
import { decodeChunk } from "../../src/codecs/chunk.ts";
import type { EngineCollection } from "../../src/engine/collection/collection.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import { FileStore } from "../../src/stores/file/file-store.ts";
import type { ListOptions, Store } from "../../src/stores/store.ts";
import { prependRevisions } from "../ancestors.ts";
import { median } from "../report.ts";
import { CountingStore, type Requests } from "./counting-store.ts";

export interface Step {
  /** Of the repository. */
  readonly folder: string;
  readonly operation: Operation;
  readonly table: TableKind;
  readonly series: number;
  /** Revisions before the first one. */
  readonly revisions: number;
  /** Heads to merge. */
  readonly heads: number;
  /** Rows of the only series. 0: 100 rows of each series. */
  readonly rows: number;
}

export type Operation = keyof typeof operations;

export interface Cost extends Omit<Requests, "roundTrips"> {
  /** Null where it is not known. */
  readonly roundTrips: number | null;
  /** Milliseconds of CPU. Of operations that are short, the median of several. */
  readonly cpu: number;
  /** Milliseconds. */
  readonly time: number;
  /** Bytes of memory at most, the process itself included. */
  readonly memory: number;
}

type Measured = Omit<Cost, "memory"> & Requests;

const schema = new Schema({ t: "timestamp*", v: "float" });
const ROWS = 100;
/** Rows of each write to a long series. */
const FRAME_ROWS = 500_000;
const labelOf = (i: number) => `sensor-${String(i).padStart(6, "0")}`;
const timeOf = (row: number) => 1e12 + 10_000 * row;
const rowsOf = (i: number, from = 0, rows = ROWS) => ({
  t: Float64Array.from({ length: rows }, (_, row) => timeOf(from + row)),
  v: Float64Array.from({ length: rows }, (_, row) => 100 * Math.sin(7 * i + from + row)),
});

const step: Step = JSON.parse(process.argv[2]!);
const store = new CountingStore(new FileStore(step.folder));
const openRepo = (at: CountingStore = store) =>
  new EngineRepo(at, decodeChunk, { maxAge: 0, onWarning: () => {} });
const open = async (at?: CountingStore): Promise<EngineCollection> => openRepo(at).collection("c");

/** Runs some work, and returns what it took. */
async function measure(work: () => Promise<unknown>, counted = store): Promise<Measured> {
  counted.take();
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ...counted.take(), cpu: (user + system) / 1_000, time: performance.now() - started };
}

/** Runs work several times, the first ones to warm up. Of all but CPU and time, returns the first. */
async function repeated(work: (i: number) => Promise<unknown>): Promise<Measured> {
  const costs: Measured[] = [];
  for (let i = 0; i < 12; i++) costs.push(await measure(() => work(i)));
  const late = costs.slice(5);
  return {
    ...costs[0]!,
    cpu: median(late.map(({ cpu }) => cpu)),
    time: median(late.map(({ time }) => time)),
    written: median(costs.map(({ written }) => written)),
    read: median(costs.map(({ read }) => read)),
    requests: median(costs.map(({ requests }) => requests)),
  };
}

const other = (i: number) => labelOf((i * 7_919 + 13) % step.series);

/** A store as it was when it was opened: other writers' files are not listed. */
class EarlierStore extends CountingStore {
  readonly #known: Promise<ReadonlySet<string>>;

  constructor(inner: Store) {
    super(inner);
    this.#known = inner.list("").then((entries) => new Set(entries.map(({ path }) => path)));
  }

  override async list(prefix: string, options?: ListOptions) {
    const known = await this.#known;
    return (await super.list(prefix, options)).filter(({ path }) => known.has(path));
  }
}

/** Appends to one series. All values are stored as the same few chunks, so that 10⁸ rows take little space. */
async function fillSeries(collection: EngineCollection): Promise<void> {
  const { v } = rowsOf(0, 0, FRAME_ROWS);
  const t = new Float64Array(FRAME_ROWS);
  for (let from = 0; from < step.rows; from += FRAME_ROWS) {
    const rows = Math.min(FRAME_ROWS, step.rows - from);
    for (let row = 0; row < rows; row++) t[row] = timeOf(from + row);
    await collection.series(labelOf(0)).write({ t: t.subarray(0, rows), v: v.subarray(0, rows) });
  }
}

/** Where the next rows of a series go. */
const end = step.rows || ROWS;

const operations = {
  /** What the process takes by itself. */
  nothing: () => measure(async () => {}),
  async fill() {
    const repo = openRepo();
    const collection = await repo.createCollection(schema, "c", { table: step.table });
    if (step.rows > 0) return measure(() => fillSeries(collection));
    const cost = await measure(() =>
      collection.batch(async (batch) => {
        for (let i = 0; i < step.series; i++) await batch.series(labelOf(i)).write(rowsOf(i));
      }),
    );
    if (step.revisions > 0) {
      const first = (await store.list(`${collection.path}/`))[0]!.path;
      const name = first.slice(collection.path.length + 1);
      const { ancestors, descendant } = prependRevisions(name, step.revisions);
      for (const ancestor of ancestors) await store.put(`${collection.path}/${ancestor}`, new Uint8Array(0));
      await store.move(first, `${collection.path}/${descendant}`);
    }
    return cost;
  },
  tail: () => repeated(async (i) => (await open()).series(other(i)).tail(10)),
  async write() {
    const collection = await open();
    return repeated((i) => collection.series(other(i)).write(rowsOf(i, end + 10 * i, 10)));
  },
  /** To different series, one after the other. */
  async "1,000 writes"() {
    const collection = await open();
    return measure(async () => {
      for (let i = 0; i < 1_000; i++) await collection.series(other(i)).write(rowsOf(i, end, 10));
    });
  },
  /** By a copy, after one write to 100 series. */
  async pull() {
    const folder = `${step.folder}-copy`;
    await cp(step.folder, folder, { recursive: true });
    try {
      const collection = await open();
      await collection.batch(async (batch) => {
        for (let i = 0; i < 100; i++) await batch.series(other(i)).write(rowsOf(i, end + 1_000, 10));
      });
      const copy = new EngineRepo(new FileStore(folder), decodeChunk, { maxAge: 0, openStore: () => store });
      return await measure(() => copy.pull("file:///source"));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  /** Of one series, after another one was written. */
  async refresh() {
    const reader = new CountingStore(new FileStore(step.folder));
    const [mine, writer] = await Promise.all([open(reader), open()]);
    const label = labelOf(step.series > 1 ? 1 : 0);
    await mine.series(label).tail(10);
    const costs: Measured[] = [];
    for (let i = 0; i < 8; i++) {
      await writer.series(other(i)).write(rowsOf(i, end + 500 + 10 * i, 10));
      costs.push(await measure(() => mine.series(label).tail(10), reader));
    }
    const middle = (key: keyof Measured) => median(costs.map((cost) => cost[key]));
    return {
      requests: middle("requests"),
      roundTrips: middle("roundTrips"),
      read: middle("read"),
      written: 0,
      cpu: middle("cpu"),
      time: middle("time"),
    };
  },
  ls: () => repeated(async () => (await open()).ls()),
  async diff() {
    const collection = await open();
    await collection.series(labelOf(0)).write(rowsOf(1, 3 * ROWS, 10));
    const [from, to] = (await collection.log({ limit: 2 })).slice(-2);
    return repeated(async () => (await open()).diff(from!, to!));
  },
  async merge() {
    const writers = Array.from({ length: step.heads }, () => new EarlierStore(new FileStore(step.folder)));
    for (const [i, writer] of writers.entries()) {
      const collection = await open(writer);
      await collection.series(other(i)).write(rowsOf(i, ROWS, 10));
    }
    const collection = await open();
    return measure(() => collection.merge());
  },
};

const cost = await operations[step.operation]();
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ...cost, memory: peak } satisfies Cost));
