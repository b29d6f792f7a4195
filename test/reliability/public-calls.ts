import { tableFromArrays } from "apache-arrow";
import * as arrow from "lakota/arrow";
import {
  type Batch,
  type Collection,
  Frame,
  type Repo,
  type Revision,
  Schema,
  type Series,
} from "lakota/engine";
import * as interchange from "lakota/interchange/node";
import * as query from "lakota/query";

/** What calls are made on. */
export interface World {
  readonly repo: Repo;
  readonly collection: Collection;
  readonly series: Series;
  /** The revisions of the collection, oldest first. */
  readonly log: readonly Revision[];
  /** URI of another repo. */
  readonly other: string;
  /** Bytes of a Parquet file. */
  readonly parquet: Uint8Array;
  readonly openRepo: (...args: readonly unknown[]) => Promise<Repo>;
  readonly folder: string;
}

/** Arguments that are right, without options that a call does not need. */
type Arguments = (world: World) => readonly unknown[];
/** How a call is made. */
export interface Call {
  readonly args: Arguments;
  /** Makes the call, and uses its result, so that all that it does is done. */
  readonly run: (world: World, args: readonly unknown[]) => unknown;
}

export const schema = new Schema({ t: "timestamp*", v: "float", s: "str" });
export const frame = () =>
  new Frame([
    { name: "t", type: "datetime64[s]", data: BigInt64Array.of(5n, 6n) },
    { name: "v", type: "float64", data: Float64Array.of(5, 6) },
  ]);
export const rows = (first: number) => ({
  t: [first, first + 1, first + 2].map((t) => t * 1_000),
  v: [1, 2, 3],
  s: ["a", "b", "c"],
});
const CSV = "t,v\n2026-03-01,1\n2026-03-02,2\n";

/** Calls a function of some object by name, as code without types does. */
function invoke(target: object, name: string, args: readonly unknown[]): unknown {
  return Reflect.apply(Reflect.get(target, name), target, args);
}

async function drain(pages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of pages);
}

const methods = (
  owner: string,
  target: (world: World) => object,
  table: Readonly<Record<string, Arguments>>,
): Record<string, Call> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call] => [
      `${owner}.${name}`,
      { args, run: (world, given) => invoke(target(world), name, given) },
    ]),
  );

/** Methods of what exists inside a batch only. */
const inBatch = (
  owner: string,
  target: (batch: Batch) => object,
  table: Readonly<Record<string, Arguments>>,
): Record<string, Call> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call] => [
      `${owner}.${name}`,
      {
        args,
        run: ({ collection }, given) =>
          collection.batch(async (batch) => {
            await invoke(target(batch), name, given);
          }),
      },
    ]),
  );

const none: Arguments = () => [];

/** Whether options are such that a callback for errors cannot be added. */
function hasErrors(options: unknown): boolean {
  try {
    const isPlain = typeof options === "object" && Object.getPrototypeOf(options) === Object.prototype;
    return !isPlain || "onError" in { ...(options as object) };
  } catch {
    return true;
  }
}

/** Watches until there is a change or an error, or the watch has ended. */
function watch(target: "collection" | "series"): Call {
  return {
    args: ({ log }) => [() => {}, { every: 1, since: [log[0]] }],
    run: async (world, [listener, options, ...rest]) => {
      const ending = new AbortController();
      let stop: unknown;
      let fail: (error: unknown) => void = () => {};
      const failed = new Promise<never>((_, reject) => {
        fail = reject;
      });
      failed.catch(() => {});
      const called =
        typeof listener !== "function"
          ? listener
          : (...args: unknown[]) => {
              ending.abort();
              return listener(...args);
            };
      const given = hasErrors(options) ? options : { ...(options as object), onError: fail };
      try {
        stop = invoke(world[target], "watch", [called, given, ...rest]);
        const heard = new Promise<void>((resolve) =>
          ending.signal.addEventListener("abort", () => resolve()),
        );
        const idle = world.collection.refresh().then(() => world.repo.verify());
        await Promise.race([failed, heard, idle]);
      } finally {
        if (typeof stop === "function") stop();
      }
    },
  };
}

const repo = methods("Repo", ({ repo }) => repo, {
  ls: none,
  collection: () => ["c"],
  createCollection: () => [schema, "made"],
  rename: () => ["c", "renamed"],
  delete: () => ["c"],
  clone: () => ["c", "cloned"],
  gc: none,
  verify: none,
  pull: ({ other }) => [other],
  push: ({ other }) => [other],
  publish: none,
  send: none,
  status: none,
  forget: none,
  close: none,
});

const collection = methods("Collection", ({ collection }) => collection, {
  ls: none,
  series: () => ["s"],
  log: none,
  batch: () => [async (batch: Batch) => batch.drop("s")],
  drop: () => ["s"],
  rename: () => ["s", "renamed"],
  diff: ({ log }) => [log[0], log.at(-1)],
  revert: ({ log }) => [log[1]],
  merge: none,
  trim: none,
  defrag: none,
  pin: none,
  unpin: () => ["s"],
  pinned: none,
  refresh: none,
});

const reads = methods("Series", ({ series }) => series, {
  read: none,
  tail: () => [2],
  length: none,
  downsample: none,
  reduce: () => [{ columns: { v: "(max self.v)" } }],
  write: () => [rows(9)],
  update: () => [{ t: [2_000], v: [9] }],
  delete: () => [{ start: 2_000 }],
});

const one: Arguments = () => [query.col("v")];
const two: Arguments = () => [query.col("v"), 1];
const time: Arguments = () => [query.col("t")];

const expressions: Readonly<Record<string, Arguments>> = {
  abs: one,
  add: two,
  and: () => [true, false],
  asTz: () => [query.col("t"), "Europe/Brussels"],
  col: () => ["v"],
  count: one,
  day: time,
  div: two,
  duration: () => [1, "s"],
  eq: two,
  exp: one,
  first: one,
  float64: one,
  floor: () => [query.col("t"), "day"],
  floorDiv: two,
  ge: two,
  gt: two,
  hour: time,
  isin: () => [query.col("v"), [1, 2]],
  isnan: one,
  last: one,
  le: two,
  log: one,
  log10: one,
  lt: two,
  max: one,
  mean: one,
  min: one,
  minute: time,
  mod: two,
  month: time,
  mul: two,
  ne: two,
  neg: one,
  not: () => [true],
  or: () => [true, false],
  pow: two,
  quantile: () => [query.col("v"), 0.5],
  second: time,
  sqrt: one,
  sub: two,
  sum: one,
  weekday: time,
  year: time,
  parseExpression: () => ["(max self.v)"],
};

const drained = async (source: Promise<interchange.RowSource>) => {
  const found = await source;
  await drain(found.frames());
  found.close();
};

const fileCalls: Record<string, Call> = {
  "RowSource.frames": {
    args: none,
    run: async (_, args) =>
      drain(invoke(await interchange.readCsv(CSV), "frames", args) as AsyncIterable<unknown>),
  },
  "RowSource.close": {
    args: none,
    run: async (_, args) => invoke(await interchange.readCsv(CSV), "close", args),
  },
  readCsv: { args: () => [CSV], run: (_, args) => drained(invoke(interchange, "readCsv", args) as never) },
  readParquet: {
    args: ({ parquet }) => [parquet],
    run: (_, args) => drained(invoke(interchange, "readParquet", args) as never),
  },
  writeCsv: {
    args: () => [frame()],
    run: (_, args) => drain(invoke(interchange, "writeCsv", args) as never),
  },
  writeParquet: {
    args: () => [frame()],
    run: (_, args) => drain(invoke(interchange, "writeParquet", args) as never),
  },
};

const functions = (module: object, table: Readonly<Record<string, Arguments>>): Record<string, Call> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call] => [
      name,
      { args, run: (_, given) => invoke(module, name, given) },
    ]),
  );

/** How each public function and method is called, by its name in the API report. */
export const calls: Readonly<Record<string, Call>> = {
  ...repo,
  ...collection,
  ...reads,
  ...fileCalls,
  "Collection.watch": watch("collection"),
  "Series.watch": watch("series"),
  "Series.pages": {
    args: none,
    run: ({ series }, args) => drain(invoke(series, "pages", args) as AsyncIterable<unknown>),
  },
  ...inBatch("Batch", (batch) => batch, {
    series: () => ["s"],
    drop: () => ["s"],
    rename: () => ["s", "renamed"],
  }),
  ...inBatch("BatchSeries", (batch) => batch.series("s"), {
    write: () => [rows(9)],
    update: () => [{ t: [2_000], v: [9] }],
    delete: () => [{ start: 2_000 }],
  }),
  openRepo: {
    args: () => ["memory://"],
    run: async ({ openRepo }, args) => {
      const opened = await openRepo(...args);
      await opened.ls();
      opened.close();
    },
  },
  ...functions(query, {
    ...expressions,
    mask: () => [frame(), query.gt(query.col("v"), 1)],
    reduce: () => [frame(), { top: query.max(query.col("v")) }],
  }),
  ...functions(interchange, {
    fromRows: () => [[{ a: 1 }]],
    toRows: () => [frame()],
    filesIn: ({ folder }) => [folder],
    folderSink: ({ folder }) => [folder],
    exportCollection: ({ collection }) => [collection, () => new WritableStream()],
    importFiles: ({ repo }) => [
      repo,
      [{ path: "s.csv", open: () => new Blob([CSV]) }],
      { collection: "imported" },
    ],
  }),
  ...functions(arrow, {
    fromArrow: () => [tableFromArrays({ v: [1, 2] })],
    toArrow: () => [frame()],
  }),
};
