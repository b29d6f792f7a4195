import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, untilListening } from "../browsers/servers.ts";
import { type StaticServer, serveFolder } from "../packaging/static-server.ts";

const APP = fileURLToPath(new URL("app", import.meta.url));

/** A served page that runs test/bundlers/app. */
export interface Site {
  url: string;
  /** Paths that were asked for and not found. */
  missing(): string[];
  close(): Promise<void>;
}

export interface Bundler {
  name: string;
  /** What it needs besides the bundler's defaults, as README.md says. */
  needs: string;
  /** Builds the app in a new folder, which is below the folder of the bundlers' node_modules, and serves it. */
  serve(folder: string, modules: string): Promise<Site>;
}

/** Runs a command to its end. @throws with its output if it fails */
async function run(folder: string, command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env: environment() });
  const output: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => output.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => output.push(bytes));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${args.join(" ")}: ${Buffer.concat(output).toString().slice(-3_000)}`);
}

const node = (folder: string, ...args: string[]) => run(folder, process.execPath, args);

/** NODE_ENV of a test runner would change what bundlers build. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...others } = process.env;
  return { ...others, NEXT_TELEMETRY_DISABLED: "1", PARCEL_WORKERS: "0" };
}

async function serveStatic(folder: string): Promise<Site> {
  return asSite(await serveFolder(folder));
}

function asSite(server: StaticServer, path = "/"): Site {
  return {
    url: `${server.url}${path}`,
    missing: () => server.answers.filter((answer) => answer.startsWith("404 ")),
    close: () => server.close(),
  };
}

/** Starts a server program. */
async function serveProgram(folder: string, args: (port: number) => string[]): Promise<Site> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  // A group of its own, because such servers start further processes.
  const child: ChildProcess = spawn(process.execPath, args(port), {
    cwd: folder,
    stdio: "ignore",
    detached: true,
    env: environment(),
  });
  const end = async () => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  try {
    await untilListening(() => fetch(url), child);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, missing: () => [], close: end };
}

const vite = (modules: string, version: number) => join(modules, `vite${version}/bin/vite.js`);

function viteConfig(folder: string, config: object): void {
  writeFileSync(join(folder, "vite.config.js"), `export default ${JSON.stringify(config)};\n`);
}

function viteBuild(version: number, needs: string, config: object, name = `Vite ${version}, build`): Bundler {
  return {
    name,
    needs,
    async serve(folder, modules) {
      viteConfig(folder, config);
      await node(folder, vite(modules, version), "build", "--logLevel", "warn");
      return serveStatic(join(folder, "dist"));
    },
  };
}

function viteDev(version: number, needs: string, config: object): Bundler {
  return {
    name: `Vite ${version}, dev`,
    needs,
    async serve(folder, modules) {
      viteConfig(folder, { cacheDir: ".vite", ...config });
      return serveProgram(folder, (port) => [
        vite(modules, version),
        ...["--host", "127.0.0.1", "--port", String(port), "--strictPort"],
      ]);
    },
  };
}

const WORKER_FORMAT = { worker: { format: "es" } };
const NOT_OPTIMIZED = { optimizeDeps: { exclude: ["lakota"] } };
const NEEDS_FORMAT = 'worker: { format: "es" }';
const NEEDS_EXCLUDE = 'optimizeDeps: { exclude: ["lakota"] }';

/** Writes a page beside bundles that loads main.js. */
function writePage(folder: string, head = ""): void {
  const html = readFileSync(join(APP, "index.html"), "utf8");
  writeFileSync(join(folder, "index.html"), html.replace("<script", `${head}<script`));
}

/** Copies what {@link COPIED} says. */
function copyWorkers(folder: string, out: string): void {
  const dist = join(folder, "../../node_modules/lakota/dist");
  const isNeeded = (file: string) => /^(worker|decoder|chunk-.*)\.js$|\.wasm$/.test(file);
  for (const file of readdirSync(dist).filter(isNeeded)) cpSync(join(dist, file), join(out, file));
}

const COPIED = "worker.js, decoder.js, chunk-*.js and *.wasm of dist/ copied beside the bundle";

/** webpack and Rspack have the same API. */
const webpackLike = (name: string, module: string): Bundler => ({
  name,
  needs: "nothing",
  async serve(folder) {
    const script = `
      import bundler from ${JSON.stringify(module)};
      const { webpack = bundler.rspack ?? bundler } = bundler;
      webpack({ mode: "production", entry: "./main.js" }, (error, stats) => {
        if (error) throw error;
        if (stats.hasErrors()) {
          console.error(stats.toString());
          process.exitCode = 1;
        }
      });`;
    writeFileSync(join(folder, "build.mjs"), script);
    await node(folder, "build.mjs");
    writePage(join(folder, "dist"));
    return serveStatic(join(folder, "dist"));
  },
});

const rollup: Bundler = {
  name: "Rollup",
  needs: COPIED,
  async serve(folder) {
    const config = `
      import { nodeResolve } from "@rollup/plugin-node-resolve";
      export default {
        input: "main.js",
        plugins: [nodeResolve({ browser: true })],
        output: { dir: "dist", format: "es" },
      };`;
    writeFileSync(join(folder, "rollup.config.js"), config);
    await node(folder, "../../node_modules/rollup/dist/bin/rollup", "-c", "--silent");
    writePage(join(folder, "dist"));
    copyWorkers(folder, join(folder, "dist"));
    return serveStatic(join(folder, "dist"));
  },
};

const ESBUILD = "../../node_modules/esbuild/bin/esbuild";

const esbuild: Bundler = {
  name: "esbuild",
  needs: COPIED,
  async serve(folder) {
    await run(folder, ESBUILD, ["main.js", "--bundle", "--format=esm", "--outdir=dist", "--log-level=error"]);
    writePage(join(folder, "dist"));
    copyWorkers(folder, join(folder, "dist"));
    return serveStatic(join(folder, "dist"));
  },
};

/** Builds the app as a classic script, in which connect() must say what to do. */
export async function serveClassicScript(folder: string): Promise<Site> {
  await run(folder, ESBUILD, ["main.js", "--bundle", "--format=iife", "--outdir=dist", "--log-level=error"]);
  writePage(join(folder, "dist"));
  return serveStatic(join(folder, "dist"));
}

const importMap = (url: string) =>
  `<script type="importmap">${JSON.stringify({ imports: { lakota: url } })}</script>`;

const noBundler: Bundler = {
  name: "none, import map",
  needs: "nothing",
  async serve(folder) {
    cpSync(join(folder, "../../node_modules/lakota/dist"), join(folder, "lakota"), { recursive: true });
    writePage(folder, importMap("./lakota/index.js"));
    return serveStatic(folder);
  },
};

const otherOrigin: Bundler = {
  name: "none, from another origin",
  needs: "CORS headers there",
  async serve(folder) {
    const cdn = await serveFolder(join(folder, "../../node_modules/lakota/dist"), { cors: true });
    writePage(folder, importMap(`${cdn.url}/index.js`));
    const site = await serveStatic(folder);
    return {
      url: site.url,
      missing: () => [...site.missing(), ...asSite(cdn).missing()],
      close: async () => void (await Promise.all([site.close(), cdn.close()])),
    };
  },
};

const parcel: Bundler = {
  name: "Parcel",
  needs: '"packageExports": true, "disableSharedBundles": true in package.json; decoders: 0',
  async serve(folder) {
    const settings = {
      private: true,
      "@parcel/resolver-default": { packageExports: true },
      "@parcel/bundler-default": { disableSharedBundles: true },
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(settings));
    writeFileSync(join(folder, "package-lock.json"), "{}"); // settings count where a lock file marks the project's root
    // Parcel gives the addresses of bundles to the engine's worker, and not to the workers that this one starts.
    writeFileSync(join(folder, "options.js"), "export const connectOptions = { decoders: 0 };");
    await node(folder, "../../node_modules/parcel/lib/bin.js", "build", "index.html", "--no-cache");
    return serveStatic(join(folder, "dist"));
  },
};

function writeNextApp(folder: string): void {
  mkdirSync(join(folder, "app"));
  const files = {
    "package.json": JSON.stringify({ private: true }),
    "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(join(folder, "../.."))} } };`,
    "app/layout.js": `export default ({ children }) => <html lang="en"><body>{children}</body></html>;`,
    "app/page.js": `"use client";
      import { useEffect } from "react";
      import * as steps from "../steps.js";
      export default function Page() {
        useEffect(() => { window.steps = steps; }, []);
        return <output />;
      }`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const NEXT = "../../node_modules/next/dist/bin/next";

const nextBuild = (name: string, ...args: string[]): Bundler => ({
  name,
  needs: "nothing",
  async serve(folder) {
    writeNextApp(folder);
    await node(folder, NEXT, "build", ...args);
    return serveProgram(folder, (port) => [NEXT, "start", "-H", "127.0.0.1", "-p", String(port)]);
  },
});

const nextDev: Bundler = {
  name: "Next.js, dev",
  needs: "nothing",
  async serve(folder) {
    writeNextApp(folder);
    return serveProgram(folder, (port) => [NEXT, "dev", "-H", "127.0.0.1", "-p", String(port)]);
  },
};

export const bundlers: readonly Bundler[] = [
  viteDev(8, "nothing", {}),
  viteBuild(8, "nothing", {}),
  viteBuild(8, NEEDS_FORMAT, WORKER_FORMAT, "Vite 8, build, ES workers"),
  viteDev(7, NEEDS_EXCLUDE, NOT_OPTIMIZED),
  viteBuild(7, NEEDS_FORMAT, WORKER_FORMAT),
  viteDev(6, NEEDS_EXCLUDE, NOT_OPTIMIZED),
  viteBuild(6, NEEDS_FORMAT, WORKER_FORMAT),
  webpackLike("webpack 5", "webpack"),
  rollup,
  esbuild,
  webpackLike("Rspack", "@rspack/core"),
  noBundler,
  otherOrigin,
  parcel,
  nextDev,
  nextBuild("Next.js, build"),
  nextBuild("Next.js, build --webpack", "--webpack"),
];
