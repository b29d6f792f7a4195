import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { pathToFileURL } from "node:url";
import { filesUnder } from "./files.ts";
import { type ImportOf, importsOf } from "./imports.ts";

/** The folders of src/ and what lies below each. A file imports from its own folder and from these only. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  model: [],
  interchange: ["model"],
  codecs: ["model"],
  stores: ["model"],
  changelog: ["codecs", "stores", "model"],
  query: ["codecs", "stores", "model"],
  repo: ["changelog", "query", "codecs", "stores", "model"],
  worker: ["repo", "changelog", "query", "codecs", "stores", "model"],
  cli: ["interchange", "repo", "changelog", "query", "codecs", "stores", "model"],
};

/** The doors stand above the house; a door may also build on the doors named here. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  "src/index.ts": [],
  "src/engine.ts": [],
  "src/interchange.ts": [],
  "src/interchange-node.ts": ["src/interchange.ts"],
  "src/arrow.ts": [],
  "src/node.ts": ["src/engine.ts"],
};
const CLI_DOORS = ["src/node.ts", "src/engine.ts"];

/** What the page's door may reach, however many files away: no codec, no store, no package. */
const PAGE_DOOR = "src/index.ts";
const PAGE_SIDE = /^src\/(index\.ts|model\/.*|worker\/.*)$/;

/** The only places that know Node. */
const NODE_SIDE = /^src\/(node\.ts|stores\/file\.ts|interchange\/folder\.ts|cli\/.*)$/;

/** Path of a source file → its text. */
export type Sources = ReadonlyMap<string, string>;

const isRelative = (specifier: string) => specifier.startsWith(".");
const resolve = (from: string, specifier: string) => posix.join(posix.dirname(from), specifier);
const folderOf = (path: string) => /^src\/([^/]+)\//.exec(path)?.[1];

/** Why `path` must not import what `specifier` names, or `undefined` if it may. */
function wrong(path: string, { specifier }: ImportOf): string | undefined {
  const folder = folderOf(path);
  if (specifier.startsWith("node:")) return NODE_SIDE.test(path) ? undefined : "Node is not known here";
  if (!isRelative(specifier)) {
    if (/^lakota(\/|$)/.test(specifier)) return "the sources name their files, not the package";
    return folder === "model" ? "model/ stands on nothing" : undefined;
  }
  const target = resolve(path, specifier);
  if (!target.startsWith("src/")) return "it leaves src/";
  if (target in DOORS) {
    const doors = folder === "cli" ? CLI_DOORS : (DOORS[path] ?? []);
    return doors.includes(target) ? undefined : "a door is above every floor";
  }
  const floor = folderOf(target);
  if (floor === undefined || !(floor in BELOW))
    return "it is on no floor: see the table in scripts/floors.ts";
  if (path in DOORS || floor === folder) return undefined;
  if (folder === undefined || !(folder in BELOW)) return "this file is on no floor: see scripts/floors.ts";
  return BELOW[folder].includes(floor) ? undefined : `${floor}/ is not below ${folder}/`;
}

/** The first path by which the page's door reaches what it must not, as a chain of files; else `undefined`. */
function pageLeak(sources: Sources): string[] | undefined {
  const seen = new Set<string>();
  const queue: string[][] = [[PAGE_DOOR]];
  for (const chain of queue) {
    const path = chain[chain.length - 1];
    if (!PAGE_SIDE.test(path)) return chain;
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, typeOnly } of importsOf(path, sources.get(path) ?? "")) {
      if (!typeOnly) queue.push([...chain, isRelative(specifier) ? resolve(path, specifier) : specifier]);
    }
  }
  return undefined;
}

/** Every import that breaks a rule, one line each. */
export function violations(sources: Sources): string[] {
  const lines: string[] = [];
  for (const [path, text] of sources) {
    for (const found of importsOf(path, text)) {
      const reason = wrong(path, found);
      if (reason) lines.push(`${path} imports "${found.specifier}": ${reason}`);
    }
  }
  const leak = sources.has(PAGE_DOOR) ? pageLeak(sources) : undefined;
  if (leak)
    lines.push(`${PAGE_DOOR} reaches ${leak.at(-1)}, which must stay off the page: ${leak.join(" -> ")}`);
  return lines;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const sources = new Map(filesUnder("src", ".ts").map((path) => [path, readFileSync(path, "utf8")]));
  const lines = violations(sources);
  for (const line of lines) console.error(line);
  console.log(`floors: ${sources.size} files, ${lines.length} wrong imports`);
  process.exitCode = lines.length > 0 ? 1 : 0;
}
