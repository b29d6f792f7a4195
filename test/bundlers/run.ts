/** `npm run test:bundlers`: test/bundlers/README.md describes it. Arguments select bundlers and runtimes by parts of names. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { packPackage } from "../../scripts/package/stage.ts";
import { openRepo } from "../../src/node.ts";
import { launchChromium } from "../browsers/chromium.ts";
import type { Browser, Tab } from "../browsers/tab.ts";
import { launchWebKit } from "../browsers/webkit.ts";
import { startS3 } from "../s3-server/index.ts";
import { bundlers, type Site, serveClassicScript } from "./bundlers.ts";
import { type Runtime, runScript, runtimes } from "./runtimes.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = join(ROOT, "test/bundlers");
const GOLDEN = join(ROOT, "test/golden");
/** Outside of the sources, because the project's tools must not see the apps. */
const WORK = join(ROOT, ".cache/bundlers");
const MODULES = join(WORK, "node_modules");
const APPS = join(WORK, "apps");
/** What scripts/tally.mjs prints at the end of CI. */
const REPORT = join(ROOT, ".cache/reports/bundlers.json");

const log = (text: string) => console.log(text);
const npm = (cwd: string, ...args: string[]) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

/** Installs what test/bundlers/package-lock.json lists, if it has changed. */
function installBundlers(): void {
  mkdirSync(WORK, { recursive: true });
  const lock = "package-lock.json";
  const text = readFileSync(join(HERE, lock), "utf8");
  const installed = join(WORK, lock);
  const isInstalled =
    existsSync(MODULES) && existsSync(installed) && readFileSync(installed, "utf8") === text;
  if (isInstalled) return;
  rmSync(installed, { force: true });
  for (const file of ["package.json", ".npmrc"]) cpSync(join(HERE, file), join(WORK, file));
  cpSync(join(HERE, lock), installed);
  try {
    npm(WORK, "ci", "--loglevel=error");
  } catch (error) {
    rmSync(installed, { force: true });
    throw error;
  }
}

/** Unpacks the package, as npm packs it, beside the bundlers. */
function installPackage(): void {
  const { tarball, staged } = packPackage(".", WORK);
  rmSync(staged, { recursive: true });
  const folder = join(MODULES, "lakota");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(WORK, "tsconfig.json"), "{}"); // webpack would find the project's, with paths to the sources
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  rmSync(tarball);
}

function makeApp(name: string): string {
  const folder = join(APPS, name.toLowerCase().replace(/\W+/g, "-"));
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(HERE, "app"), folder, { recursive: true });
  return folder;
}

type S3 = Awaited<ReturnType<typeof startS3>>;

async function startServer(): Promise<S3> {
  const s3 = await startS3({ keys: { id: "secret" } });
  for (const bucket of ["golden", "data"]) s3.objects.createBucket(bucket);
  for (const entry of readdirSync(join(GOLDEN, "h_large"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) s3.objects.put("golden", path.slice(GOLDEN.length + 1), readFileSync(path));
  }
  return s3;
}

/** Returns what a page must report of the golden repository. Counts the rows of the filter without it. */
async function readGolden() {
  const repo = await openRepo(join(GOLDEN, "h_large"));
  const series = (await repo.collection("big")).series("series-0");
  const values = (await series.read({ numbers: true })).numbers("value");
  repo.close();
  const filtered = values.filter((value) => value > 0).length;
  return { rows: Array(5).fill(300_000), filtered, points: 100, warnings: [] };
}

const EXPECTED = await readGolden();

function expectEqual(step: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${step}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

const untilSteps = `
  while (!window.steps) await new Promise((resolve) => setTimeout(resolve, 20));`;

/** Lets a page read, filter, downsample, write offline and send. @throws with the first difference */
async function tryPage(tab: Tab, site: Site, s3: S3, path: string): Promise<void> {
  const args = JSON.stringify([s3.url, path]).slice(1, -1);
  await tab.goto(site.url);
  expectEqual("read", await tab.evaluate(`${untilSteps} return steps.read(${args})`), EXPECTED);
  await tab.evaluate(`await steps.create(${args})`);
  const restore = s3.faults.add({ key: path, reset: "before" });
  const offline = await tab.evaluate("return steps.writeOffline()").finally(restore);
  expectEqual("writeOffline", offline, { waits: true, rows: 3 });
  expectEqual("send", await tab.evaluate("return steps.send()"), { waiting: 0 });
  expectEqual("missing files", site.missing(), []);
}

interface Row {
  name: string;
  needs: string;
  results: string[];
  seconds: number;
}

const rows: Row[] = [];
/** Names of the browsers and runtimes that the package has run in. */
const engines: string[] = [];
const failures: string[] = [];
let passed = 0;

/** Returns "ok", or "FAILED" after noting why. */
async function outcomeOf(name: string, work: () => Promise<void>): Promise<string> {
  try {
    await work();
    passed++;
    return "ok";
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    failures.push(`${name}: ${text}`);
    log(`${name}: ${text}`);
    return "FAILED";
  }
}

async function inTab(browser: Browser, work: (tab: Tab) => Promise<void>): Promise<void> {
  const tab = await browser.newTab();
  try {
    await work(tab);
  } catch (error) {
    const messages = tab.messages.map((message) => `\n  console: ${message}`);
    throw new Error(`${error instanceof Error ? error.message : error}${messages.join("")}`);
  } finally {
    await tab.close().catch(() => undefined);
  }
}

async function tryBundlers(selected: typeof bundlers, browsers: readonly Browser[]): Promise<void> {
  const s3 = await startServer();
  for (const { name, needs, serve } of selected) {
    const start = performance.now();
    const results: string[] = [];
    let site: Site | undefined;
    const built = await outcomeOf(name, async () => {
      site = await serve(makeApp(name), MODULES);
    });
    for (const browser of browsers) {
      const title = `${name} in ${browser.name}`;
      const path = title.replace(/\W+/g, "-");
      const page = site;
      results.push(
        page ? await outcomeOf(title, () => inTab(browser, (tab) => tryPage(tab, page, s3, path))) : built,
      );
    }
    await site?.close();
    const seconds = (performance.now() - start) / 1000;
    rows.push({ name, needs, results, seconds });
    log(`${name}: ${results.join(", ")}; ${seconds.toFixed(1)} s`);
  }
  await s3.close();
}

/** A classic script has no address beside which workers could lie. */
async function tryClassicScript(browser: Browser): Promise<void> {
  const site = await serveClassicScript(makeApp("esbuild, iife"));
  const outcome = await outcomeOf("esbuild, iife", () =>
    inTab(browser, async (tab) => {
      await tab.goto(site.url);
      const reason = await tab.evaluate<string>(
        `${untilSteps} return steps.read("http://127.0.0.1").then(() => "", ({ code, message }) => code + ": " + message)`,
      );
      if (!/^unsupported: .*format: "esm"/.test(reason)) throw new Error(`unexpected: ${reason}`);
    }),
  );
  await site.close();
  log(`esbuild's iife says what to do: ${outcome}`);
}

/** Runs lakota/engine and lakota/node outside of browsers. Returns a row of the table for each runtime. */
async function tryRuntimes(selected: readonly Runtime[]): Promise<string[][]> {
  const s3 = await startServer();
  const { warnings: _, ...golden } = EXPECTED;
  const expected = { ...golden, written: 1000 };
  const table: string[][] = [];
  for (const runtime of selected) {
    const folder = makeApp(runtime.name);
    const outcome = await outcomeOf(runtime.name, async () => {
      const output = await runScript(runtime, MODULES, folder, "runtime.js", s3.url, join(folder, "repo"));
      expectEqual("results", JSON.parse(output), { engine: expected, node: expected });
    });
    table.push([runtime.name, outcome]);
  }
  await s3.close();
  return table;
}

function printTable(head: readonly string[], lines: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]!.length)),
  );
  const row = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  log([row(head), row(widths.map((width) => "-".repeat(width))), ...lines.map(row)].join("\n"));
}

const wanted = process.argv.slice(2).map((argument) => argument.toLowerCase());
const isWanted = (name: string) =>
  wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part));

installBundlers();
installPackage();
const selected = bundlers.filter(({ name }) => isWanted(name));
if (selected.length > 0) {
  const browsers = [await launchChromium(), await launchWebKit()];
  engines.push(...browsers.map(({ name }) => name));
  await tryBundlers(selected, browsers);
  if (isWanted("esbuild")) await tryClassicScript(browsers[0]!);
  printTable(
    ["bundler", ...browsers.map(({ name }) => name), "needs", "seconds"],
    rows.map(({ name, needs, results, seconds }) => [name, ...results, needs, seconds.toFixed(0)]),
  );
  for (const browser of browsers) await browser.close();
}
const selectedRuntimes = runtimes.filter(({ name }) => isWanted(name));
if (selectedRuntimes.length > 0) {
  printTable(["runtime", "lakota/engine and lakota/node"], await tryRuntimes(selectedRuntimes));
}
for (const failure of failures) console.error(failure);
mkdirSync(dirname(REPORT), { recursive: true });
engines.push(...selectedRuntimes.map(({ name }) => name));
writeFileSync(REPORT, JSON.stringify({ passed, failed: failures.length, engines }));
process.exitCode = failures.length > 0 ? 1 : 0;
