// `npm run lint`: all checks of the sources, as many at a time as there are cores. Prints the output of each when it has ended.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** The longest first. */
const CHECKS = [
  "tsc --noEmit",
  "tsx scripts/api-report.ts --check",
  "tsx scripts/api-docs.ts --check",
  "biome check --error-on-warnings",
  "tsx scripts/layers.ts",
  "tsx scripts/licences.ts --check",
  "tsx scripts/cli-docs.ts --check",
  "tsx scripts/check-entry-points.ts",
  "tsx scripts/links.ts",
  "tsx scripts/lockfile.ts",
];

/** Runs a check. @returns whether it has passed */
function run(check) {
  const child = spawn(check, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
  const parts = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => parts.push(part));
  return new Promise((resolve) => {
    child.on("close", (code) => {
      const output = Buffer.concat(parts).toString().trimEnd();
      if (output) console.log(output);
      if (code !== 0) console.log(`lint: ${check} failed`);
      resolve(code === 0);
    });
  });
}

const waiting = [...CHECKS];
const results = [];
async function worker() {
  for (let check = waiting.shift(); check; check = waiting.shift()) results.push(await run(check));
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
process.exitCode = results.every(Boolean) ? 0 : 1;
