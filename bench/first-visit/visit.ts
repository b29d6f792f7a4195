import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Browser, CDPSession, Page } from "@playwright/test";
import type { S3Server } from "../../test/s3-server/index.ts";
import { withBrowser } from "../browser/chromium.ts";
import { KEYS } from "../browser/seed.ts";
import { type AppHost, BLANK } from "./host.ts";
import { PeakMemory } from "./memory.ts";
import type { Outcome } from "./page.ts";
import type { Context } from "./peer.ts";
import { isLakota, type Peer } from "./peers.ts";
import { queryOf, type Step } from "./queries.ts";
import { STEP } from "./series.ts";
import { append, type Stage } from "./stage.ts";

/** Requests with preflights, and bytes of bodies. */
interface Traffic {
  appRequests: number;
  appBytes: number;
  storeRequests: number;
  storeBytes: number;
}

/** When things happened, in ms since the navigation or the query; NaN for what did not. */
interface Phases {
  /** The first script was requested. */
  script: number;
  /** The last script that was requested before the first request to the store. */
  lastScript: number;
  /** The store was first asked for anything. */
  store: number;
  /** The store was first asked for much data. */
  data: number;
  /** The store had sent all. */
  sent: number;
}

/** What one step took. */
export interface Measured extends Traffic, Phases {
  /** From the navigation to the checked answer, or from the query if the page stays. */
  ms: number;
  /** The same until rows were there, which the answer then confirmed. */
  shown: number;
  /** Longest time between two animation frames, in ms. */
  frameGap: number;
  /** CPU time of the page's main thread until the answer, in ms. */
  mainThread: number;
  /** Growth of the process of page and workers at its peak, in bytes; NaN where the system does not tell. */
  memory: number;
}

/** Bytes of a response from which it counts as data. */
const MUCH_DATA = 64 << 10;

/** Milliseconds without a request after which a page is quiet. */
const QUIET = 150;

/** The copy of a peer's repository that a visit reads, because steps may append to it. */
const COPY = "visit";

/** Takes steps in a browser with an empty profile. Returns what each took. */
export async function visit(
  stage: Stage,
  peer: Peer,
  host: AppHost,
  steps: readonly Step[],
): Promise<Measured[]> {
  const { objects } = stage.s3;
  const source = isLakota(peer) ? COPY : peer.source;
  if (source === COPY) objects.cloneBucket(peer.source, COPY);
  try {
    return await withBrowser(async (context) => {
      const page = context.pages()[0] ?? (await context.newPage());
      page.setDefaultTimeout(180_000);
      await page.goto(host.url + BLANK);
      const session = await context.newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const tab = { page, session, browser: context.browser()!, source };
      const measured: Measured[] = [];
      for (const step of steps) measured.push(await take(stage, host, tab, step));
      return measured;
    });
  } finally {
    if (source === COPY) objects.dropBucket(COPY);
  }
}

interface Tab {
  page: Page;
  /** With `Performance` enabled. */
  session: CDPSession;
  browser: Browser;
  /** What the peer reads. */
  source: string;
}

async function take(stage: Stage, host: AppHost, tab: Tab, { kind, by }: Step): Promise<Measured> {
  const { s3, data, shape } = stage;
  const { query, sum } = queryOf(kind, by === "append" ? await append(stage, COPY) : data);
  const { page, source } = tab;
  const context: Context = { store: s3.url, source, keys: KEYS, rows: data.t.length, step: STEP };
  s3.shape = shape;
  s3.reset();
  host.reset();
  const memory = await PeakMemory.start(tab.browser);
  let before = 0;
  let outcome: Outcome;
  if (by === "append") {
    before = await mainThreadTime(tab.session);
    outcome = await page.evaluate((query) => globalThis.runQuery(query), query);
  } else {
    const parameters = new URLSearchParams({
      context: JSON.stringify(context),
      query: JSON.stringify(query),
    });
    await page.goto(`${host.url}/index.html?${parameters}`);
    outcome = await page.evaluate(() => globalThis.answer);
  }
  if ("error" in outcome) throw new Error(outcome.error);
  const { from, ...report } = outcome;
  const measured = {
    ...report,
    ...phasesOf(from, s3, host),
    mainThread: (await mainThreadTime(tab.session)) - before,
    memory: memory?.growth() ?? Number.NaN,
    ...(await trafficWhenQuiet(s3, host)),
  };
  if (kind !== "picture") await page.evaluate((sum) => globalThis.checkSum(sum), sum);
  return measured;
}

function phasesOf(from: number, { log }: S3Server, { scripts }: AppHost): Phases {
  const since = (times: readonly number[]) => (times[0] ?? Number.NaN) - from;
  const store = since(log.map(({ received }) => received));
  return {
    script: since(scripts),
    lastScript: since(scripts.filter((time) => !(time - from > store)).slice(-1)),
    store,
    data: since(log.filter(({ bytes }) => bytes >= MUCH_DATA).map(({ received }) => received)),
    sent: Math.max(...log.map(({ sent }) => sent)) - from,
  };
}

/** Waits until no request has come for a while, because some answers are confirmed after they were shown. */
async function trafficWhenQuiet(s3: S3Server, host: AppHost): Promise<Traffic> {
  const now = (): Traffic => {
    const [app, store] = [host.traffic(), s3.stats()];
    return {
      appRequests: app.requests,
      appBytes: app.bytes,
      storeRequests: store.requests + store.preflights,
      storeBytes: store.bytes,
    };
  };
  let before: Traffic;
  let traffic = now();
  do {
    before = traffic;
    await sleep(QUIET + 2 * s3.shape.latencyMs);
    traffic = now();
  } while (!isDeepStrictEqual(before, traffic));
  return traffic;
}

/** Returns the CPU time of the page's main thread in ms, since its last navigation. */
async function mainThreadTime(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return 1000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
}
