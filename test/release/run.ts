/** `npm run test:release`: README.md describes it. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PublishInfo } from "../../scripts/package/publish-info.ts";
import { packPackage } from "../../scripts/package/stage.ts";
import { launchChromium } from "../browsers/chromium.ts";
import { serveFolder } from "../packaging/static-server.ts";
import { startRegistry } from "./registry.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = join(ROOT, "test/release");
const TOOLS = join(ROOT, ".cache/release");
/** What scripts/tally.mjs counts at the end of CI. */
const REPORT = join(ROOT, ".cache/reports/release.json");

const INFO: PublishInfo = {
  repository: "https://example.org/lakota.git",
  homepage: "https://example.org/lakota",
  bugs: "https://example.org/lakota/issues",
  file: "https://example.org/lakota/blob/v{version}/{path}",
  raw: "https://example.org/lakota/raw/v{version}/{path}",
};

const start = performance.now();
const folder = mkdtempSync(join(tmpdir(), "lakota-release-"));
const npm = (cwd: string, ...args: string[]) =>
  execFileSync("npm", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const tool = (name: string, ...args: string[]) =>
  execFileSync(join(TOOLS, "node_modules/.bin", name), args, {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });

let passed = 0;
/** Runs a step. @throws with what it has printed */
async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    const result = await work();
    passed++;
    console.log(`${name}: ok, ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return result;
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout) console.error(stdout);
    throw new Error(`${name} failed`, { cause: error });
  }
}

/** Installs what package-lock.json here lists, if it has changed. */
function installTools(): void {
  const lock = "package-lock.json";
  const text = readFileSync(join(HERE, lock), "utf8");
  const installed = join(TOOLS, lock);
  if (
    existsSync(join(TOOLS, "node_modules")) &&
    existsSync(installed) &&
    readFileSync(installed, "utf8") === text
  )
    return;
  rmSync(installed, { force: true });
  mkdirSync(TOOLS, { recursive: true });
  for (const file of ["package.json", ".npmrc", lock]) cpSync(join(HERE, file), join(TOOLS, file));
  try {
    npm(TOOLS, "ci", "--ignore-scripts", "--loglevel=error");
  } catch (error) {
    rmSync(installed, { force: true });
    throw error;
  }
}

const ROWS = "timestamp,value\n2026-03-01T00:00:00Z,4.5\n2026-03-02T00:00:00Z,6.1\n";

/** Starts `npx lakota serve` in the project. Returns its address. */
async function startServe(project: string): Promise<{ url: string; close(): Promise<void> }> {
  const command = join(project, "node_modules/.bin/lakota");
  const run = (args: string[], input = "") =>
    execFileSync("npx", ["--no-install", "lakota", ...args], { cwd: project, encoding: "utf8", input });
  run(["create", "temperature", "timestamp timestamp*", "value float"]);
  run(["write", "temperature/Brussels"], ROWS);
  if (run(["read", "temperature/Brussels"]) !== ROWS)
    throw new Error("the command does not read what it wrote");
  // Not through npx, which would not pass on the signal that ends it.
  const child = spawn(process.execPath, [command, "serve", "--port", "0"], { cwd: project });
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout) {
    const [url] =
      /http:\/\/127\.0\.0\.1:\d+/.exec(String(text)) ?? /http:\/\/localhost:\d+/.exec(String(text)) ?? [];
    if (url !== undefined)
      return {
        url,
        async close() {
          const exited = once(child, "exit");
          child.kill();
          await exited;
        },
      };
  }
  throw new Error("lakota serve ended");
}

try {
  await step("install tools", installTools);
  mkdirSync(folder, { recursive: true });
  const [main, codecs] = await step("pack", () => [
    packPackage(".", folder, INFO),
    packPackage("wasm", folder, INFO),
  ]);
  for (const { tarball } of [main!, codecs!]) {
    await step(`publint ${tarball.slice(folder.length + 1)}`, () =>
      tool("publint", "run", tarball, "--strict"),
    );
    await step(`attw ${tarball.slice(folder.length + 1)}`, () =>
      tool("attw", tarball, "--profile", "esm-only", "--no-emoji"),
    );
  }
  const registry = await step("start the registry", () =>
    startRegistry(join(TOOLS, "node_modules/verdaccio/bin/verdaccio"), join(folder, "registry")),
  );
  const project = join(folder, "project");
  mkdirSync(project);
  const npmrc = `registry=${registry.url}\n${registry.login}\ncache=${join(folder, "cache")}\nfund=false\naudit=false\n`;
  writeFileSync(join(folder, "npmrc"), npmrc);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  // On the command line, since npm_config_registry in the environment comes before the file.
  const asUser = ["--userconfig", join(folder, "npmrc"), "--registry", registry.url];
  try {
    for (const { tarball } of [codecs!, main!])
      await step(`publish ${tarball.slice(folder.length + 1)}`, () =>
        npm(folder, "publish", tarball, "--loglevel=error", ...asUser),
      );
    await step("install from the registry, beside a package of others", () =>
      npm(project, "install", "lakota", "numcodecs-wasm", "uplot", ...asUser),
    );
  } finally {
    await registry.close();
  }
  await step("what is installed runs no scripts and depends on nothing", () => {
    for (const name of ["lakota", "numcodecs-wasm"]) {
      const manifest = JSON.parse(readFileSync(join(project, "node_modules", name, "package.json"), "utf8"));
      for (const field of ["scripts", "dependencies"])
        if (manifest[field] !== undefined) throw new Error(`${name} has ${field}`);
    }
  });
  const served = await step("npx lakota serve", () => startServe(project));
  const cdn = await serveFolder(join(project, "node_modules"), { cors: true });
  const page = await serveFolder(project, {
    instead: { "/index.html": '<!doctype html><link rel="icon" href="data:,"><title>page</title>' },
  });
  const browser = await launchChromium();
  try {
    await step("a page loads it from another origin and reads", async () => {
      const tab = await browser.newTab();
      await tab.goto(`${page.url}/`);
      const rows = await tab.evaluate(`
        const { connect } = await import("${cdn.url}/lakota/dist/index.js");
        const repo = await connect("${served.url}/repo");
        const series = (await repo.collection("temperature")).series("Brussels");
        return Array.from((await series.read()).numbers("value"));`);
      if (JSON.stringify(rows) !== "[4.5,6.1]") throw new Error(`it read ${JSON.stringify(rows)}`);
      if (tab.messages.length > 0) throw new Error(tab.messages.join("\n"));
    });
  } finally {
    await Promise.all([browser.close(), served.close(), cdn.close(), page.close()]);
  }
  mkdirSync(join(ROOT, ".cache/reports"), { recursive: true });
  writeFileSync(REPORT, JSON.stringify({ passed, failed: 0 }));
  console.log(`A release would work: ${((performance.now() - start) / 1000).toFixed(1)} s`);
} catch (error) {
  mkdirSync(join(ROOT, ".cache/reports"), { recursive: true });
  writeFileSync(REPORT, JSON.stringify({ passed, failed: 1 }));
  throw error;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
