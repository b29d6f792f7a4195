import type { Repo } from "../../src/model/api/repo.ts";
import { checksumOf, LONG, rows, schema } from "./rows.ts";

/** What an operation runs with. */
export interface Client {
  readonly repo: Repo;
  /** URI of the other repo. */
  readonly other: string;
  /** Ends the network of the client. */
  disconnect(): void | Promise<void>;
}

/** An operation as data. */
export interface Operation {
  readonly name: string;
  readonly kind: "read" | "change";
  /** Runs it. Returns what can be compared: the same in each run where nothing is lost and nothing false. */
  readonly run: (client: Client) => Promise<unknown>;
}

/** Reports the change since the first revision. */
async function watch({ repo }: Client): Promise<unknown> {
  const collection = await repo.collection("t");
  const [first] = await collection.log();
  let failures = 0;
  return new Promise((resolve, reject) => {
    const stop = collection.watch(
      ({ ranges }) => {
        stop();
        resolve(ranges.map(({ label, kind, start, stop: end }) => [label, kind, `${start}`, `${end}`]));
      },
      {
        every: 1,
        since: first ? [first] : [],
        // A watch goes on after an error; one that lasts is reported again and again.
        onError: (error) => {
          if (++failures < 3) return;
          stop();
          reject(error);
        },
      },
    );
  });
}

/** Pins a series, and reads it without a network. */
async function pin({ repo, disconnect }: Client): Promise<unknown> {
  const collection = await repo.collection("t");
  const report = await collection.pin({ series: "a" });
  await disconnect();
  await collection.refresh().catch(() => {});
  return [report, await checksumOf(collection.series("a"))];
}

const read: readonly Operation[] = [
  { name: "open", kind: "read", run: async ({ repo }) => (await repo.collection("t")).schema.dump() },
  {
    name: "list",
    kind: "read",
    run: async ({ repo }) => {
      const collection = await repo.collection("t");
      return [await repo.ls(), await collection.ls(), (await collection.log()).length];
    },
  },
  {
    name: "read",
    kind: "read",
    run: async ({ repo }) => checksumOf((await repo.collection("t")).series("a")),
  },
  {
    name: "tail",
    kind: "read",
    run: async ({ repo }) => {
      const frame = await (await repo.collection("t")).series("a").tail(5, { numbers: true });
      return [[...frame.numbers("t")], [...frame.numbers("v")]];
    },
  },
  { name: "watch", kind: "read", run: watch },
  { name: "pin", kind: "read", run: pin },
];

const change: readonly Operation[] = [
  {
    name: "write",
    kind: "change",
    run: async ({ repo }) => {
      const series = (await repo.collection("t")).series("new");
      return (await series.write(rows(LONG, 7)))?.rows;
    },
  },
  {
    name: "batch",
    kind: "change",
    run: async ({ repo }) => {
      const collection = await repo.collection("t");
      const stored = await collection.batch(async (batch) => {
        await batch.series("new").write(rows(LONG, 8));
        await batch.series("b").write(rows(10, 9));
      });
      return stored?.rows;
    },
  },
  {
    name: "create",
    kind: "change",
    run: async ({ repo }) => (await repo.createCollection(schema, "made")).label,
  },
  {
    name: "merge",
    kind: "change",
    run: async ({ repo }) => (await (await repo.collection("forked")).merge()).conflicts.length,
  },
  {
    name: "pull",
    kind: "change",
    run: async ({ repo, other }) => (await repo.pull(other)).collections.length,
  },
  {
    name: "push",
    kind: "change",
    run: async ({ repo, other }) => (await repo.push(other, { labels: ["t"] })).collections.length,
  },
  {
    name: "trim",
    kind: "change",
    run: async ({ repo }) => {
      await (await repo.collection("t")).trim({ before: Date.now() + 3_600_000 });
    },
  },
  {
    name: "defrag",
    kind: "change",
    run: async ({ repo }) => (await (await repo.collection("worn")).defrag()).series.length,
  },
  {
    name: "gc",
    kind: "change",
    run: async ({ repo }) => {
      await repo.gc({ grace: 0 });
    },
  },
  {
    name: "publish",
    kind: "change",
    run: async ({ repo }) => (await repo.publish()).collections,
  },
];

export const operations: readonly Operation[] = [...read, ...change];
