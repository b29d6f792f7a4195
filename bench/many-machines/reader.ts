/** A process with several repositories open, each of which follows a few series as a page of its own would. */
import { setTimeout as wait } from "node:timers/promises";
import { openShared } from "./access.ts";
import { countingFetch, NO_REQUESTS, type RequestCounts } from "./counted-fetch.ts";
import { countError, type ErrorCounts } from "./errors.ts";
import { beginning, readTask, sendReport } from "./machine.ts";
import { groupOf, type Setting, shardLabel, shardOf } from "./setting.ts";

export interface ReaderTask extends Setting {
  /** Numbers of its readers. */
  readonly numbers: readonly number[];
}

export interface ReaderReport {
  /** Milliseconds that each refresh took. */
  readonly refreshes: readonly number[];
  /** Milliseconds since the newest row of the group was written, when a refresh had it. */
  readonly ages: readonly number[];
  readonly requests: RequestCounts;
  readonly fetched: number;
  readonly errors: ErrorCounts;
}

const task = readTask<ReaderTask>();
const requests = { ...NO_REQUESTS };
const errors: ErrorCounts = {};
const refreshes: number[] = [];
const ages: number[] = [];

const readers = await Promise.all(
  task.numbers.map(async (number) => {
    const repo = await openShared(task, { fetch: countingFetch(requests) });
    const collection = await repo.collection(shardLabel(shardOf(number, task)));
    await collection.ls();
    return { number, repo, collection, labels: groupOf(number, task), newest: Number.NEGATIVE_INFINITY };
  }),
);
type Reader = (typeof readers)[number];

async function refresh(reader: Reader): Promise<void> {
  const { collection, labels } = reader;
  const started = performance.now();
  await collection.refresh();
  const frames = await collection.read(labels, { tail: 1, numbers: true, missing: "empty" });
  refreshes.push(performance.now() - started);
  const newest = Math.max(...[...frames.values()].flatMap((frame) => [...frame.numbers("time")]));
  // What was seen once must not disappear again.
  if (newest < reader.newest)
    throw new Error(`Reader ${reader.number} saw ${reader.newest}, then ${newest}.`);
  reader.newest = newest;
  if (newest > 0) ages.push(Date.now() - newest);
}

async function follow(reader: Reader, end: number): Promise<void> {
  // Readers are not in step with each other.
  let next = Date.now() + (task.every * reader.number) / task.readers;
  while (next < end) {
    await wait(Math.max(0, next - Date.now()));
    await refresh(reader).catch((error: unknown) => countError(errors, error));
    next = Math.max(next + task.every, Date.now());
  }
}

const fetchedBytes = async () => {
  const statuses = await Promise.all(readers.map(({ repo }) => repo.status()));
  return statuses.reduce((sum, { fetched }) => sum + fetched, 0);
};

Object.assign(requests, NO_REQUESTS);
const fetchedBefore = await fetchedBytes();
await beginning();
const end = Date.now() + 1_000 * task.seconds;
await Promise.all(readers.map((reader) => follow(reader, end)));
const fetched = (await fetchedBytes()) - fetchedBefore;
sendReport({ refreshes, ages, requests, fetched, errors } satisfies ReaderReport);
for (const { repo } of readers) repo.close();
