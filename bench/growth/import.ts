/**
 * Measures `lakota import` of a folder of small CSV files to a collection whose table is a tree. Needs `npm run build`.
 * `npx tsx bench/growth/import.ts [FILES] [flat|tree]`
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LAKOTA = fileURLToPath(new URL("../../dist/lakota.js", import.meta.url));
const ROWS = 100;
const files = Number(process.argv[2] ?? 100_000);
const kind = process.argv[3] ?? "tree";

/** Writes what a process took to a file when it ends. */
const REPORT = `process.on("exit", () => {
  require("node:fs").writeFileSync(process.env.USAGE, JSON.stringify(process.resourceUsage()));
});`;

const folder = mkdtempSync(join(tmpdir(), "lakota-import-"));
try {
  mkdirSync(join(folder, "in", "sensors"), { recursive: true });
  for (let i = 0; i < files; i++) {
    const lines = Array.from({ length: ROWS }, (_, row) => {
      const time = new Date(1.7e12 + 60_000 * row).toISOString().slice(0, 19);
      return `${time},${(100 * Math.sin(7 * i + row)).toFixed(6)}`;
    });
    const name = `sensor-${String(i).padStart(6, "0")}.csv`;
    writeFileSync(join(folder, "in", "sensors", name), `time,value\n${lines.join("\n")}\n`);
  }
  const [hook, usage] = [join(folder, "report.cjs"), join(folder, "usage.json")];
  writeFileSync(hook, REPORT);
  const started = performance.now();
  execFileSync(
    process.execPath,
    ["--require", hook, LAKOTA, "-r", join(folder, "repo"), "import", join(folder, "in"), "--table", kind],
    { stdio: "inherit", env: { ...process.env, USAGE: usage } },
  );
  const seconds = (performance.now() - started) / 1_000;
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(readFileSync(usage, "utf8"));
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  console.log(
    `${files} files: ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, ${(maxRSS / 1024).toFixed(0)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
