import { openRepo } from "lakota/engine";
import { systemClock } from "../../src/async/clock.ts";
import { LakotaError } from "../../src/model/errors.ts";
import { kindOf } from "../../src/model/parse-layout.ts";
import type { S3Server } from "../s3-server/index.ts";
import { describe, look, type Objects, type State } from "./clean-client.ts";
import { done } from "./done.ts";
import type { Fault } from "./faults.ts";
import { isListing, Network, type Occurrence, occurrencesOf, type SentRequest } from "./network.ts";
import type { Operation } from "./operations.ts";
import { optionsFor, startSample, TEMPLATE } from "./sample.ts";

/** Milliseconds after which a run counts as one that does not end. */
const BOUND = 20_000;

/** What happened in all runs of an operation with a fault. */
export interface Cell {
  readonly operation: string;
  readonly fault: string;
  readonly runs: number;
  /** Requests that the fault affected. */
  readonly faults: number;
  /** `right` where a run succeeded, and the codes of errors; each with where it occurred first. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** What was wrong. Empty for a good library. */
  readonly wrong: readonly string[];
}

/** A fault-free run. */
interface Baseline {
  readonly requests: readonly SentRequest[];
  readonly answer: string;
  readonly before: State;
  readonly after: State;
  readonly done: string;
  /** Answers of clients that get old listings. */
  readonly oldAnswers: ReadonlySet<string>;
  /** What such clients may make of collections: what it was before the newest revision. */
  readonly oldStates: readonly State[];
}

interface Outcome {
  /** What the operation returned, as JSON. */
  readonly answer?: string;
  readonly error?: unknown;
  /** The objects after each change that readers may notice, and at the end. */
  readonly steps: readonly Objects[];
  readonly requests: readonly SentRequest[];
  /** Requests that the fault affected. */
  readonly faults: number;
}

/** Runs operations on copies of the sample. */
export class Matrix {
  readonly #s3: S3Server;
  readonly #baselines = new Map<Operation, Promise<Baseline>>();
  #bucketCount = 0;

  private constructor(s3: S3Server) {
    this.#s3 = s3;
  }

  static async start(): Promise<Matrix> {
    return new Matrix(await startSample());
  }

  close(): Promise<void> {
    return this.#s3.close();
  }

  /** Runs an operation with a fault at each of its requests in turn. */
  async cell(operation: Operation, fault: Fault): Promise<Cell> {
    const baseline = await this.#baseline(operation);
    const outcomes = new Map<string, string>();
    const wrong: string[] = [];
    const occurrences = occurrencesOf(fault, baseline.requests);
    let count = 0;
    for (const occurrence of occurrences) {
      const outcome = await this.#run(operation, fault, occurrence);
      count += outcome.faults;
      const later = occurrence.lasting ? " and all later ones" : "";
      const where = `${occurrence.kind} ${occurrence.at + 1}${later}`;
      const code = outcome.answer === undefined ? codeOf(outcome.error) : "right";
      if (!outcomes.has(code)) outcomes.set(code, `${where}: ${outcome.error ?? "right data"}`);
      for (const problem of await problemsOf(operation, fault, outcome, baseline))
        wrong.push(`${operation.name}, ${fault.name}, ${where}: ${problem}`);
    }
    return {
      operation: operation.name,
      fault: fault.name,
      runs: occurrences.length,
      faults: count,
      outcomes,
      wrong,
    };
  }

  #baseline(operation: Operation): Promise<Baseline> {
    const known = this.#baselines.get(operation);
    if (known) return known;
    const baseline = this.#measure(operation);
    this.#baselines.set(operation, baseline);
    return baseline;
  }

  async #measure(operation: Operation): Promise<Baseline> {
    const { answer, error, steps, requests } = await this.#run(operation);
    if (answer === undefined) throw error;
    const end = steps.at(-1)!;
    const before = this.#s3.objects.bucket(TEMPLATE);
    const oldAnswers = new Set([answer]);
    const oldStates: State[] = [];
    const newest = newestListed(requests, before);
    for (const keys of operation.kind === "read" ? subsets(newest) : newest.map((key) => [key])) {
      const old = await this.#run(operation, undefined, undefined, keys);
      if (old.answer !== undefined) oldAnswers.add(old.answer);
      if (operation.kind === "change") oldStates.push(await look(old.steps.at(-1)!));
    }
    return {
      requests,
      answer,
      before: await look(before),
      after: await look(end),
      done: JSON.stringify(await done[operation.name]?.(end)),
      oldAnswers,
      oldStates,
    };
  }

  /** @param without keys of objects that are deleted before */
  async #run(
    operation: Operation,
    fault?: Fault,
    occurrence?: Occurrence,
    without: readonly string[] = [],
  ): Promise<Outcome> {
    const s3 = this.#s3;
    const bucket = `run-${this.#bucketCount++}`;
    s3.objects.cloneBucket(TEMPLATE, bucket);
    for (const key of without) s3.objects.delete(bucket, key);
    const present = new Set(s3.objects.bucket(bucket).keys());
    const steps: Objects[] = [];
    const copy = () => new Map(s3.objects.bucket(bucket));
    s3.objects.watch(bucket, (key) => {
      const isNew = !present.has(key);
      present.add(key);
      // A new chunk, or a copy of one, changes nothing for readers.
      const isChunk = /^(chunk|set-aside)$/.test(kindOf(key.slice(key.indexOf("/") + 1)) ?? "");
      if (!isNew || !isChunk) steps.push(copy());
    });
    const network = new Network(s3, bucket, fault, occurrence);
    const options = {
      ...optionsFor(s3),
      clock: { ...systemClock, random: () => 0 },
      retries: 3,
      ...fault?.client,
      fetch: (request: Request) => network.fetch(request),
    };
    const repo = await openRepo(`s3://${bucket}/repo`, options);
    const client = { repo, other: `s3://${bucket}/other`, disconnect: () => network.disconnect() };
    const result = await within(operation.run(client), network).then(
      (value) => ({ answer: JSON.stringify(value ?? null) }),
      (error: unknown) => ({ error }),
    );
    network.restore();
    repo.close();
    steps.push(copy());
    s3.objects.dropBucket(bucket);
    const { requests, faults } = network;
    return { ...result, steps, requests, faults };
  }
}

/** Returns the keys that old listings leave out: the newest object of each prefix that is listed. */
function newestListed(requests: readonly SentRequest[], objects: Objects): string[] {
  const prefixes = requests.filter(isListing).map(({ query }) => query.get("prefix")!);
  const newest = prefixes.map((prefix) => [...objects.keys()].findLast((key) => key.startsWith(prefix)));
  return [...new Set(newest)].filter((key) => key !== undefined);
}

function subsets(keys: readonly string[]): string[][] {
  const sets: string[][] = [[]];
  for (const key of keys) sets.push(...sets.map((set) => [...set, key]));
  return sets;
}

const codeOf = (error: unknown) => (error instanceof LakotaError ? error.code : "not a LakotaError");

class NoEnd extends Error {}

/** Rejects with {@link NoEnd} if a call does not end. */
function within<T>(call: Promise<T>, network: Network): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new NoEnd(`does not end within ${BOUND / 1000} s: ${network.progress()}`));
    const timer = setTimeout(end, BOUND);
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

async function problemsOf(
  { name, kind }: Operation,
  fault: Fault,
  { answer, error, steps }: Outcome,
  baseline: Baseline,
): Promise<string[]> {
  const problems: string[] = [];
  if (answer === undefined) {
    if (!(error instanceof LakotaError) || !fault.codes.includes(error.code))
      problems.push(`wrong error: ${describe(error)}`);
  } else {
    const isRight = fault.old
      ? kind === "change" || baseline.oldAnswers.has(answer)
      : answer === baseline.answer;
    if (!isRight) problems.push(`wrong answer: ${answer.slice(0, 200)}`);
  }
  const states: State[] = [];
  for (const step of steps) states.push(await look(step));
  const known = [baseline.before, baseline.after, ...(fault.old ? baseline.oldStates : [])];
  for (const [i, state] of states.entries()) {
    for (const label of new Set([...state.keys(), ...baseline.before.keys()])) {
      const seen = state.get(label);
      if (known.some((right) => right.get(label) === seen)) continue;
      const when = i === states.length - 1 ? "at the end" : `after change ${i + 1} of ${states.length - 1}`;
      problems.push(`${label} is ${String(seen).slice(0, 200)} ${when}`);
    }
  }
  if (kind === "read" || answer === undefined || fault.old) return problems;
  for (const [label, expected] of baseline.after)
    if (states.at(-1)!.get(label) !== expected) problems.push(`success, but ${label} is not as it should be`);
  const seen = JSON.stringify(await done[name]?.(steps.at(-1)!).catch(describe));
  if (seen !== baseline.done) problems.push(`success, but a clean client sees ${seen}, not ${baseline.done}`);
  return problems;
}
