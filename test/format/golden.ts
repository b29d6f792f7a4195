/**
 * Compares a repository, through the public API alone, with what GOLDEN.md says of its `expected.json`. Runs in
 * Node and in a page.
 */
import type { Closed, Collection, Frame, KeyInput, ReadOptions, Repo, Series } from "lakota/engine";
import { writeValue } from "./notation.ts";

interface ExpectedColumn {
  dt: string;
  length: number;
  sha1_raw_le?: string;
  values?: unknown[];
  sample?: Record<string, unknown>;
}
export interface ExpectedFrame {
  length: number;
  columns: Record<string, ExpectedColumn>;
}
interface QueryArguments {
  start?: string[];
  stop?: string[];
  closed?: string;
  limit?: number;
  offset?: number;
  before?: string;
  select?: string | string[];
  length?: number;
  step?: number;
}
export interface Query {
  collection: string;
  series: string;
  op: "frame" | "tail" | "paginate";
  args: QueryArguments;
  expect?: ExpectedFrame;
  ideal?: ExpectedFrame;
  expect_pages?: ExpectedFrame[];
}
interface ExpectedCollection {
  schema: { kind: string | null; columns: Record<string, { dt: string; codecs: string[]; idx: boolean }> };
  ls: string[];
  log: { path: string; epoch: string }[];
  series: Record<string, ExpectedFrame>;
}
export interface Expected {
  name: string;
  collections_ls: string[];
  collections: Record<string, ExpectedCollection>;
  queries: Query[];
}

/** What was compared, and what differs. */
export interface Report {
  frames: number;
  differences: string[];
}

const REFUSED = ["bz2", "lzma", "base64"];

/** Compares a repo with `expected`: labels, schemas, logs, series, and the results of its queries. */
export async function compareWithGolden(repo: Repo, expected: Expected): Promise<Report> {
  const report: Report = { frames: 0, differences: [] };
  const check = (what: string, actual: unknown, wanted: unknown) => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)];
    if (a !== b)
      report.differences.push(`${expected.name} ${what}: ${a?.slice(0, 200)} instead of ${b?.slice(0, 200)}`);
  };
  const checkFrame = async (what: string, frame: Frame, wanted: ExpectedFrame) => {
    report.frames++;
    for (const difference of await compareFrame(frame, wanted)) {
      report.differences.push(`${expected.name} ${what}: ${difference}`);
    }
  };
  check("ls", await repo.ls(), expected.collections_ls);
  for (const [label, wanted] of Object.entries(expected.collections)) {
    const collection = await repo.collection(label);
    check(`${label} schema`, collection.schema.dump(), wanted.schema);
    check(`${label} ls`, await collection.ls(), wanted.ls);
    const ids = new Set(wanted.log.map(({ path }) => path.split(".")[1]));
    check(`${label} log`, (await collection.log()).map(({ id }) => id).sort(), [...ids].sort());
    for (const [name, frame] of Object.entries(wanted.series)) {
      const series = collection.series(name);
      const columns = readable(collection);
      await checkFrame(`${label}/${name}`, await series.read({ columns }), only(frame, columns));
      check(`${label}/${name} length`, await series.length(), frame.length);
    }
  }
  for (const query of expected.queries) {
    const collection = await repo.collection(query.collection);
    const series = collection.series(query.series);
    const what = `${query.collection}/${query.series} ${query.op}(${JSON.stringify(query.args)})`;
    // Python reads a series that is not there as one without rows.
    const options = { ...toOptions(collection, query.args), missing: "empty" as const };
    if (query.op === "paginate") {
      const pages = query.expect_pages!;
      let i = 0;
      for await (const page of series.pages({ ...options, pageLength: query.args.step! })) {
        const wanted = pages[i++];
        if (wanted) await checkFrame(`${what} page ${i}`, page, only(wanted, options.columns));
      }
      check(`${what} pages`, i, pages.filter((page) => page.length > 0).length);
    } else {
      const wanted = query.ideal ?? query.expect!;
      await checkFrame(what, await run(series, query, options), only(wanted, options.columns));
    }
  }
  return report;
}

function run(series: Series, { op, args }: Query, options: ReadOptions): Promise<Frame> {
  return op === "tail" ? series.tail(args.length!, options) : series.read(options);
}

const readable = ({ schema }: Collection): string[] =>
  schema.columns
    .filter(({ codecs }) => !codecs.some((codec) => REFUSED.includes(codec)))
    .map(({ name }) => name);

function only(frame: ExpectedFrame, names: readonly string[] | undefined): ExpectedFrame {
  const columns = Object.entries(frame.columns).filter(([name]) => !names || names.includes(name));
  return { length: frame.length, columns: Object.fromEntries(columns) };
}

function toOptions(collection: Collection, args: QueryArguments): ReadOptions {
  const { select } = args;
  const key = (values: string[] | undefined): KeyInput[] | undefined =>
    values?.map((value, i) => parseKey(value, collection.schema.index[i]!.dtype.name));
  const selected = typeof select === "string" ? [select] : select;
  return {
    columns: readable(collection).filter((name) => !selected || selected.includes(name)),
    ...(args.start && { start: key(args.start)! }),
    ...(args.stop && { stop: key(args.stop)! }),
    ...(args.closed && { closed: args.closed.toLowerCase() as Closed }),
    ...(args.limit !== undefined && { limit: args.limit }),
    ...(args.offset !== undefined && { offset: args.offset }),
    ...(args.before !== undefined && { before: args.before }),
  };
}

function parseKey(value: string, type: string): KeyInput {
  if (type === "<U0" || type.startsWith("<U") || type.startsWith("|S")) return value;
  return /64/.test(type) && !/float/.test(type) ? BigInt(value) : Number(value);
}

/** What differs between a frame and what it should be. */
export async function compareFrame(frame: Frame, wanted: ExpectedFrame): Promise<string[]> {
  const names = Object.keys(wanted.columns);
  if (frame.length !== wanted.length) return [`${frame.length} rows instead of ${wanted.length}`];
  if (frame.columns.join() !== names.join())
    return [`columns ${frame.columns.join()} instead of ${names.join()}`];
  const differences: string[] = [];
  for (const name of names) {
    const column = wanted.columns[name]!;
    const data = frame.get(name);
    if (frame.type(name) !== column.dt)
      differences.push(`${name} is ${frame.type(name)} instead of ${column.dt}`);
    const given = column.values ? column.values.entries() : Object.entries(column.sample ?? {});
    for (const [row, value] of given) {
      const actual = JSON.stringify(writeValue(data[Number(row)], column.dt));
      if (actual === JSON.stringify(value)) continue;
      differences.push(`${name}[${row}] is ${actual} instead of ${JSON.stringify(value)}`);
      break;
    }
    if (column.sha1_raw_le && ArrayBuffer.isView(data) && column.dt !== "float16") {
      const digest = await sha1(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      if (digest !== column.sha1_raw_le)
        differences.push(`${name} has sha1 ${digest} instead of ${column.sha1_raw_le}`);
    }
  }
  return differences;
}

async function sha1(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
