import { readFileSync } from "node:fs";

/** Checks that package-lock.json names no registry, so that it installs from the one that npm is configured for. */
const lines = readFileSync("package-lock.json", "utf8")
  .split("\n")
  .filter((line) => /^\s*"resolved": "https?:/.test(line));

if (lines.length > 0) {
  console.error(`package-lock.json names a registry in ${lines.length} lines, first in:\n${lines[0].trim()}`);
  console.error("Remove these lines. .npmrc stops npm from writing them (omit-lockfile-registry-resolved).");
  process.exitCode = 1;
}
