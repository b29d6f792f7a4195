import { openAsBlob, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { type CsvOptions, type RowSource, readCsv, readParquet } from "../../src/interchange.ts";
import { parseDType, type TimeUnit } from "../../src/model/dtype.ts";
import type { Frame, NamedColumn } from "../../src/model/frame.ts";
import { NAT, unitRatio } from "../../src/model/time.ts";
import { readAll } from "./helpers.ts";

/** Files written by pandas, pyarrow, polars and DuckDB, and the cells that they hold: see foreign/make_files.py. */
const FOLDER = new URL("foreign/", import.meta.url);

interface Expected {
  kind: "time" | "float" | "int" | "bool" | "text";
  /** Times count microseconds; integers are text; null is missing. */
  cells: (string | number | boolean | null)[];
}

interface Made {
  file: string;
  writer: string;
  options: CsvOptions;
  table: number;
  columns: string[];
}

const [head, ...lines] = readFileSync(new URL("expected.jsonl", FOLDER), "utf8").trim().split("\n");
const tables: readonly Readonly<Record<string, Expected>>[] = JSON.parse(head!);
const files: readonly Made[] = lines.map((line) => JSON.parse(line));

async function open(file: string, options: CsvOptions): Promise<RowSource> {
  const blob = await openAsBlob(fileURLToPath(new URL(`files/${file}`, FOLDER)));
  if (file.endsWith(".parquet")) return readParquet(blob, options);
  return readCsv(
    file.endsWith(".gz") ? blob.stream().pipeThrough(new DecompressionStream("gzip")) : blob,
    options,
  );
}

/** Returns a cell in the form in which make_files.py writes it. */
function cellOf({ type, data }: NamedColumn, row: number, kind: Expected["kind"]): Expected["cells"][number] {
  const value = "at" in data ? data.at(row) : undefined;
  const { unit } = parseDType(type);
  if (kind === "time") return value === NAT ? null : microseconds(value as bigint, unit!);
  if (kind === "bool") return value === 1;
  if (kind === "text") return value === "" ? null : (value as string);
  if (Number.isNaN(value)) return null;
  return kind === "int" ? String(value) : Number(value);
}

function microseconds(count: bigint, unit: TimeUnit): string {
  const factor = unit === "us" ? 1n : unitRatio(unit, "us");
  return String(factor ? count * factor : count / unitRatio("us", unit)!);
}

let compared = 0;

function compare(
  frame: Frame,
  columns: readonly string[],
  expected: Readonly<Record<string, Expected>>,
): void {
  expect([...frame.columns].sort()).toEqual([...columns].sort());
  for (const part of frame.parts()) {
    const { kind, cells } = expected[part.name]!;
    expect(frame.length).toBe(cells.length);
    expect(
      cells.map((_, row) => cellOf(part, row, kind)),
      part.name,
    ).toEqual(cells);
    compared += cells.length;
  }
}

test.each(files.map((made) => [made.file, made] as const))(
  "%s",
  async (_, { file, options, table, columns }) => {
    compare(await readAll(await open(file, options)), columns, tables[table]!);
  },
);

test("each file is compared", () => {
  const found = readdirSync(new URL("files/", FOLDER)).sort();
  expect(found).toEqual(files.map(({ file }) => file).sort());
});

afterAll(() => {
  const writers = new Set(files.map(({ writer }) => writer.split(" ", 2).join(" ")));
  console.log(`${compared} cells in ${files.length} files by ${[...writers].join(", ")} are equal`);
});
