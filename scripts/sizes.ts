import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { importsOf } from "./imports.ts";

const DIST = "dist";
const KILOBYTE = 1000;

/** What a visitor downloads, each file gzipped by itself as a server would, and the most that it may weigh. */
const BUDGETS: readonly { name: string; entries: readonly string[]; kilobytes: number }[] = [
  { name: "page", entries: ["index.js"], kilobytes: 6 },
  { name: "worker", entries: ["worker.js"], kilobytes: 45 },
  { name: "decoder.wasm", entries: ["decoder.wasm"], kilobytes: 40 },
  { name: "encoder.wasm", entries: ["encoder.wasm"], kilobytes: 135 },
];

/** Weighed and printed, without a budget of their own. */
const REPORTED = [
  { name: "decode worker", entries: ["decoder.js"] },
  { name: "both workers", entries: ["worker.js", "decoder.js"] },
  { name: "engine", entries: ["engine.js"] },
];

/** The files of dist/ that load with `entries`: these, and what they import statically, to the end. */
function closure(entries: readonly string[]): string[] {
  const files = new Set(entries);
  for (const file of files) {
    if (!file.endsWith(".js")) continue;
    for (const { specifier, dynamic } of importsOf(file, readFileSync(join(DIST, file), "utf8"))) {
      if (!dynamic && specifier.startsWith("./")) files.add(specifier.slice(2));
    }
  }
  return [...files];
}

const weigh = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(DIST, file)), { level: 9 }).length, 0) /
  KILOBYTE;

function line(name: string, entries: readonly string[], budget?: number): boolean {
  const files = closure(entries);
  const size = weigh(files);
  const over = budget !== undefined && size > budget;
  const limit = budget === undefined ? "" : ` of ${String(budget).padStart(3)} kB${over ? "  OVER" : ""}`;
  console.log(
    `${name.padEnd(14)} ${size.toFixed(2).padStart(7)} kB gzip${limit.padEnd(16)} ${files.join(" ")}`,
  );
  return over;
}

if (!existsSync(DIST)) throw new Error("dist/ is not there: run `npm run build` first");
const over = BUDGETS.filter(({ name, entries, kilobytes }) => line(name, entries, kilobytes));
for (const { name, entries } of REPORTED) line(name, entries);
if (over.length > 0) {
  console.error(`over budget: ${over.map(({ name }) => name).join(", ")}`);
  process.exitCode = 1;
}
