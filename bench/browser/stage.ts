import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Page } from "@playwright/test";
import { build } from "vite";
import { serveFolder } from "../../test/packaging/static-server.ts";
import { type S3Server, startS3 } from "../../test/s3-server/index.ts";
import { withBrowser } from "./chromium.ts";
import type { Context, ReaderName } from "./open.ts";
import { type Data, KEYS, seed } from "./seed.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const READERS: readonly ReaderName[] = ["lakota", "zarrita"];

/** The network between the page and the S3 server, and the number of repetitions. */
export interface BenchOptions {
  latencyMs: number;
  /** Bandwidth in Mbit/s; 0 for no limit. */
  mbps: number;
  repetitions: number;
}

/** Parses `[--latency MS] [--mbps N] [--repetitions N]`. Default: no latency, no limit, 3. */
export function parseOptions(): BenchOptions {
  const { values } = parseArgs({
    options: {
      latency: { type: "string", default: "0" },
      mbps: { type: "string", default: "0" },
      repetitions: { type: "string", default: "3" },
    },
  });
  return {
    latencyMs: Number(values.latency),
    mbps: Number(values.mbps),
    repetitions: Number(values.repetitions),
  };
}

/** Describes the options, such as "30 ms latency, 100 Mbit/s; medians of 3". */
export const conditions = ({ latencyMs, mbps, repetitions }: BenchOptions): string =>
  `${latencyMs} ms latency${mbps ? `, ${mbps} Mbit/s` : ""}; medians of ${repetitions}`;

/** An S3 server with a series, and a page of another origin that can read it. */
export interface Stage {
  s3: S3Server;
  /** Passed to the page. */
  context: Context;
  /** Runs `work` with a new browser profile. Each call of `open` reloads the page in it. */
  visit<T>(work: (open: () => Promise<Page>) => Promise<T>): Promise<T>;
}

/** One step in a browser. */
export interface Step {
  /** Whether to reload the page before the step. */
  reload?: true;
}

/** Requests to the S3 server in one step. */
export interface Traffic {
  requests: number;
  bytes: number;
}

/** Runs steps one after the other in a new browser profile. Returns the result and traffic of each. */
export function runSteps<S extends Step, T>(
  { s3, visit }: Stage,
  steps: readonly S[],
  run: (page: Page, step: S) => Promise<T>,
): Promise<(T & Traffic)[]> {
  return visit(async (open) => {
    let page = await open();
    const results: (T & Traffic)[] = [];
    for (const step of steps) {
      if (step.reload) page = await open();
      s3.reset();
      const result = await run(page, step);
      const { requests, bytes, preflights } = s3.stats();
      results.push({ ...result, requests: requests + preflights, bytes });
    }
    return results;
  });
}

/**
 * Runs `work` with a served page and a seeded S3 server.
 *
 * @param script path of the page's script from the project's root
 */
export async function withStage(
  script: string,
  data: Data,
  { latencyMs, mbps }: BenchOptions,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-page-"));
  const s3 = await startS3({
    keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey },
    publicRead: (bucket) => bucket === "zarr",
  });
  const app = await serveFolder(folder);
  try {
    await makePage(script, folder);
    await seed(s3, data);
    s3.shape = { latencyMs, mbps };
    const url = `${app.url}/index.html`;
    await work({ s3, context: { s3: s3.url, keys: KEYS }, visit: (visitor) => visit(url, visitor) });
  } finally {
    await app.close();
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a page with its script, and the built library beside it. */
async function makePage(script: string, folder: string): Promise<void> {
  await cp(join(ROOT, "dist"), join(folder, "dist"), { recursive: true });
  await build({
    configFile: false,
    logLevel: "error",
    build: {
      outDir: folder,
      target: "es2022",
      rolldownOptions: {
        input: { page: join(ROOT, script) },
        external: /^\/dist\//,
        output: { entryFileNames: "[name].js" },
      },
    },
  });
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>bench</title><script type="module" src="/page.js"></script>',
  );
}

function visit<T>(url: string, work: (open: () => Promise<Page>) => Promise<T>): Promise<T> {
  return withBrowser((context) =>
    work(async () => {
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      return page;
    }),
  );
}
