/**
 * Measures how costs grow: with the number of series, of revisions, and of heads to merge, with flat tables and with trees.
 * `npx tsx bench/growth/run.ts [--series 10,1000] [--curves FOLDER]`
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { TableKind } from "../../src/model/api/table-kind.ts";
import { table } from "../report.ts";
import { type Curve, writeCurves } from "./curves.ts";
import type { Cost, Step } from "./step.ts";

const KINDS: readonly TableKind[] = ["flat", "tree"];
const script = fileURLToPath(new URL("step.ts", import.meta.url));

/** Runs one operation in a process of its own. */
function run(step: Step): Cost {
  const output = execFileSync(process.execPath, ["--import", "tsx", script, JSON.stringify(step)], {
    encoding: "utf8",
    maxBuffer: 64 << 20,
  });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

interface Growth {
  readonly what: "series" | "revisions" | "heads";
  readonly counts: readonly number[];
  readonly operations: readonly Step["operation"][];
  /** Series of the collection, where these do not grow. */
  readonly series: number;
}

/** Measures operations on collections of growing size. Prints a table for each operation. */
function measure({ what, counts, operations, series }: Growth): Curve[] {
  const curves: Curve[] = [];
  const rows = new Map<Step["operation"], string[][]>(operations.map((operation) => [operation, []]));
  for (const count of counts) {
    for (const kind of KINDS) {
      const folder = mkdtempSync(join(tmpdir(), "lakota-growth-"));
      try {
        const shape = {
          folder,
          table: kind,
          series: what === "series" ? count : series,
          revisions: what === "revisions" ? count : 0,
          heads: what === "heads" ? count : 1,
        };
        const idle = run({ ...shape, operation: "nothing" }).memory;
        const filled = run({ ...shape, operation: "fill" });
        for (const operation of operations) {
          const cost = operation === "fill" ? filled : run({ ...shape, operation });
          const memory = Math.max(0, cost.memory - idle);
          rows
            .get(operation)!
            .push([
              count.toLocaleString("en"),
              kind,
              String(cost.requests),
              String(cost.roundTrips),
              kilobytes(cost.read),
              kilobytes(cost.written),
              cost.cpu.toFixed(0),
              (memory / 1e6).toFixed(0),
            ]);
          curves.push({ what, operation, kind, count, ...cost, memory });
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  }
  for (const [operation, lines] of rows) {
    console.log(`\n${operation}, by the number of ${what}\n`);
    const header = [
      what,
      "table",
      "requests",
      "round trips",
      "kB read",
      "kB written",
      "ms of CPU",
      "MB more than idle",
    ];
    console.log(table(header, lines));
  }
  return curves;
}

const kilobytes = (bytes: number) => (bytes / 1e3).toFixed(1);

/** @param curves folder for pictures. Default: none */
export async function benchGrowth(
  series: readonly number[] = [10, 100, 1_000, 10_000, 100_000],
  curves?: string,
): Promise<void> {
  const measured = [
    ...measure({
      what: "series",
      counts: series,
      operations: ["fill", "tail", "write", "refresh", "ls", "diff"],
      series: 0,
    }),
    ...measure({
      what: "revisions",
      counts: [10, 100, 1_000, 10_000],
      operations: ["tail", "write", "refresh"],
      series: 1_000,
    }),
    ...measure({ what: "heads", counts: [2, 8, 64], operations: ["merge"], series: 1_000 }),
  ];
  if (curves !== undefined) await writeCurves(measured, curves);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { series: { type: "string" }, curves: { type: "string" } } });
  await benchGrowth(values.series?.split(",").map(Number), values.curves);
}
