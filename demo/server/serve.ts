import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRepo } from "lakota/node";
import { build, preview } from "vite";
import { type S3Server, startS3 } from "../../test/s3-server/index.ts";
import { EMPTY_SETTINGS, type Settings } from "../connection/settings.ts";
import type { DemoCollection } from "../seed/descriptions.ts";
import { seed } from "../seed/seed.ts";
import { findFreePort } from "./free-port.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BUCKET = "demo";
/** To be raised when the data that seed/ writes change: existing repositories are not rewritten. */
const PREFIX = "v3";
const KEYS = { accessKeyId: "demo", secretAccessKey: "demo-secret" };
const REGION = "us-east-1";

export interface DemoOptions {
  /** Port of the page, or the next free one. */
  port: number;
  /** Port of the S3 server, or the next free one. */
  s3Port: number;
  /** Folder for the S3 server's files and the built page. */
  folder?: string;
  /** Collections to write. Default: all. */
  collections?: readonly DemoCollection[];
  /** Called with a line for each step. */
  log?: (line: string) => void;
}

export interface Demo {
  /** Address of the page. */
  url: string;
  s3: S3Server;
  settings: Settings;
  close(): Promise<void>;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`;

/** Starts the S3 server, seeds its repository, and serves the page from another origin. */
export async function serveDemo({
  port,
  s3Port,
  folder = join(ROOT, ".cache/demo"),
  collections,
  log = () => undefined,
}: DemoOptions): Promise<Demo> {
  const s3 = await startS3({
    keys: { [KEYS.accessKeyId]: KEYS.secretAccessKey },
    region: REGION,
    dir: join(folder, "s3"),
    port: await findFreePort(s3Port, (taken) => log(`Port ${taken} is taken; trying ${taken + 1} for S3.`)),
  });
  s3.objects.createBucket(BUCKET);
  log(`S3 server at ${s3.url}, files in ${folder}`);
  const uri = `s3://${BUCKET}/${PREFIX}`;
  const settings: Settings = { ...EMPTY_SETTINGS, uri, endpoint: s3.url, region: REGION, ...KEYS };
  try {
    await seedRepo(settings, collections, log);
    const page = await servePage(settings, port, folder, log);
    const close = async () => {
      await page.close();
      await s3.close();
    };
    return { url: page.url, s3, settings, close };
  } catch (error) {
    await s3.close();
    throw error;
  }
}

async function seedRepo(
  { endpoint, uri, region }: Settings,
  collections: DemoOptions["collections"],
  log: (line: string) => void,
): Promise<void> {
  const repo = await openRepo(uri, { endpoint, region, credentials: KEYS, cache: false });
  try {
    await seed(repo, collections, ({ collection, series, milliseconds }) => {
      const how = milliseconds === 0 ? "up to date" : `written in ${seconds(milliseconds)}`;
      log(`  ${collection.padEnd(16)} ${String(series).padStart(3)} series, ${how}`);
    });
    await repo.publish({ overviews: true });
  } finally {
    repo.close();
  }
}

async function servePage(
  settings: Settings,
  firstPort: number,
  folder: string,
  log: (line: string) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const mode = { configFile: join(ROOT, "vite.config.ts"), mode: "explorer" };
  const outDir = join(folder, "page");
  const started = performance.now();
  const define = { __DEMO__: JSON.stringify(settings) };
  await build({ ...mode, define, build: { outDir }, logLevel: "error" });
  log(`Page built in ${seconds(performance.now() - started)}`);
  const port = await findFreePort(firstPort, (taken) =>
    log(`Port ${taken} is taken; trying ${taken + 1} for the page.`),
  );
  const server = await preview({
    ...mode,
    build: { outDir },
    preview: { host: "127.0.0.1", port, strictPort: true },
    logLevel: "error",
  });
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
