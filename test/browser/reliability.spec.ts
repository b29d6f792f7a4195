import { type Browser, type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type BrowserFault, browserFaults } from "../reliability/browser-faults.ts";
import { describe, look, type Objects, type State } from "../reliability/clean-client.ts";
import { done } from "../reliability/done.ts";
import type { Cell } from "../reliability/matrix.ts";
import { type Operation, operations } from "../reliability/operations.ts";
import { TRIES_ALL } from "../reliability/positions.ts";
import { report } from "../reliability/report.ts";
import { startSample, TEMPLATE } from "../reliability/sample.ts";
import type { S3Server } from "../s3-server/index.ts";
import type { RunResult } from "./pages/reliability.ts";

/** Pages that run operations at the same time, each with its own network and databases. */
const PAGES = 4;
/** Milliseconds for all operations with a fault, on a busy machine. */
const TIMEOUT = 240_000;

/** A fault-free run. */
interface Baseline {
  readonly requests: number;
  readonly answer: string;
  readonly before: State;
  readonly after: State;
  readonly done: string;
}

let s3: S3Server;
let bucketCount = 0;
const baselines = new Map<Operation, Baseline>();
const cells: Cell[] = [];

// After a failure the table is incomplete.
test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ browser }) => {
  test.setTimeout(TIMEOUT);
  s3 = await startSample();
  await inLanes(browser, {}, operations, async (lane, operation) => {
    baselines.set(operation, await measure(lane, operation));
  });
});
test.afterAll(() => s3.close());

/** A page, which is opened again when a fault has closed it, in its own context. */
class Lane {
  readonly context: BrowserContext;
  #page: Page | undefined;

  constructor(context: BrowserContext) {
    this.context = context;
  }

  async page(): Promise<Page> {
    if (this.#page && !this.#page.isClosed()) return this.#page;
    const page = await this.context.newPage();
    await page.exposeFunction("disconnect", (bucket: string) => {
      s3.faults.add({ key: `/${bucket}/`, reset: "before" });
    });
    await page.goto("/test/browser/pages/reliability.html");
    await page.waitForFunction(() => "reliability" in window);
    this.#page = page;
    return page;
  }
}

/** Works off tasks on as many pages as may run at once. */
async function inLanes<T>(
  browser: Browser,
  { quota }: Pick<BrowserFault, "quota">,
  tasks: readonly T[],
  work: (lane: Lane, task: T) => Promise<void>,
): Promise<void> {
  const left = [...tasks];
  const lanes = Array.from({ length: Math.min(PAGES, tasks.length) }, async () => {
    const lane = new Lane(await browser.newContext());
    if (quota !== undefined) {
      const page = await lane.page();
      const session = await lane.context.newCDPSession(page);
      const { origin } = new URL(page.url());
      await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: quota });
    }
    for (let task = left.shift(); task !== undefined; task = left.shift()) await work(lane, task);
    await lane.context.close();
  });
  await Promise.all(lanes);
}

const requestsOf = (bucket: string) =>
  s3.log.filter(({ path, preflight }) => path.startsWith(`/${bucket}/`) && !preflight).length;

interface Run {
  readonly result: RunResult | undefined;
  readonly again: RunResult | undefined;
  readonly objects: Objects;
  readonly requests: number;
}

/** Runs an operation in a page. Where the fault strikes, it does so while the request at a position is held. */
async function run(lane: Lane, operation: Operation, fault?: BrowserFault, at = 0): Promise<Run> {
  const page = await lane.page();
  const bucket = `page-${bucketCount++}`;
  s3.objects.cloneBucket(TEMPLATE, bucket);
  let release = () => {};
  let onHit = () => {};
  const hold = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isHeld = new Promise<void>((resolve) => {
    onHit = resolve;
  });
  const { strike, recover, isOffline = false, isPageGone = false, blocked = false } = fault ?? {};
  // Chromium lets a request that is under way end after it has gone offline, so the server cuts it.
  const cut = isOffline && ({ reset: "before" } as const);
  if (strike) s3.faults.add({ key: `/${bucket}/`, skip: at, times: 1, hold, onHit, ...cut });
  const request = { operation: operation.name, bucket, endpoint: s3.url, blocked };
  const running = page.evaluate((request) => window.reliability.run(request), request);
  const ended = running.then(
    (result) => result,
    () => undefined, // the page was closed
  );
  if (strike) {
    await Promise.race([isHeld, ended]);
    await strike(page, lane.context);
    release();
  }
  const result = await ended;
  await recover?.(lane.context);
  const callAgain = () => page.evaluate(() => window.reliability.again());
  let again = isPageGone ? undefined : await callAgain();
  // The worker may notice a moment later that the browser is online.
  while (recover && again && "code" in again && again.code === "offline") again = await callAgain();
  if (!isPageGone) await page.evaluate(() => window.reliability.close());
  const objects = new Map(s3.objects.bucket(bucket));
  return { result, again, objects, requests: requestsOf(bucket) };
}

/** Runs an operation without a fault. */
async function measure(lane: Lane, operation: Operation): Promise<Baseline> {
  const { result, objects, requests } = await run(lane, operation);
  if (!result || !("answer" in result)) throw new Error(`${operation.name}: ${JSON.stringify(result)}`);
  return {
    requests,
    answer: result.answer,
    before: await look(s3.objects.bucket(TEMPLATE)),
    after: await look(objects),
    done: JSON.stringify(await done[operation.name]?.(objects)),
  };
}

async function problemsOf(
  { name }: Operation,
  { codes, isPageGone }: BrowserFault,
  { result, again, objects }: Run,
  baseline: Baseline,
): Promise<string[]> {
  const problems: string[] = [];
  const isRight = result !== undefined && "answer" in result;
  if (isRight && result.answer !== baseline.answer)
    problems.push(`wrong answer: ${result.answer.slice(0, 200)}`);
  if (result && "code" in result && !codes.some((code) => code === result.code))
    problems.push(`wrong error: ${result.code}: ${result.message}`);
  if (!result && !isPageGone) problems.push("no result");
  if (again && "code" in again)
    problems.push(`the repo is of no use afterwards: ${again.code}: ${again.message}`);
  const state = await look(objects);
  for (const label of new Set([...state.keys(), ...baseline.before.keys()])) {
    const seen = state.get(label);
    const expected = isRight ? [baseline.after] : [baseline.before, baseline.after];
    if (!expected.some((right) => right.get(label) === seen)) problems.push(`${label} is ${seen}`);
  }
  if (!isRight) return problems;
  const seen = JSON.stringify(await done[name]?.(objects).catch(describe));
  if (seen !== baseline.done) problems.push(`success, but a clean client sees ${seen}, not ${baseline.done}`);
  return problems;
}

/** Returns `right`, or the code of the error. */
function shownOf({ result }: Run, { isOffline }: BrowserFault): string {
  if (!result || !("code" in result)) return "right";
  return isOffline && result.code === "network" ? "offline" : result.code;
}

/** Requests that are held while a fault strikes: the first and the middle one, or all. */
function positionsIn({ strike }: BrowserFault, { requests }: Baseline): number[] {
  if (!strike) return [0];
  const count = TRIES_ALL ? requests : Math.min(2, requests);
  return Array.from({ length: count }, (_, i) => Math.floor((i * requests) / count));
}

for (const fault of browserFaults) {
  test(`${fault.name}: right data or a right error, nothing lost, nothing false`, async ({ browser }) => {
    test.setTimeout(TIMEOUT);
    const wrong: string[] = [];
    const found = new Map<Operation, Cell>();
    await inLanes(browser, fault, operations, async (lane, operation) => {
      const baseline = baselines.get(operation)!;
      const outcomes = new Map<string, string>();
      const problems: string[] = [];
      const positions = positionsIn(fault, baseline);
      for (const at of positions) {
        const outcome = await run(lane, operation, fault, at);
        const shown = shownOf(outcome, fault);
        if (!outcomes.has(shown)) outcomes.set(shown, `request ${at + 1}: ${JSON.stringify(outcome)}`);
        for (const problem of await problemsOf(operation, fault, outcome, baseline))
          problems.push(`${operation.name}, ${fault.name}, request ${at + 1}: ${problem}`);
      }
      wrong.push(...problems);
      const runs = positions.length;
      found.set(operation, {
        operation: operation.name,
        fault: fault.name,
        runs,
        faults: runs,
        outcomes,
        wrong: problems,
      });
    });
    cells.push(...operations.map((operation) => found.get(operation)!));
    expect(wrong).toEqual([]);
  });
}

test("the outcomes are those of docs/reliability.md", () => {
  const { documented, expected, why } = report("browser", cells);
  expect(documented, why).toBe(expected);
});
