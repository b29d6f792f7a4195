import type { Repo } from "../../src/model/api/repo.ts";
import { cases as absentSeries } from "./absent-series.ts";
import { cases as aligning } from "./aligning.ts";
import { cases as describing } from "./describing.ts";
import { cases as downsampling } from "./downsampling.ts";
import { cases as kinds } from "./dtypes.ts";
import type { EntryPoint } from "./helpers.ts";
import { cases as history } from "./history.ts";
import { cases as keeping } from "./housekeeping.ts";
import { cases as interchange } from "./interchange.ts";
import { cases as manySeries } from "./many-series.ts";
import { cases as querying } from "./querying.ts";
import { cases as reading } from "./reading.ts";
import { cases as changing } from "./updates.ts";
import { cases as writing } from "./writing.ts";

/** A test of the API, whichever thread does the work. It needs no test framework: it fails by throwing. */
export interface Case {
  name: string;
  run: (entryPoint: EntryPoint) => Promise<void>;
}

/** Runs a case, and closes the repos that it opened. */
export async function runCase({ run }: Case, entryPoint: EntryPoint): Promise<void> {
  const opened: Repo[] = [];
  const open: EntryPoint["open"] = async (uri) => {
    const repo = await entryPoint.open(uri);
    opened.push(repo);
    return repo;
  };
  try {
    await run({ ...entryPoint, open });
  } finally {
    for (const repo of opened) repo.close();
  }
}

const flatCases: readonly Case[] = [
  ...reading,
  ...downsampling,
  ...aligning,
  ...absentSeries,
  ...querying,
  ...writing,
  ...manySeries,
  ...changing,
  ...describing,
  ...history,
  ...keeping,
  ...kinds,
  ...interchange,
];

/** Returns an entry point whose collections have trees, unless a case asks for another kind of table. */
const withTrees = (entryPoint: EntryPoint): EntryPoint => ({
  ...entryPoint,
  async open(uri) {
    const repo = await entryPoint.open(uri);
    const create = repo.createCollection.bind(repo);
    repo.createCollection = (schema, label, options) => create(schema, label, { table: "tree", ...options });
    return repo;
  },
});

/** All cases, with tables of both kinds. */
export const cases: readonly Case[] = [
  ...flatCases,
  ...flatCases.map(({ name, run }) => ({
    name: `with trees: ${name}`,
    run: (entryPoint: EntryPoint) => run(withTrees(entryPoint)),
  })),
];
