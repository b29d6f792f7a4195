import { readFileSync } from "node:fs";

/** Checks that no lock file names a registry, so that it installs from the one that npm is configured for. */
const LOCK_FILES = [
  "package-lock.json",
  "bench/first-visit/icechunk/package-lock.json",
  "test/bundlers/package-lock.json",
  "test/release/package-lock.json",
];
for (const file of LOCK_FILES) {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => /^\s*"resolved": "https?:/.test(line));
  if (lines.length === 0) continue;
  console.error(`${file} names a registry in ${lines.length} lines, first in:\n${lines[0].trim()}`);
  console.error("Remove these lines. .npmrc stops npm from writing them (omit-lockfile-registry-resolved).");
  process.exitCode = 1;
}
