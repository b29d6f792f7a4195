// The tests that the last `npm test` ran, as one line: `node scripts/tally.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Where the test runners leave their reports; relative to the project's root. */
export const REPORTS = {
  folder: ".cache/reports",
  vitest: ".cache/reports/vitest.json",
  playwright: ".cache/reports/playwright.json",
};

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);

/** `"12 passed, 0 failed"`: both runners together. A runner that did not run counts nothing. */
export function tally() {
  const vitest = read(REPORTS.vitest);
  const playwright = read(REPORTS.playwright)?.stats;
  const passed = (vitest?.numPassedTests ?? 0) + (playwright?.expected ?? 0) + (playwright?.flaky ?? 0);
  // A file that could not even be loaded has no tests to count, but it is a failure.
  const unloaded = vitest?.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = (vitest?.numFailedTests ?? 0) + (unloaded?.length ?? 0) + (playwright?.unexpected ?? 0);
  return `${passed} passed, ${failed} failed`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(tally());
