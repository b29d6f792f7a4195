import type { Collection } from "lakota";
import { lakotaFrom } from "./dist.ts";

const { connect, Schema } = await lakotaFrom("/dist/index.js");

/** A repository, and its S3 server if it is on one. */
export interface Place {
  uri: string;
  endpoint?: string;
}

/** What one tab has written, as acknowledged by lakota. */
export interface TabReport {
  /** Keys in the series that all tabs write to. */
  shared: number[];
  /** Number of rows in the series that only this tab writes to. */
  own: number;
}

const open = ({ uri, endpoint }: Place) =>
  connect(uri, {
    cache: false,
    ...(endpoint && { endpoint, credentials: { accessKeyId: "id", secretAccessKey: "secret" } }),
  });

const keysOf = async (collection: Collection) => {
  await collection.refresh();
  return [...(await collection.series("shared").read({ numbers: true, missing: "empty" })).numbers("t")];
};

const soak = {
  async create(place: Place): Promise<void> {
    const repo = await open(place);
    await repo.createCollection(new Schema({ t: "int*", v: "float" }), "c");
    repo.close();
  },

  /** Appends, updates and deletes, singly and in batches, in a shared series and in one of this tab alone. */
  async write(place: Place, tab: number, writes: number): Promise<TabReport> {
    const repo = await open(place);
    const collection = await repo.collection("c");
    const shared = collection.series("shared");
    const own = collection.series(`own ${tab}`);
    const keys: number[] = [];
    for (let i = 0; i < writes; i++) {
      const key = i * 100 + tab; // interleaved with the keys of other tabs
      const row = { t: [key], v: [tab] };
      if (i % 3 === 0) {
        await collection.batch(async (batch) => {
          await batch.series("shared").write(row);
          await batch.series(own.label).write({ t: [i], v: [i] });
        });
      } else {
        await shared.write(row);
        await own.write({ t: [i], v: [i] });
      }
      keys.push(key);
      if (i % 5 === 4) {
        await own.delete({ keys: [i - 1] });
        await own.update({ t: [i], v: [-i] });
      }
    }
    repo.close();
    return { shared: keys, own: writes - Math.floor(writes / 5) };
  },

  /** Reads until {@link stop}. Returns the inconsistencies that it saw. */
  async watch(place: Place): Promise<string[]> {
    const repo = await open(place);
    const collection = await repo.collection("c");
    const violations: string[] = [];
    let seen = 0;
    let running = true;
    new BroadcastChannel("soak").onmessage = () => {
      running = false;
    };
    while (running) {
      const keys = await keysOf(collection);
      if (new Set(keys).size !== keys.length) violations.push("a row was seen twice");
      if (keys.length < seen) violations.push(`${seen} rows were seen, and then ${keys.length}`);
      seen = keys.length;
    }
    repo.close();
    return violations;
  },

  stop(): void {
    new BroadcastChannel("soak").postMessage("stop");
  },

  /** Returns the contents before and after the heads are merged. */
  async result(place: Place, tabs: number) {
    const repo = await open(place);
    const collection = await repo.collection("c");
    const before = await keysOf(collection);
    await collection.merge();
    const after = await keysOf(collection);
    const own: number[] = [];
    for (let tab = 0; tab < tabs; tab++) own.push(await collection.series(`own ${tab}`).length());
    const heads = (await collection.log()).filter(({ head }) => head).length;
    repo.close();
    return { before, after, own, heads };
  },

  /** Copies a repository in the browser's storage to the S3 server, where the test can check it. */
  async copy(from: Place, to: Place): Promise<void> {
    const repo = await open(to);
    await repo.pull(from.uri);
    repo.close();
  },
};

declare global {
  interface Window {
    soak: typeof soak;
  }
}
window.soak = soak;
