// The tests that the last `npm test`, `npm run test:interop` and `npm run test:radosgw` ran, as one line: `node scripts/tally.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Where the test runners leave their reports; relative to the project's root. */
export const REPORTS = {
  folder: ".cache/reports",
  vitest: ".cache/reports/vitest.json",
  playwright: ".cache/reports/playwright.json",
  interop: ".cache/reports/interop.json",
  radosgw: ".cache/reports/radosgw.json",
};

const read = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);

function fromVitest(path) {
  const report = read(path);
  // A file that could not even be loaded has no tests to count, but it is a failure.
  const unloaded = report?.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0),
  };
}

function fromPlaywright(path) {
  const stats = read(path)?.stats;
  return { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 };
}

/** `"12 passed, 0 failed"`: all runners together. A runner that did not run counts nothing. */
export function tally() {
  const { vitest, playwright, interop, radosgw } = REPORTS;
  const counts = [...[vitest, interop, radosgw].map(fromVitest), fromPlaywright(playwright)];
  const sum = (what) => counts.reduce((total, count) => total + count[what], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(tally());
