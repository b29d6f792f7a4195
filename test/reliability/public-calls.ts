import { tableFromArrays } from "apache-arrow";
import * as arrow from "lakota/arrow";
import { Frame, type Repo, Schema } from "lakota/engine";
import * as interchange from "lakota/interchange/node";
import * as query from "lakota/query";
import { classCalls, frameWith } from "./class-calls.ts";
import {
  type Arguments,
  type Call,
  type Calls,
  drain,
  invoke,
  none,
  type RepoWorld,
  repoCalls,
  schemaWith,
} from "./repo-calls.ts";

/** What calls are made on. */
export interface World extends RepoWorld {
  /** Bytes of a Parquet file. */
  readonly parquet: Uint8Array;
  readonly openRepo: (...args: readonly unknown[]) => Promise<Repo>;
  readonly folder: string;
}

export const schema = schemaWith(Schema);
export const frame = () => frameWith(Frame);
const CSV = "t,v\n2026-03-01,1\n2026-03-02,2\n";

const one: Arguments<unknown> = () => [query.col("v")];
const two: Arguments<unknown> = () => [query.col("v"), 1];
const time: Arguments<unknown> = () => [query.col("t")];

const expressions: Readonly<Record<string, Arguments<World>>> = {
  abs: one,
  add: two,
  and: () => [true, false],
  asTz: () => [query.col("t"), "Europe/Brussels"],
  col: () => ["v"],
  cols: () => [schema],
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
  formatExpression: () => [query.max(query.col("v")), "lisp"],
};

const drained = async (source: Promise<interchange.RowSource>) => {
  const found = await source;
  await drain(found.frames());
  found.close();
};

const fileCalls: Calls<World> = {
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

const functions = (module: object, table: Readonly<Record<string, Arguments<World>>>): Calls<World> =>
  Object.fromEntries(
    Object.entries(table).map(([name, args]): [string, Call<World>] => [
      name,
      { args, run: (_, given) => invoke(module, name, given) },
    ]),
  );

/** How each public function and method is called, by its name in the API report. */
export const calls: Calls<World> = {
  ...repoCalls(Schema),
  ...classCalls({ Frame, Schema }),
  ...fileCalls,
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
    insertFrame: () => [{ insertArrowFromIPCStream: () => {} }, "t", frame()],
  }),
};
