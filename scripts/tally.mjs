// Counts what the last `npm test`, `npm run test:interop`, `test:radosgw`, `test:bundlers`, `test:release`, `fuzz` and `fuzz:c`
// have tried, as far as they have run: `node scripts/tally.mjs` prints a table, `node scripts/tally.mjs FILE CODE` also writes it to a
// file, in Markdown, and says there whether the code with which all ended is that of a failure.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  release: ".cache/reports/release.json",
  sizes: ".cache/reports/sizes.json",
  reliability: ["reads", "changes", "browser"].map((part) => `.cache/reports/reliability-${part}.json`),
  fuzz: ".cache/reports/fuzz.json",
  fuzzC: ".cache/reports/fuzz-c.json",
};

const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);

const count = (number) => number.toLocaleString("en");

/** A row of tests: what ran, and how many passed and failed. */
const testRow = (what, counts) => counts && { what, ...counts };

function fromVitest(path) {
  const report = readReport(path);
  if (!report) return undefined;
  // A file that could not be loaded reports no tests, but counts as a failure.
  const notLoaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + notLoaded.length };
}

function fromPlaywright(path) {
  const stats = readReport(path)?.stats;
  return stats && { passed: stats.expected + stats.flaky, failed: stats.unexpected };
}

function testRows() {
  const { vitest, trees, playwright, interop, radosgw, engines, bundlers, release } = REPORTS;
  return [
    testRow("logic, command and API in Node", fromVitest(vitest)),
    testRow("pages in Chromium", fromPlaywright(playwright)),
    testRow("engine with trees", fromVitest(trees)),
    testRow("with Python Lakota", fromVitest(interop)),
    testRow("with Ceph's S3", fromVitest(radosgw)),
    testRow("in Firefox and WebKit", fromVitest(engines)),
    testRow("package in bundlers, browsers and runtimes", readReport(bundlers)),
    testRow("release to a registry", readReport(release)),
  ].filter((row) => row !== undefined);
}

/** Returns what each test of some vitest reports has recorded under a name. */
const metaOf = (name, ...paths) =>
  paths
    .flatMap((path) => readReport(path)?.testResults ?? [])
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ meta }) => meta?.[name] ?? []);

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** Rows of what was tried, other than tests: `[what, how much]`. */
function otherRows() {
  const { vitest, trees, interop, bundlers, reliability, fuzz, fuzzC, sizes } = REPORTS;
  const histories = sum(metaOf("histories", vitest, trees));
  const frames = sum(metaOf("frames", interop).map((directions) => sum(Object.values(directions))));
  const engines = readReport(bundlers)?.engines ?? [];
  return [
    ...(histories > 0 ? [["random histories compared with a model", count(histories)]] : []),
    ...(frames > 0 ? [["frames compared with Python", count(frames)]] : []),
    ...(engines.length > 0 ? [["engines", engines.join(", ")]] : []),
    ...fromReliability(reliability),
    ...fromFuzzer("fuzzing TypeScript", fuzz),
    ...fromFuzzer("fuzzing C", fuzzC),
    ...(readReport(sizes) ?? []).map(({ name, size, budget }) => [
      `size of ${name}, gzip`,
      `${size.toFixed(2)} kB${budget === undefined ? "" : ` of at most ${budget} kB`}`,
    ]),
  ];
}

/** Returns what the tests of reliability report, if they have run. */
function fromReliability(paths) {
  const parts = paths.map(readReport).filter((part) => part !== undefined);
  if (parts.length === 0) return [];
  const total = (key) => count(sum(parts.map((part) => part[key])));
  return [
    ["faults injected", total("faults")],
    ["calls with faults", `${total("runs")} runs of ${total("cells")} kinds`],
  ];
}

/** Returns what a fuzzer reports, if it has run. */
function fromFuzzer(name, path) {
  const { inputs, failures, skipped } = readReport(path) ?? {};
  if (skipped) return [[name, `skipped (${skipped})`]];
  return inputs === undefined ? [] : [[name, `${count(inputs)} inputs, ${count(failures)} failures`]];
}

/** Returns the sums over all reports that exist, as in "12 passed, 0 failed". */
export function tally() {
  const rows = testRows();
  const total = (key) => sum(rows.map((row) => row[key]));
  return `${total("passed")} passed, ${total("failed")} failed`;
}

/** Returns the rows of the table of tests, and of that of all else. */
function tables() {
  const rows = testRows();
  const total = {
    what: "all",
    passed: sum(rows.map((row) => row.passed)),
    failed: sum(rows.map((row) => row.failed)),
  };
  const tests = [...rows, total].map(({ what, passed, failed }) => [what, count(passed), count(failed)]);
  return [
    { head: ["tests", "passed", "failed"], rows: tests },
    { head: ["also tried", "how much"], rows: otherRows() },
  ].filter(({ rows }) => rows.length > 0);
}

function asText({ head, rows }) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
  const isNumber = head.length > 2;
  const line = (row) =>
    row.map((cell, i) => (i > 0 && isNumber ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)]
    .map((text) => text.trimEnd())
    .join("\n");
}

function asMarkdown({ head, rows }) {
  const line = (row) => `| ${row.join(" | ")} |`;
  return [
    line(head),
    line(head.map((_, i) => (i > 0 && head.length > 2 ? "---:" : "---"))),
    ...rows.map(line),
  ].join("\n");
}

/** Returns when this is, at which commit, if there is one, and whether a command has failed. */
function note(hasFailed) {
  const { stdout } = spawnSync("git", ["describe", "--always", "--dirty", "--exclude=*"], {
    encoding: "utf8",
  });
  const commit = stdout?.trim();
  return `${new Date().toISOString().slice(0, 16).replace("T", ", ")} UTC${commit ? `, commit ${commit}` : ""}${hasFailed ? "; the run FAILED" : ""}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [, , file, exitCode = "0"] = process.argv;
  console.log(`\n${tables().map(asText).join("\n\n")}`);
  if (file === undefined) process.exit();
  mkdirSync(REPORTS.folder, { recursive: true });
  writeFileSync(file, `${[note(exitCode !== "0"), ...tables().map(asMarkdown)].join("\n\n")}\n`);
}
