import type { Repo } from "../../src/model/api/repo.ts";
import { cases as changing } from "./changing.ts";
import { cases as downsampling } from "./downsampling.ts";
import { cases as history } from "./history.ts";
import { cases as interchange } from "./interchange.ts";
import { cases as keeping } from "./keeping.ts";
import { cases as kinds } from "./kinds.ts";
import { cases as querying } from "./querying.ts";
import { cases as reading } from "./reading.ts";
import type { Door } from "./tools.ts";
import { cases as writing } from "./writing.ts";

/** What a repo must do, whichever thread does the work. No test framework is needed: a case fails by throwing. */
export interface Case {
  name: string;
  run: (door: Door) => Promise<void>;
}

/** Runs a case, and closes the repos that it opened. */
export async function runCase({ run }: Case, door: Door): Promise<void> {
  const opened: Repo[] = [];
  const open: Door["open"] = async (uri) => {
    const repo = await door.open(uri);
    opened.push(repo);
    return repo;
  };
  try {
    await run({ ...door, open });
  } finally {
    for (const repo of opened) repo.close();
  }
}

export const cases: readonly Case[] = [
  ...reading,
  ...downsampling,
  ...querying,
  ...writing,
  ...changing,
  ...history,
  ...keeping,
  ...kinds,
  ...interchange,
];
