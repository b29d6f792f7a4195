// `npm run reliability`: runs each operation with each fault, and writes the outcomes to docs/reliability.md.
import { spawnSync } from "node:child_process";

const COMMANDS = [
  "node scripts/setup.mjs browser",
  "npm run --silent build",
  "npx vitest run --no-file-parallelism test/reliability", // one file at a time: all write to the same document
  "npx playwright test test/browser/reliability.spec.ts",
];

const env = { ...process.env, RELIABILITY: "write" };
const failed = COMMANDS.find((command) => {
  const [program, ...args] = command.split(" ");
  return spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"], env }).status !== 0;
});
if (failed) console.error(`\nFailed: ${failed}`);
process.exitCode = failed ? 1 : 0;
