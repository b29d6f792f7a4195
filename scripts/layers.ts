import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { entryPoints } from "./entry-points.ts";
import { filesUnder } from "./files.ts";
import { type ImportOf, importsOf } from "./imports.ts";

/**
 * The layers of src/, lowest first, and the layers directly below each. A file may import from its own layer and from all
 * layers below it, however far; types and `import()` count. A layer is a folder or a single file. A file belongs to the most
 * specific layer that matches its path.
 */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  model: [],
  "model/api": ["model"],
  async: ["model/api"],

  codecs: ["async"],
  stores: ["async"],
  "stores/cache": ["stores"],
  "stores/file": ["stores"],
  "stores/http": ["stores"],
  "stores/indexeddb": ["stores"],
  "stores/memory": ["stores"],
  "stores/s3": ["stores/http"],
  "stores/open.ts": ["stores/cache", "stores/indexeddb", "stores/memory", "stores/s3"],
  "stores/open-address.ts": ["stores/open.ts"],

  changelog: ["codecs", "stores"],
  "changelog/python": ["changelog"],
  "changelog/revisions.ts": ["changelog/python"],
  "changelog/write-commit.ts": ["changelog/revisions.ts"],
  "changelog/continued-listings.ts": ["changelog/revisions.ts"],
  "changelog/changelog.ts": ["changelog/continued-listings.ts", "changelog/write-commit.ts"],
  "changelog/changelog-queries.ts": ["changelog/changelog.ts"],

  "query/calendar": ["model/api"],
  "query/columns": ["model/api"],
  "query/downsample": ["model/api"],
  "query/expression": ["model/api"],
  "query/operators": ["query/calendar", "query/columns"],
  query: ["query/expression", "query/operators"],
  "query/reduce": ["query", "query/downsample"],
  "query/frames.ts": ["query/reduce"],

  "engine/overviews": ["changelog/changelog-queries.ts", "query/downsample", "stores/cache", "stores/http"],
  "engine/read": ["engine/overviews", "query/reduce"],
  "engine/overviews/upkeep": ["engine/read"],
  "engine/write": ["engine/overviews/upkeep"],
  "engine/collection": ["engine/write"],
  "engine/repo": ["engine/collection", "stores/http"],

  "worker/protocol": ["engine/repo", "stores/open-address.ts"],
  "worker/client": ["worker/protocol"],
  "worker/decoders": ["worker/protocol"],
  "worker/host": ["worker/decoders"],

  ui: ["async"],
  "ui/react": ["ui", "worker/client"],
  "ui/uplot": ["ui"],

  "interchange/values": ["model/api"],
  "interchange/table": ["interchange/values"],
  "interchange/arrow": ["interchange/table"],
  "interchange/csv": ["interchange/table"],
  "interchange/parquet": ["interchange/table"],
  "interchange/rows": ["interchange/table"],
  "interchange/files": ["interchange/csv", "interchange/parquet"],

  "cli/options": ["interchange/csv"],
  "cli/parsing": ["cli/options"],
  "cli/output": ["cli/options"],
  "cli/config": ["cli/output", "cli/parsing"],
  cli: ["cli/config", "engine/repo"],
  "cli/targets": ["cli", "interchange/files", "stores/s3"],
  "cli/sql": ["cli/targets"],
  "cli/serve": ["cli/options", "stores"],
  "cli/verbs": ["cli/serve", "cli/sql"],
  "cli/commands.ts": ["cli/verbs"],
  "cli/run.ts": ["cli/commands.ts"],
  "cli/lakota.ts": ["cli/run.ts"],
};

/** Entry points may import every layer but cli/, and the entry points named here. */
const ENTRY_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  "src/interchange-node.ts": ["src/interchange.ts"],
  "src/node.ts": ["src/engine.ts"],
};
const CLI_ENTRY_IMPORTS = ["src/node.ts", "src/engine.ts"];
const ENTRIES = new Set(entryPoints.map(({ source }) => source));

/** What the main thread may load, however many imports away: no codec, no store, no package. */
const PAGE_ENTRY = "src/index.ts";
const PAGE_SIDE = /^src\/(index\.ts|(async|model|worker)\/.*)$/;

/** The only files that may import Node's modules. */
const NODE_SIDE = /^src\/(node\.ts|stores\/file\/.*|interchange\/files\/folder\.ts|cli\/.*)$/;

/** Code that a pinned copy needs offline. Its `import()` must be registered with `lazy()`, so that `loadAhead()` finds it. */
const LOADED_AHEAD = /^src\/(changelog|codecs|engine|query|stores)\//;

/** The text of each source file by path. */
export type Sources = ReadonlyMap<string, string>;

const isRelative = (specifier: string) => specifier.startsWith(".");
const resolve = (from: string, specifier: string) => posix.join(posix.dirname(from), specifier);

/** Returns the layer of a file: the longest path in {@link LAYERS} that contains it. */
function layerOf(path: string): string | undefined {
  for (let layer = path.replace(/^src\//, ""); layer !== "."; layer = posix.dirname(layer))
    if (layer in LAYERS) return layer;
  return undefined;
}

/** Returns whether `lower` lies below `layer`, directly or not. */
const isBelow = (lower: string, layer: string): boolean =>
  LAYERS[layer]!.some((next) => next === lower || isBelow(lower, next));

/** Returns why a file must not have an import, or undefined if it may. */
function reasonAgainst(path: string, { specifier, dynamic, lazy }: ImportOf): string | undefined {
  if (dynamic && !lazy && LOADED_AHEAD.test(path))
    return "import() must be registered with lazy(), or it is not loaded ahead for offline use";
  if (specifier.startsWith("node:"))
    return NODE_SIDE.test(path) ? undefined : "Node's modules are not allowed here";
  const layer = layerOf(path);
  if (!isRelative(specifier)) {
    if (/^lakota(\/|$)/.test(specifier)) return "sources import files, not the package";
    return layer?.startsWith("model") ? "model/ depends on no package" : undefined;
  }
  const target = resolve(path, specifier);
  if (!target.startsWith("src/")) return "it leaves src/";
  if (ENTRIES.has(target)) {
    const allowed = layer?.startsWith("cli") ? CLI_ENTRY_IMPORTS : (ENTRY_IMPORTS[path] ?? []);
    return allowed.includes(target) ? undefined : "entry points are above every layer";
  }
  const targetLayer = layerOf(target);
  if (targetLayer === undefined) return "its target is in no layer: see the table in scripts/layers.ts";
  if (ENTRIES.has(path))
    return targetLayer.startsWith("cli") ? "no entry point contains the command" : undefined;
  if (layer === undefined) return "the file is in no layer: see the table in scripts/layers.ts";
  if (targetLayer === layer || isBelow(targetLayer, layer)) return undefined;
  return `${targetLayer} is not below ${layer}`;
}

/** Returns the first chain of imports by which the main thread would load what it must not, or undefined. */
function pageLeak(sources: Sources): string[] | undefined {
  const seen = new Set<string>();
  const queue: string[][] = [[PAGE_ENTRY]];
  for (const chain of queue) {
    const path = chain[chain.length - 1]!;
    if (!PAGE_SIDE.test(path)) return chain;
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, typeOnly } of importsOf(path, sources.get(path) ?? "")) {
      if (!typeOnly) queue.push([...chain, isRelative(specifier) ? resolve(path, specifier) : specifier]);
    }
  }
  return undefined;
}

/** Returns every import that breaks a rule, one line each. */
export function wrongImports(sources: Sources): string[] {
  const lines: string[] = [];
  for (const [path, text] of sources) {
    for (const found of importsOf(path, text)) {
      const reason = reasonAgainst(path, found);
      if (reason) lines.push(`${path} imports "${found.specifier}": ${reason}`);
    }
  }
  const leak = sources.has(PAGE_ENTRY) ? pageLeak(sources) : undefined;
  if (leak)
    lines.push(`${PAGE_ENTRY} loads ${leak.at(-1)}, which must stay off the page: ${leak.join(" -> ")}`);
  return lines;
}

/** Returns a circle of imports through each file that is in one, as a chain that ends where it starts. Types count. */
export function circles(sources: Sources): string[][] {
  const targets = new Map(
    [...sources].map(([path, text]) => [
      path,
      importsOf(path, text)
        .filter(({ specifier }) => isRelative(specifier))
        .map(({ specifier }) => resolve(path, specifier)),
    ]),
  );
  const reported = new Set<string>();
  const found: string[][] = [];
  for (const start of targets.keys()) {
    if (reported.has(start)) continue;
    const circle = shortestCircle(start, targets);
    for (const path of circle ?? []) reported.add(path);
    if (circle) found.push(circle);
  }
  return found;
}

/** Searches breadth first for the shortest way from a file back to itself. */
function shortestCircle(
  start: string,
  targets: ReadonlyMap<string, readonly string[]>,
): string[] | undefined {
  const queue: string[][] = [[start]];
  const seen = new Set<string>();
  for (const chain of queue) {
    for (const next of targets.get(chain.at(-1)!) ?? []) {
      if (next === start) return [...chain, next];
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push([...chain, next]);
    }
  }
  return undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const sources = new Map(filesUnder("src", ".ts").map((path) => [path, readFileSync(path, "utf8")]));
  const wrong = wrongImports(sources);
  const loops = circles(sources);
  for (const line of wrong) console.error(line);
  for (const circle of loops) console.error(`circle: ${circle.join(" -> ")}`);
  console.log(`layers: ${sources.size} files, ${wrong.length} wrong imports, ${loops.length} circles`);
  process.exitCode = wrong.length + loops.length > 0 ? 1 : 0;
}
