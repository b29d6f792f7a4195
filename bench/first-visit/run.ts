/**
 * Compares first visits of pages that read one series with different libraries, in Chromium: from the navigation to the
 * checked answer, with nothing cached, over a link that the host of the page shares with the store. See bench/README.md.
 *
 *     npx tsx bench/first-visit/run.ts [--latency MS] [--mbps N] [--repetitions N] [--peers a,b] [--queries a,b]
 *       [--rows N] [--series sin|noisy|prices] [--revisions N] [--phases] [--json FILE]
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { conditions } from "../browser/stage.ts";
import { median, table } from "../report.ts";
import { buildApp } from "./app.ts";
import { type AppHost, serveApp } from "./host.ts";
import { installIcechunk } from "./icechunk.ts";
import { PEERS, type Peer, takesStep } from "./peers.ts";
import { STEPS, type Step, type StepName, VISITS } from "./queries.ts";
import { SERIES_NAMES, type SeriesName } from "./series.ts";
import { type Stage, startStage } from "./stage.ts";
import { type Measured, visit } from "./visit.ts";

export interface FirstVisitOptions {
  latencyMs: number;
  /** Bandwidth in Mbit/s; 0 for no limit. */
  mbps: number;
  repetitions: number;
  /** Default: all. */
  peers?: readonly string[];
  /** Default: all. */
  queries?: readonly string[];
  /** Default: {@link ROWS}. */
  rows?: number;
  /** Default: "sin". */
  series?: SeriesName;
  /** Revisions of the Lakota repository before that which wrote the rows. Default: 0. */
  revisions?: number;
  /** Whether to print when what happened. Default: false. */
  phases?: boolean;
  /** A file for all measurements. Default: none. */
  json?: string;
}

/** Ten years of minutes. */
const ROWS = 5_259_457;

/** All repetitions of a step by a peer. */
interface Row {
  peer: string;
  step: StepName;
  measured: Measured[];
}

export async function benchFirstVisit(options: FirstVisitOptions): Promise<void> {
  const { rows: length = ROWS, series = "sin", revisions = 0, latencyMs, mbps } = options;
  const peers = select(PEERS, (peer) => peer.name, options.peers);
  const steps = select(STEPS, (step) => step.name, options.queries);
  const icechunk = peers.some(({ script }) => script === "icechunk") && installIcechunk();
  const stage = await startStage({
    series,
    rows: length,
    revisions,
    shape: { latencyMs, mbps },
    icechunk,
  });
  const hosts = new Map<Peer, AppHost>();
  try {
    for (const peer of peers) {
      if (peer.script === "icechunk" && !icechunk) continue;
      hosts.set(peer, await serveApp(await buildApp(peer), stage.s3.link, peer.isolated ?? false));
    }
    const rows = await measureAll(stage, hosts, steps, options.repetitions);
    print(rows, { ...options, rows: length, series });
    if (options.phases) printPhases(rows);
    if (options.json) writeFileSync(options.json, `${JSON.stringify({ options, rows }, null, 1)}\n`);
  } finally {
    for (const host of hosts.values()) await host.close();
    await stage.s3.close();
  }
}

async function measureAll(
  stage: Stage,
  hosts: ReadonlyMap<Peer, AppHost>,
  steps: readonly Step[],
  repetitions: number,
): Promise<Row[]> {
  const rows = new Map<string, Row>();
  for (let i = 0; i < repetitions; i++) {
    for (const all of VISITS) {
      for (const [peer, host] of hosts) {
        const taken = all.filter(({ name }) => takesStep(peer, name));
        // Steps that are not wanted are taken too if a wanted one follows, which finds what they left in the browser.
        const wanted = taken.slice(0, 1 + taken.findLastIndex((step) => steps.includes(step)));
        if (wanted.length === 0) continue;
        const measured = await visit(stage, peer, host, wanted).catch((error: Error) => {
          throw new Error(`${peer.name}, ${wanted.map(({ name }) => name).join(", ")}`, { cause: error });
        });
        wanted.forEach((step, i) => {
          if (!steps.includes(step)) return;
          const key = `${step.name} ${peer.name}`;
          const row = rows.get(key) ?? { peer: peer.name, step: step.name, measured: [] };
          row.measured.push(measured[i]!);
          rows.set(key, row);
        });
      }
    }
  }
  return [...rows.values()];
}

/** Returns the items with these names, or all. */
function select<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  names: readonly string[] | undefined,
): T[] {
  const known = items.map(nameOf);
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new Error(`Unknown: ${unknown.join(", ")}. There are only ${known.join(", ")}.`);
  return items.filter((item) => names?.includes(nameOf(item)) ?? true);
}

function print(rows: readonly Row[], options: FirstVisitOptions & { rows: number; series: string }): void {
  console.log(
    `\nFirst visits: ${options.rows.toLocaleString("en")} rows (int64 time, float64 "${options.series}") in Chromium; ${conditions(options)}\n`,
  );
  const lines = STEPS.flatMap(({ name, title }) => {
    const ofStep = rows.filter(({ step }) => step === name);
    const msOf = ({ measured }: Row) => median(measured.map(({ ms }) => ms));
    const reference = ofStep.find(({ peer }) => peer === "lakota");
    return ofStep.map((row) => {
      const of = (field: keyof Measured) => median(row.measured.map((measured) => measured[field]));
      const megabytes = (field: keyof Measured) => (of(field) / 1e6).toFixed(2);
      return [
        title,
        row.peer,
        of("ms").toFixed(0),
        reference ? (msOf(row) / msOf(reference)).toFixed(2) : "",
        `${of("appRequests")} + ${of("storeRequests")}`,
        megabytes("appBytes"),
        megabytes("storeBytes"),
        of("frameGap").toFixed(0),
        of("mainThread").toFixed(0),
        Number.isNaN(of("memory")) ? "" : (of("memory") / 1e6).toFixed(0),
      ];
    });
  });
  const header = [
    "query",
    "by",
    "ms",
    "× lakota's",
    "requests, app + store",
    "MB, app",
    "MB, store",
    "worst frame gap, ms",
    "main thread, ms",
    "peak memory, MB",
  ];
  console.log(table(header, lines));
  console.log(
    "\nms: from the navigation to the checked answer; after an append, from the query. main thread: CPU time of the page." +
      "\npeak memory: growth of the resident memory of the process that runs the page and its workers.",
  );
}

/** Prints when what happened, in ms since the navigation or the query. */
function printPhases(rows: readonly Row[]): void {
  const fields = ["script", "lastScript", "store", "data", "sent", "shown", "ms"] as const;
  const lines = rows.map(({ peer, step, measured }) => [
    step,
    peer,
    ...fields.map((field) => {
      const time = median(measured.map((each) => each[field]));
      return Number.isFinite(time) ? time.toFixed(0) : "";
    }),
  ]);
  const header = ["query", "by", "first script requested", "last script before the store", "store asked"];
  console.log(`\n${table([...header, "data asked for", "all sent", "rows", "answer"], lines)}`);
}

function parseOptions(): FirstVisitOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      latency: { ...text, default: "30" },
      mbps: { ...text, default: "100" },
      repetitions: { ...text, default: "3" },
      rows: { ...text, default: String(ROWS) },
      series: { ...text, default: "sin" },
      revisions: { ...text, default: "0" },
      peers: text,
      queries: text,
      phases: { type: "boolean", default: false },
      json: text,
    },
  });
  const series = SERIES_NAMES.find((name) => name === values.series);
  if (!series) throw new Error(`--series is one of ${SERIES_NAMES.join(", ")}`);
  return {
    latencyMs: Number(values.latency),
    mbps: Number(values.mbps),
    repetitions: Number(values.repetitions),
    rows: Number(values.rows),
    series,
    revisions: Number(values.revisions),
    phases: values.phases,
    ...(values.peers !== undefined && { peers: values.peers.split(",") }),
    ...(values.queries !== undefined && { queries: values.queries.split(",") }),
    ...(values.json !== undefined && { json: values.json }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await benchFirstVisit(parseOptions());
