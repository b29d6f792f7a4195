import { readFileSync } from "node:fs";
import { basename } from "node:path";
import {
  type ChunkingContext,
  type CodeSplittingGroup,
  defineConfig,
  type Plugin,
  type RolldownOptions,
} from "rolldown";

/** The WebAssembly modules, copied to stand beside the scripts that load them. */
const modules: Plugin = {
  name: "wasm-modules",
  buildStart() {
    for (const fileName of ["decoder.wasm", "encoder.wasm"]) {
      this.emitFile({ type: "asset", fileName, source: readFileSync(`wasm/src/${fileName}`) });
    }
  },
};

/**
 * The minifier writes strings as templates. Bundlers find workers and assets by the text `new URL("…",
 * import.meta.url)` and `{ type: "module" }`, and not all of them know templates.
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

/** Packages that are not bundled: who needs them installs them. */
const OPTIONAL: readonly string[] = Object.keys(
  JSON.parse(readFileSync("package.json", "utf8")).peerDependencies,
);

/** The entries with which a module loads at once. */
function entriesOf(id: string, context: ChunkingContext): Set<string> {
  const entries = new Set<string>();
  const seen = new Set([id]);
  for (const module of seen) {
    const info = context.getModuleInfo(module);
    if (info?.isEntry) entries.add(basename(module, ".ts"));
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return entries;
}

/**
 * Names the chunk of a module that loads at once with some entries: one chunk for each set of entries. Left to itself,
 * rolldown makes one for each set of entries and late imports, and small chunks compress badly.
 */
function together(id: string, context: ChunkingContext): string | null {
  const entries = entriesOf(id, context);
  return entries.size > 0 && !context.getModuleInfo(id)?.isEntry ? [...entries].sort().join("-") : null;
}

/** All that loads at once with the page, in one chunk beside its entry, whoever else uses parts of it. */
function page(id: string, context: ChunkingContext): string | null {
  return entriesOf(id, context).has("index") && !context.getModuleInfo(id)?.isEntry ? "page" : null;
}

interface Settings {
  plugins: Plugin[];
  /** Whether to empty dist/ first. */
  cleanDir: boolean;
  groups: CodeSplittingGroup[];
}

/**
 * One flat folder of ES modules. Rolldown leaves `new URL("./worker.js", import.meta.url)` as it stands (Vite's
 * library mode would inline it as a data URL), so browsers and a consumer's bundler resolve it beside the
 * module: nothing may move to a subfolder, and shared code must not either.
 */
function build(
  input: Record<string, string>,
  { plugins = [], cleanDir = false, groups = [] }: Partial<Settings> = {},
): RolldownOptions {
  return {
    input,
    platform: "browser",
    external: [/^node:/, ...OPTIONAL],
    // What loads late must not import an entry: a dev server gives workers a query, and `worker.js` would run twice.
    preserveEntrySignatures: "strict",
    tsconfig: "tsconfig.json", // its `paths` lead numcodecs-wasm to the sources
    plugins: [...plugins, plainAddresses],
    output: {
      dir: "dist",
      format: "esm",
      minify: true,
      entryFileNames: "[name].js",
      chunkFileNames: "chunk-[hash].js",
      cleanDir,
      codeSplitting: { groups },
    },
  };
}

/**
 * Three builds, so that what the page loads is not shaped by what only the workers need: a module that both use is
 * reduced to what each of them uses of it. The command stands by itself for the same reason.
 */
export default defineConfig([
  build(
    {
      index: "src/index.ts",
      engine: "src/engine.ts",
      node: "src/node.ts",
      query: "src/query.ts",
      interchange: "src/interchange.ts",
      "interchange-node": "src/interchange-node.ts",
      arrow: "src/arrow.ts",
    },
    { cleanDir: true, plugins: [modules], groups: [{ name: page, debugName: "page" }] },
  ),
  build(
    { worker: "src/worker/host/engine-worker.ts", decoder: "src/worker/decoders/decode-worker.ts" },
    {
      groups: [{ name: together, debugName: "together" }],
    },
  ),
  build({ lakota: "src/cli/lakota.ts" }),
]);
