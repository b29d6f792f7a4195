import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConfigEnv, EnvironmentOptions, Plugin, Rolldown } from "vite";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { MANIFEST } from "./demo/manifest.ts";
import { commandScript, entryPoints, optionalPackages, workerScripts } from "./scripts/entry-points.ts";
import { localExportNames } from "./scripts/local-export-names.ts";
import { selfContainedEntries } from "./scripts/self-contained-entries.ts";
import { TEST_PORT } from "./test/browser/origin.ts";

/** Absolute path of a file of the project. */
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const TARGET = "es2022";

/**
 * How imports resolve in what runs from the sources. `paths` in tsconfig.json maps the names of our packages. The sources
 * name the worker scripts as they are called in dist/, so these are mapped here.
 *
 * @param workers paths of the scripts, by these names
 */
const resolveWith = (workers: Readonly<Record<string, string>>) => ({
  tsconfigPaths: true,
  alias: Object.entries(workers).map(([name, path]) => ({
    find: new RegExp(`^.*/src/worker/[^?]*/${name}\\.js(?=$|\\?)`),
    replacement: path,
  })),
});

/** Returns an object with the same keys. */
const mapValues = <T, U>(object: Readonly<Record<string, T>>, change: (value: T, key: string) => U) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));

const resolveSources = resolveWith(mapValues(workerScripts, at));

/** Places the WebAssembly modules beside the scripts that load them. */
const wasmModules: Plugin = {
  name: "wasm-modules",
  applyToEnvironment: ({ name }) => name === "library" || name === "worker",
  buildStart() {
    for (const fileName of ["decoder.wasm", "encoder.wasm"]) {
      this.emitFile({ type: "asset", fileName, source: readFileSync(at(`wasm/src/${fileName}`)) });
    }
  },
};

/** Modules that workers contain, but never use: the methods are called in the page. What each exports there. */
const UNUSED_IN_WORKERS: Readonly<Record<string, string>> = {
  "src/model/frame-rows.ts": "class FrameRows {}",
  "src/engine/collection/watching.ts": "const watchChanges = undefined",
};

/** Leaves these modules out of the workers. Source maps lead to the beginnings of their files. */
const unusedInWorkers: Plugin = {
  name: "unused-in-workers",
  applyToEnvironment: ({ name }) => name in workerScripts,
  load(id) {
    const path = Object.keys(UNUSED_IN_WORKERS).find((each) => id === at(each));
    if (path === undefined) return;
    const sourcesContent = [readFileSync(id, "utf8")];
    return {
      code: `export ${UNUSED_IN_WORKERS[path]};`,
      map: { version: 3, sources: [id], sourcesContent, names: [], mappings: "AAAA" },
    };
  },
};

/**
 * Turns template literals in addresses back into strings. Bundlers find workers and assets by the text
 * `new URL("…", import.meta.url)` and `{ type: "module" }`; the minifier writes templates, which some do not know.
 */
const plainAddresses: Plugin = {
  name: "plain-addresses",
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type !== "chunk") continue;
      file.code = file.code
        .replace(/new URL\(`([^`$]+)`,import\.meta\.url\)/g, 'new URL("$1",import.meta.url)')
        .replaceAll("{type:`module`}", '{type:"module"}');
    }
  },
};

/** Names of the entries that load a module at once: through static imports, at any distance. */
function eagerEntries(id: string, context: Rolldown.ChunkingContext): Set<string> {
  const seen = new Set([id]);
  const entries = new Set<string>();
  for (const module of seen) {
    const info = context.getModuleInfo(module);
    if (info?.isEntry) entries.add(basename(module, ".ts"));
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return entries;
}

/** Only writers use it, but the index of its package, which readers need too, imports it statically. */
const USED_ON_DEMAND = /\/@msgpack\/msgpack\/.*\/(Encoder|encode)\.mjs$/;

/** Loaded on demand on nearly every visit, the first or a later one, though not before the first request to the store. */
const EVERY_VISIT = new RegExp(
  "/(stores/(indexeddb/indexeddb-store|cache/(listing-cache|local-space)|http/published-files)|" +
    String.raw`engine/(repo/unconfirmed|read/same-rows)|worker/decoders/(pool|decoder-handle|no-decoders))\.ts$`,
);

/** What reads of few rows need of long chunks: loaded as one file, which charts and reductions share. */
const OVERVIEWS = /\/(engine\/(overviews\/[^/]+|read\/partial-chunks)|codecs\/blosc-blocks)\.ts$/;

/** Groups everything that a worker loads at once into its entry. */
function chunkOfEntry(id: string, context: Rolldown.ChunkingContext): string | null {
  return eagerEntries(id, context).size > 0 && !USED_ON_DEMAND.test(id) ? "entry" : null;
}

/** Groups everything that the page loads at once into one chunk, even if other entries use parts of it. */
function chunkOfPage(id: string, context: Rolldown.ChunkingContext): string | null {
  return eagerEntries(id, context).has("index") && !context.getModuleInfo(id)?.isEntry ? "page" : null;
}

/**
 * A build of ES modules into one flat folder.
 *
 * The environment's consumer is "server" although the output runs in browsers. For "client" Vite rewrites
 * `new URL("./worker.js", import.meta.url)`: it bundles, hashes or inlines the file. A library has to keep the
 * expression, so that the browser or the user's bundler resolves it beside the module.
 */
function flatBuild(
  input: Record<string, string>,
  {
    emptyOutDir = false,
    groups = [],
    preserveEntrySignatures = "strict",
    sourcemapExcludeSources = false,
  }: {
    emptyOutDir?: boolean;
    groups?: Rolldown.CodeSplittingGroup[];
    preserveEntrySignatures?: Rolldown.InputOptions["preserveEntrySignatures"];
    sourcemapExcludeSources?: boolean;
  } = {},
): EnvironmentOptions {
  return {
    consumer: "server",
    resolve: {
      // By default a server's environment imports packages instead of bundling them, and prefers their Node builds.
      noExternal: true,
      external: [...optionalPackages],
      conditions: ["browser", "module", "import", "default"],
      mainFields: ["browser", "module", "main"],
    },
    build: {
      emptyOutDir,
      minify: true,
      emitAssets: true,
      rolldownOptions: {
        input,
        platform: "browser",
        external: [/^node:/, ...optionalPackages],
        preserveEntrySignatures,
        checks: { bundlerTimings: false }, // the source maps of what plugins rewrite would count as slow
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "chunk-[hash].js",
          codeSplitting: { groups },
          sourcemapExcludeSources,
          // No annotations of pure calls: the sources have none, and those that are added, as of `new Map`, bundlers know.
          comments: { legal: true, annotation: false },
          topLevelVar: false, // Vite's default is true, which starts faster and compresses worse
        },
      },
    },
  };
}

/** The build of a worker's script: what it loads at once is one file, and what a first visit loads then is another. */
const workerBuild = (name: string, source: string): EnvironmentOptions =>
  flatBuild(
    { [name]: source },
    {
      preserveEntrySignatures: "allow-extension",
      groups: [
        { name: chunkOfEntry, debugName: "entry", priority: 2 },
        { name: "every-visit", test: EVERY_VISIT, priority: 1 },
        { name: "overviews", test: OVERVIEWS, priority: 1 },
      ],
    },
  );

const workerBuilds = mapValues(workerScripts, (source, name) => workerBuild(name, source));

/** The scripts of the workers alone. */
const workers: ViteUserConfig = {
  resolve: { tsconfigPaths: true },
  build: { target: TARGET, copyPublicDir: false },
  plugins: [wasmModules, plainAddresses, localExportNames, selfContainedEntries, unusedInWorkers],
  environments: workerBuilds,
  builder: {
    async buildApp(builder) {
      for (const name of Object.keys(workerScripts)) await builder.build(builder.environments[name]!);
    },
  },
};

/**
 * The package, as three builds, so that the page's chunks are not shaped by what only the workers need: a module that
 * both use is reduced to what each of them uses of it. The command is a build by itself for the same reason.
 */
const library: ViteUserConfig = {
  resolve: { tsconfigPaths: true },
  build: { outDir: at("dist"), target: TARGET, copyPublicDir: false, sourcemap: true },
  plugins: [wasmModules, plainAddresses, localExportNames, selfContainedEntries, unusedInWorkers],
  environments: {
    library: flatBuild(Object.fromEntries(entryPoints.map(({ name, source }) => [name, source])), {
      emptyOutDir: true,
      groups: [{ name: chunkOfPage, debugName: "page" }],
    }),
    ...workerBuilds,
    // Node's stack traces need no sources, and no bundler reads the command.
    command: flatBuild(commandScript, { sourcemapExcludeSources: true }),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ["library", ...Object.keys(workerScripts), "command"])
        await builder.build(builder.environments[name]!);
    },
  },
};

/** Builds the scripts of the workers to a folder, for as long as pages are built that use them. */
const packedWorkers = (folder: string): Plugin => ({
  name: "packed-workers",
  async buildStart() {
    const { createBuilder } = await import("vite");
    const config = { configFile: at("vite.config.ts"), mode: "workers", logLevel: "error" } as const;
    await (await createBuilder({ ...config, build: { outDir: folder } })).buildApp();
  },
  closeBundle: () => rm(folder, { recursive: true, force: true }),
});

/**
 * Pages in a folder, from the library's sources. What is built has the workers as the package has them, each in one file
 * (docs/decisions/0040-workers-in-one-file.md). A project that uses the package needs none of these settings.
 */
function pages(
  folder: string,
  command: ConfigEnv["command"],
  build: ViteUserConfig["build"],
): ViteUserConfig {
  const packed = join(tmpdir(), `lakota-workers-${randomUUID()}`);
  const isBuilt = command === "build";
  return {
    root: at(folder),
    base: "./",
    resolve: isBuilt
      ? resolveWith(mapValues(workerScripts, (_, name) => join(packed, `${name}.js`)))
      : resolveSources,
    plugins: isBuilt ? [packedWorkers(packed)] : [],
    worker: { format: "es" },
    build: {
      emptyOutDir: true,
      target: TARGET,
      ...build,
      // The build of the workers would count as a slow plugin.
      rolldownOptions: { ...build?.rolldownOptions, checks: { bundlerTimings: false } },
    },
    clearScreen: false,
  };
}

/**
 * The explorer, which `lakota serve` shows and `npm start` builds with the connection of its S3 server as `__DEMO__`.
 * Without one the page asks for a connection.
 */
async function explorer(command: ConfigEnv["command"]): Promise<ViteUserConfig> {
  const { VitePWA } = await import("vite-plugin-pwa"); // loaded here because the tests start faster without it
  const outDir = at("dist/explorer");
  const { plugins = [], ...page } = pages("demo", command, {
    outDir,
    license: { fileName: "THIRD-PARTY-LICENSES.md" },
  });
  return {
    ...page,
    define: { __DEMO__: "undefined" },
    plugins: [
      ...plugins,
      // Caches the page's files, including workers, lazily loaded chunks and WebAssembly: it opens and writes offline.
      VitePWA({
        registerType: "autoUpdate",
        injectRegister: false,
        manifest: MANIFEST,
        workbox: { globPatterns: ["**/*.{html,js,css,wasm,svg}"], clientsClaim: true, skipWaiting: true },
      }),
    ],
  };
}

/** Those pages of the gallery that need a bundler. */
const gallery = (command: ConfigEnv["command"]): ViteUserConfig =>
  pages("examples/gallery", command, {
    rolldownOptions: {
      input: ["react", "observable-plot", "notebook"].map((page) =>
        at(`examples/gallery/${page}/index.html`),
      ),
    },
  });

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".map": "application/json",
  ".wasm": "application/wasm",
};

/** Serves dist/ as it is. Vite would rewrite each script, again at each request of each worker. */
const builtPackage: Plugin = {
  name: "built-package",
  configureServer({ middlewares }) {
    middlewares.use("/dist", async ({ url = "" }, response, next) => {
      const { pathname } = new URL(url, "http://host");
      const type = CONTENT_TYPES[extname(pathname)];
      const body = type && (await readFile(at(`dist${pathname}`)).catch(() => undefined));
      if (body) response.writeHead(200, { "content-type": type }).end(body);
      else next();
    });
  },
};

/** Serves the sources to the tests in a browser. */
const testPages: ViteUserConfig = {
  resolve: resolveSources,
  plugins: [builtPackage],
  server: { host: "127.0.0.1", port: TEST_PORT, strictPort: true, hmr: false },
  optimizeDeps: { entries: ["test/browser/pages/*.html"] },
  clearScreen: false,
};

/** The file in which scripts/tally.mjs counts the tests of a run. */
const jsonReport = (name: string) => at(`.cache/reports/${name}.json`);

/** The tests in Node that need nothing but Node. */
async function unitTests(): Promise<ViteUserConfig> {
  const { default: sequencer } = await import("./test/longest-first.ts"); // loaded here because only tests need Vitest
  return {
    resolve: resolveSources,
    test: {
      include: ["test/**/*.test.ts", "wasm/test/**/*.test.ts"],
      exclude: ["**/node_modules/**", "test/interop/**", "test/radosgw/**", "test/engines/**"],
      testTimeout: 30_000, // the default of 5 s is too short on a busy machine
      maxWorkers: "100%", // the default leaves a core to Vitest: of two cores, as CI has, half of the machine
      sequence: { sequencer },
    },
  };
}

/** Suites that hold for every kind of table, with collections whose tables are trees. */
async function treeTests(): Promise<ViteUserConfig> {
  const { test, ...config } = await unitTests();
  return {
    ...config,
    test: {
      ...test,
      include: ["test/{engine,history}/**/*.test.ts"],
      exclude: ["test/engine/tree*.test.ts"], // they choose the kind of the table
      env: { LAKOTA_HISTORIES: "25" }, // what they find is found with every kind, most of the time
      setupFiles: [at("test/tree/setup.ts")],
      testTimeout: 90_000, // beside two other suites
      outputFile: { json: jsonReport("trees") },
      reporters: ["default", "json"],
    },
  };
}

/** This library and Python Lakota on the same repositories. */
const interop: ViteUserConfig = {
  resolve: resolveSources,
  test: {
    include: ["test/interop/**/*.test.ts"],
    reporters: ["default", "json", at("test/interop/reporter.ts")],
    outputFile: { json: jsonReport("interop") },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

/** The tests that hold for any S3 server, run on Ceph's. */
const radosgw: ViteUserConfig = {
  resolve: resolveSources,
  test: {
    include: ["test/radosgw/**/*.test.ts"],
    globalSetup: at("test/radosgw/setup.ts"),
    reporters: ["default", "json"],
    outputFile: { json: jsonReport("radosgw") },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

/** The tests that hold for any browser, in Firefox and WebKitGTK. */
const engines: ViteUserConfig = {
  resolve: resolveSources,
  test: {
    include: ["test/engines/**/*.test.ts"],
    globalSetup: at("test/engines/setup.ts"),
    env: { NODE_ENV: "production" }, // builds the explorer as users get it, with its service worker
    reporters: ["default", "json"],
    outputFile: { json: jsonReport("engines") },
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
};

/** What `--mode` selects. Without it `vite build` is in mode production, `vite` in development and `vitest` in test. */
const modes: Readonly<
  Record<string, (command: ConfigEnv["command"]) => ViteUserConfig | Promise<ViteUserConfig>>
> = {
  production: () => library,
  development: explorer,
  explorer,
  gallery,
  workers: () => workers,
  "test-pages": () => testPages,
  test: unitTests,
  trees: treeTests,
  interop: () => interop,
  radosgw: () => radosgw,
  engines: () => engines,
};

export default defineConfig(async ({ mode, command }) => {
  const config = modes[mode];
  if (config) return config(command);
  throw new Error(`There is no mode "${mode}" in vite.config.ts, only ${Object.keys(modes).join(", ")}`);
});
