/** A process that commits rows, one commit after the other, and logs what was acknowledged. */
import { writeFileSync } from "node:fs";
import { openShared } from "./access.ts";
import { countingFetch, NO_REQUESTS, type RequestCounts } from "./counted-fetch.ts";
import { countError, type ErrorCounts } from "./errors.ts";
import { beginning, readTask, sendReport } from "./machine.ts";
import {
  CONTESTED,
  CONTESTED_KEY,
  ownSeries,
  type Setting,
  shardLabel,
  shardOf,
  sharedSeries,
} from "./setting.ts";
import { type LoggedRow, logCommit } from "./writer-log.ts";

export interface WriterTask extends Setting {
  readonly writer: number;
  /** Path of its log. */
  readonly log: string;
}

export interface WriterReport {
  /** Milliseconds that each acknowledged commit took. */
  readonly commits: readonly number[];
  readonly requests: RequestCounts;
  /** Bytes that were fetched. */
  readonly fetched: number;
  /** Pairs of revisions of which a commit said that they conflict. */
  readonly conflicts: number;
  readonly errors: ErrorCounts;
}

/** Rows that a commit appends to the writer's own series. */
const OWN_ROWS = 10;
/** Every how many commits the contested row is replaced. */
const CONTEST_EVERY = 20;

const task = readTask<WriterTask>();
const { writer, log, seconds } = task;
const shard = shardOf(writer, task);
const shared = sharedSeries(task);
const requests = { ...NO_REQUESTS };
const errors: ErrorCounts = {};
const commits: number[] = [];
let conflicts = 0;

const repo = await openShared(task, {
  fetch: countingFetch(requests),
  onWarning: (message) => {
    if (!message.startsWith("Two concurrent revisions")) console.error(message);
    else conflicts++;
  },
});
const collection = await repo.collection(shardLabel(shard));
await collection.ls();
writeFileSync(log, "");

let newest = 0;
let number = 0;

/** Makes the rows of a commit, the newest of which is of this moment. */
function makeRows(commit: number): LoggedRow[] {
  const first = Math.max(newest + 1, Date.now() - OWN_ROWS + 1);
  newest = first + OWN_ROWS - 1;
  const own = Array.from({ length: OWN_ROWS }, (_, i) => ({ label: ownSeries(writer), time: first + i }));
  const other = { label: shared[commit % shared.length]!, time: newest };
  const rows: LoggedRow[] = [...own, other].map((row) => ({ ...row, writer, number: number++ }));
  if (commit % CONTEST_EVERY === 0)
    rows.push({ label: CONTESTED, ...CONTESTED_KEY, number: writer * 1e9 + number++ });
  return rows;
}

async function write(rows: readonly LoggedRow[]): Promise<void> {
  const labels = new Set(rows.map(({ label }) => label));
  await collection.batch(async (batch) => {
    for (const label of labels) {
      const mine = rows.filter((row) => row.label === label);
      await batch.series(label).write({
        time: mine.map(({ time }) => time),
        writer: mine.map((row) => row.writer),
        number: mine.map((row) => row.number),
      });
    }
  });
}

Object.assign(requests, NO_REQUESTS);
const fetchedBefore = (await repo.status()).fetched;
await beginning();
const end = Date.now() + 1_000 * seconds;
for (let commit = 0; Date.now() < end; commit++) {
  const rows = makeRows(commit);
  const started = performance.now();
  let outcome: "acknowledged" | "failed" = "acknowledged";
  try {
    await write(rows);
    commits.push(performance.now() - started);
  } catch (error) {
    countError(errors, error);
    outcome = "failed";
  }
  logCommit(log, { shard, outcome, at: Date.now(), rows });
}
const fetched = (await repo.status()).fetched - fetchedBefore;
sendReport({ commits, requests, fetched, conflicts, errors } satisfies WriterReport);
repo.close();
