import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { entryPoints } from "./entry-points.ts";
import { importsOf } from "./imports.ts";

const DIST = "dist";
const KILOBYTE = 1000;

/** Files of dist/ that are measured together with their imports. */
interface Download {
  name: string;
  entries: readonly string[];
  /** The budget in kB after gzip. Default: none. */
  budget?: number;
  /** Whether to include what is loaded on demand. Default: false. */
  lazy?: boolean;
}

/** What a visitor of a page downloads, each file gzipped by itself as a server does. */
const DOWNLOADS: readonly Download[] = [
  { name: "page", entries: ["index.js"], budget: 6 },
  { name: "worker", entries: ["worker.js"], budget: 45 },
  { name: "decoder.wasm", entries: ["decoder.wasm"], budget: 40 },
  { name: "encoder.wasm", entries: ["encoder.wasm"], budget: 135 },
  { name: "decode worker", entries: ["decoder.js"] },
  { name: "both workers", entries: ["worker.js", "decoder.js"], lazy: true },
  ...entryPoints.map(({ name, specifier }) => ({ name: specifier, entries: [`${name}.js`], lazy: true })),
];

/** Returns `entries` and all files of dist/ that they import, directly or not. */
function withImports(entries: readonly string[], lazy: boolean): string[] {
  const files = new Set(entries);
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    for (const { specifier, dynamic } of importsOf(file, readFileSync(join(DIST, file), "utf8"))) {
      if ((lazy || !dynamic) && specifier.startsWith("./")) files.add(specifier.slice(2));
    }
  }
  return [...files];
}

const gzippedBytes = (file: string) => gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length;

/** Prints the size of a download. Returns whether it exceeds its budget. */
function report({ name, entries, budget, lazy = false }: Download): boolean {
  const files = withImports(entries, lazy);
  const size = files.reduce((sum, file) => sum + gzippedBytes(file), 0) / KILOBYTE;
  const over = budget !== undefined && size > budget;
  const limit = budget === undefined ? "" : ` of ${String(budget).padStart(3)} kB${over ? "  OVER" : ""}`;
  console.log(
    `${name.padEnd(23)} ${size.toFixed(2).padStart(7)} kB gzip${limit.padEnd(16)} ${files.join(" ")}`,
  );
  measured.push({ name, size, ...(budget !== undefined && { budget }) });
  return over;
}

/** What scripts/tally.mjs prints of those that have a budget. */
const REPORT = ".cache/reports/sizes.json";
const measured: { name: string; size: number; budget?: number }[] = [];

if (!existsSync(DIST)) throw new Error("dist/ does not exist: run `npm run build` first");
const over = DOWNLOADS.filter(report);
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(REPORT, JSON.stringify(measured.filter(({ budget }) => budget !== undefined)));
// What only the tarball has: browsers load maps with their developer tools.
const maps = readdirSync(DIST).filter((file) => file.endsWith(".map"));
const mapSize = maps.reduce((sum, file) => sum + gzippedBytes(file), 0) / KILOBYTE;
console.log(`${"source maps".padEnd(23)} ${mapSize.toFixed(2).padStart(7)} kB gzip, ${maps.length} files`);
if (over.length > 0) {
  console.error(`over budget: ${over.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
