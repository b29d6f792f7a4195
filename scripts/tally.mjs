// Counts the tests of the last `npm test`, `npm run test:interop`, `npm run test:radosgw` and `npm run test:bundlers`, the
// faults that the tests of reliability injected, and the inputs of the last `npm run fuzz` and `npm run fuzz:c`: `node scripts/tally.mjs`.
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Paths of the test runners' reports from the root of the project. vite.config.ts names those of trees, interop and radosgw, too. */
export const REPORTS = {
  folder: ".cache/reports",
  vitest: ".cache/reports/vitest.json",
  playwright: ".cache/reports/playwright.json",
  trees: ".cache/reports/trees.json",
  interop: ".cache/reports/interop.json",
  radosgw: ".cache/reports/radosgw.json",
  engines: ".cache/reports/engines.json",
  bundlers: ".cache/reports/bundlers.json",
  reliability: ["reads", "changes", "browser"].map((part) => `.cache/reports/reliability-${part}.json`),
  fuzz: ".cache/reports/fuzz.json",
  fuzzC: ".cache/reports/fuzz-c.json",
};

const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);

function fromVitest(path) {
  const report = readReport(path);
  // A file that could not be loaded reports no tests, but counts as a failure.
  const notLoaded = report?.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report?.numPassedTests ?? 0,
    failed: (report?.numFailedTests ?? 0) + (notLoaded?.length ?? 0),
  };
}

function fromPlaywright(path) {
  const stats = readReport(path)?.stats;
  return { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 };
}

/** Returns what the tests of reliability report, if they have run. */
function fromReliability(paths) {
  const parts = paths.map(readReport).filter((part) => part !== undefined);
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  const counts = `${sum("cells")} cells, ${sum("runs")} runs, ${sum("faults")} faults injected`;
  return parts.length > 0 ? [`reliability: ${counts}`] : [];
}

/** Returns what a fuzzer reports, if it has run. */
function fromFuzzer(name, path) {
  const { inputs, failures, skipped } = readReport(path) ?? {};
  if (skipped) return [`${name} skipped (${skipped})`];
  return inputs === undefined ? [] : [`${name} ${inputs} inputs, ${failures} failures`];
}

/** Returns the sums over all reports that exist, as in "12 passed, 0 failed". */
export function tally() {
  const { vitest, trees, playwright, interop, radosgw, engines, bundlers, reliability, fuzz, fuzzC } =
    REPORTS;
  const counts = [
    ...[vitest, trees, interop, radosgw, engines].map(fromVitest),
    fromPlaywright(playwright),
    readReport(bundlers) ?? { passed: 0, failed: 0 },
  ];
  const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
  const others = [
    ...fromReliability(reliability),
    ...fromFuzzer("fuzzing TypeScript:", fuzz),
    ...fromFuzzer("fuzzing C:", fuzzC),
  ];
  return [`${sum("passed")} passed, ${sum("failed")} failed`, ...others].join("; ");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(tally());
