/**
 * Measures how costs grow: with the number of series, of revisions, of heads to merge, and of rows, with flat tables, with trees
 * and, where `node scripts/setup.mjs python` has installed it, with Python Lakota.
 * `npx tsx bench/growth/run.ts [--what series,revisions,heads,rows] [--series 10,1000] [--rows 10000] [--curves FOLDER]`
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { table } from "../report.ts";
import { type Curve, writeCurves } from "./curves.ts";
import type { Cost, Operation, Step } from "./step.ts";

type Kind = Curve["kind"];

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const PYTHON = at("../../.cache/interop/bin/python");
const KINDS: readonly Kind[] = existsSync(PYTHON) ? ["flat", "tree", "Python"] : ["flat", "tree"];

/** What Python Lakota has, too. */
const PYTHON_OPERATIONS: readonly Operation[] = ["fill", "tail", "write", "refresh", "ls"];

/** Runs one operation in a process of its own. */
function run(kind: Kind, step: Omit<Step, "table">): Cost {
  const [program, ...args] =
    kind === "Python"
      ? [PYTHON, at("python_step.py"), JSON.stringify(step)]
      : [process.execPath, "--import", "tsx", at("step.ts"), JSON.stringify({ ...step, table: kind })];
  const output = execFileSync(program!, args, { encoding: "utf8", maxBuffer: 64 << 20 });
  return JSON.parse(output.trim().split("\n").at(-1)!);
}

interface Growth {
  readonly what: Curve["what"];
  readonly counts: readonly number[];
  readonly operations: readonly Operation[];
  /** Series of the collection, where these do not grow. */
  readonly series: number;
  /** The count up to which Python Lakota takes seconds. Default: it is not measured. */
  readonly python?: number;
}

/** Whether an operation makes sense, and takes no hours. */
function isMeasured({ what, python = 0 }: Growth, operation: Operation, kind: Kind, count: number): boolean {
  if (kind === "Python") return count <= python && PYTHON_OPERATIONS.includes(operation);
  if (operation === "pull") return count >= 1_000;
  // With a flat table, each of them stores the whole table.
  if (operation === "1,000 writes") return count >= 1_000 && (kind === "tree" || count < 10_000);
  return what !== "rows" || operation !== "diff";
}

/** Measures operations on collections of growing size. Prints a table for each operation. */
function measure(growth: Growth): Curve[] {
  const { what, counts, operations, series } = growth;
  const curves: Curve[] = [];
  const rows = new Map<Operation, string[][]>(operations.map((operation) => [operation, []]));
  for (const count of counts) {
    for (const kind of KINDS) {
      const measured = operations.filter((operation) => isMeasured(growth, operation, kind, count));
      if (measured.length === 0) continue;
      const folder = mkdtempSync(join(tmpdir(), "lakota-growth-"));
      try {
        const shape = {
          folder,
          series: what === "series" ? count : series,
          revisions: what === "revisions" ? count : 0,
          heads: what === "heads" ? count : 1,
          rows: what === "rows" ? count : 0,
        };
        const idle = run(kind, { ...shape, operation: "nothing" }).memory;
        // Python reads what this library writes, with a long history.
        const filler = kind === "Python" && what === "revisions" ? "flat" : kind;
        const filled = run(filler, { ...shape, operation: "fill" });
        for (const operation of measured) {
          const cost = operation === "fill" ? filled : run(kind, { ...shape, operation });
          const curve = { what, operation, kind, count, ...cost, memory: Math.max(0, cost.memory - idle) };
          rows.get(operation)!.push(cellsOf(curve));
          curves.push(curve);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  }
  for (const [operation, lines] of rows) {
    if (lines.length === 0) continue;
    console.log(`\n${operation}, by the number of ${what}\n`);
    console.log(table([what, ...COLUMNS], lines));
  }
  return curves;
}

const COLUMNS = [
  "table",
  "requests",
  "round trips",
  "kB read",
  "kB written",
  "ms of CPU",
  "ms",
  "MB more than idle",
];

const cellsOf = ({ count, kind, ...cost }: Curve): string[] => [
  count.toLocaleString("en"),
  kind,
  String(cost.requests),
  String(cost.roundTrips ?? ""),
  (cost.read / 1e3).toFixed(1),
  (cost.written / 1e3).toFixed(1),
  cost.cpu.toFixed(0),
  cost.time.toFixed(0),
  (cost.memory / 1e6).toFixed(0),
];

interface GrowthOptions {
  /** Default: all. */
  readonly what?: readonly string[] | undefined;
  /** Numbers of series. */
  readonly series?: readonly number[] | undefined;
  /** Numbers of rows. */
  readonly rows?: readonly number[] | undefined;
  /** Folder for pictures. Default: none. */
  readonly curves?: string | undefined;
}

export async function benchGrowth(options: GrowthOptions = {}): Promise<void> {
  const { series = [10, 100, 1_000, 10_000, 100_000], rows = [1e4, 1e5, 1e6, 1e7, 1e8] } = options;
  const growths: readonly Growth[] = [
    {
      what: "series",
      counts: series,
      operations: ["fill", "tail", "write", "refresh", "ls", "diff", "pull", "1,000 writes"],
      series: 0,
      python: 10_000,
    },
    {
      what: "revisions",
      counts: [10, 100, 1_000, 10_000],
      operations: ["tail", "write", "refresh"],
      series: 1_000,
      python: 1_000,
    },
    { what: "heads", counts: [2, 8, 64], operations: ["merge"], series: 1_000 },
    { what: "rows", counts: rows, operations: ["fill", "tail", "write", "refresh"], series: 1 },
  ];
  const measured = growths
    .filter(({ what }) => options.what?.includes(what) ?? true)
    .flatMap((growth) => measure(growth));
  if (options.curves !== undefined) await writeCurves(measured, options.curves);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { what: text, series: text, rows: text, curves: text } });
  await benchGrowth({
    what: values.what?.split(","),
    series: values.series?.split(",").map(Number),
    rows: values.rows?.split(",").map(Number),
    curves: values.curves,
  });
}
