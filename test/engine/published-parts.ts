import { decodeChunk } from "../../src/codecs/chunk.ts";
import { EngineRepo } from "../../src/engine/repo/repo.ts";
import type { ReadOptions } from "../../src/model/api/read.ts";
import type { Bytes } from "../../src/model/bytes.ts";
import { Schema } from "../../src/model/schema.ts";
import { MemoryStore } from "../../src/stores/memory/memory-store.ts";
import type { GetOptions, SignalOptions, Store } from "../../src/stores/store.ts";

export const ROWS = 400_000;
const START = Date.UTC(2020, 0);
const MINUTE = 60_000;
const schema = new Schema({ t: "M8[ms]*", v: "float", n: "int64", text: "str" });

const isChunk = (path: string) => /^..\/..\/[0-9a-f]{36}$/.test(path);

/** A store that is reached over the network: it can send parts of files. Records what it sent. */
export class RemoteStore extends MemoryStore {
  parts: number[] = [];
  chunks: string[] = [];
  change: (part: Bytes) => Bytes | undefined = (part) => part;

  override async get(path: string, options?: GetOptions): Promise<Bytes | undefined> {
    if (isChunk(path)) this.chunks.push(path);
    return super.get(path, options);
  }

  async getRange(path: string, from: number, to: number, _?: SignalOptions): Promise<Bytes | undefined> {
    const part = (await super.get(path))?.slice(from, to);
    this.parts.push(to - from);
    return part && this.change(part);
  }

  reset(): void {
    this.parts = [];
    this.chunks = [];
  }
}

/** Of all repos that were opened. */
export const warnings: string[] = [];

/** Opens a repo without a cache of its own. */
export const open = (store: Store) =>
  new EngineRepo(store, decodeChunk, { maxAge: 0, onWarning: (text) => warnings.push(text) });

/** Random walks: long chunks that compress to about half of their size. */
export function rows(from = 0, count = ROWS) {
  let state = from + 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let value = 100;
  return {
    t: BigInt64Array.from({ length: count }, (_, i) => BigInt(START + (from + i) * MINUTE)),
    v: Float64Array.from({ length: count }, () => (value += random() - 0.5)),
    n: BigInt64Array.from({ length: count }, () => BigInt(Math.floor(random() * 1e9))),
    text: Array.from({ length: count }, (_, i) => String(i % 7)),
  };
}

/** A published repo of one series: long segments, and a short one at its end. */
async function published(): Promise<RemoteStore> {
  const store = new RemoteStore();
  const repo = open(store);
  const collection = await repo.createCollection(schema, "c");
  await collection.series("s").write(rows());
  await repo.publish({ overviews: true });
  repo.close();
  store.reset();
  return store;
}

const shared = published();

/** Returns a copy of the published repo. */
export async function copy(): Promise<RemoteStore> {
  const from = await shared;
  const store = new RemoteStore();
  for (const { path } of await from.list("")) await store.put(path, (await from.get(path))!);
  from.reset();
  return store;
}

/** Returns the rows of the series by column. */
export async function readRows(store: Store, options: ReadOptions = {}) {
  const repo = open(store);
  const frame = await (await repo.collection("c")).series("s").read(options);
  repo.close();
  return Object.fromEntries(frame.columns.map((name) => [name, [...frame.get(name)]]));
}

/** The time of a row. */
export const time = (row: number) => new Date(START + row * MINUTE);
/** The range of some rows. */
export const between = (from: number, to: number): ReadOptions => ({ start: time(from), stop: time(to) });

/** The same rows, from whole chunks. */
export async function expected(store: RemoteStore, options: ReadOptions) {
  const plain = new MemoryStore();
  for (const { path } of await store.list("")) await plain.put(path, (await store.get(path))!);
  const found = await readRows(plain, options);
  store.reset();
  return found;
}
