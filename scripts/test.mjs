// `npm test`: all checks, fastest first. Stops at the first failure.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { REPORTS, tally } from "./tally.mjs";

/** Vitest and Playwright also write the reports that tally.mjs counts. */
const PHASES = [
  { name: "setup", command: ["node", "scripts/setup.mjs", "browser"] },
  { name: "lint", command: ["npm", "run", "--silent", "lint"] },
  { name: "build", command: ["npm", "run", "--silent", "build"] },
  { name: "sizes", command: ["npm", "run", "--silent", "sizes"] },
  {
    name: "vitest",
    command: [
      "npx",
      "vitest",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${REPORTS.vitest}`,
    ],
  },
  {
    name: "browser",
    command: ["npx", "playwright", "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: REPORTS.playwright },
  },
];

const secondsSince = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

function runPhase({ name, command: [program, ...args], env }) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  const { status } = spawnSync(program, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  console.log(`== ${name}: ${status === 0 ? "ok" : "FAILED"}, ${secondsSince(start)}`);
  return status === 0;
}

const start = performance.now();
rmSync(REPORTS.folder, { recursive: true, force: true });
mkdirSync(REPORTS.folder, { recursive: true });
const failed = PHASES.find((phase) => !runPhase(phase));
console.log(
  `\n${tally()}; ${failed ? `stopped at ${failed.name}` : "all phases ok"}; ${secondsSince(start)} in total`,
);
process.exitCode = failed ? 1 : 0;
