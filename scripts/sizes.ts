import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { importsOf } from "./imports.ts";

const DIST = "dist";
const KILOBYTE = 1000;

/** Some entries of dist/ that are weighed together. `all`: with what loads only when it is called for. */
interface Weighed {
  name: string;
  entries: readonly string[];
  kilobytes?: number;
  all?: boolean;
}

/** What a visitor downloads, each file gzipped by itself as a server would, and the most that it may weigh. */
const BUDGETS: readonly Weighed[] = [
  { name: "page", entries: ["index.js"], kilobytes: 6 },
  { name: "worker", entries: ["worker.js"], kilobytes: 45 },
  { name: "decoder.wasm", entries: ["decoder.wasm"], kilobytes: 40 },
  { name: "encoder.wasm", entries: ["encoder.wasm"], kilobytes: 135 },
];

/** Weighed and printed, without a budget of their own. */
const REPORTED: readonly Weighed[] = [
  { name: "decode worker", entries: ["decoder.js"] },
  { name: "both workers", entries: ["worker.js", "decoder.js"], all: true },
  { name: "engine", entries: ["engine.js"], all: true },
  { name: "query", entries: ["query.js"] },
];

/** The files of dist/ that load with `entries`: these, and what they import, to the end. */
function closure(entries: readonly string[], all: boolean): string[] {
  const files = new Set(entries);
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    for (const { specifier, dynamic } of importsOf(file, readFileSync(join(DIST, file), "utf8"))) {
      if ((all || !dynamic) && specifier.startsWith("./")) files.add(specifier.slice(2));
    }
  }
  return [...files];
}

const weigh = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length, 0) /
  KILOBYTE;

/** Prints one line. Whether it is over its budget. */
function line({ name, entries, kilobytes: budget, all = false }: Weighed): boolean {
  const files = closure(entries, all);
  const size = weigh(files);
  const over = budget !== undefined && size > budget;
  const limit = budget === undefined ? "" : ` of ${String(budget).padStart(3)} kB${over ? "  OVER" : ""}`;
  console.log(
    `${name.padEnd(14)} ${size.toFixed(2).padStart(7)} kB gzip${limit.padEnd(16)} ${files.join(" ")}`,
  );
  return over;
}

if (!existsSync(DIST)) throw new Error("dist/ is not there: run `npm run build` first");
const over = BUDGETS.filter(line);
for (const weighed of REPORTED) line(weighed);
if (over.length > 0) {
  console.error(`over budget: ${over.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
