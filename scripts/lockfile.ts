import { readFileSync } from "node:fs";

/** The lock file must install from whichever registry npm is set to: it may name none. */
const named = readFileSync("package-lock.json", "utf8")
  .split("\n")
  .filter((line) => /^\s*"resolved": "https?:/.test(line));

if (named.length > 0) {
  console.error(
    `package-lock.json names a registry in ${named.length} places, the first:\n${named[0].trim()}`,
  );
  console.error("Remove these lines; .npmrc keeps npm from writing them (omit-lockfile-registry-resolved).");
  process.exitCode = 1;
}
