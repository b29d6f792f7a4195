/**
 * A repository whose collection has a tree, with four revisions. `npx tsx test/format/golden-tree.ts` writes it to
 * `test/format/golden-tree/`: needed only if the format of trees changes, which older readers then do not understand.
 */
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Schema } from "../../src/model/schema.ts";
import { openRepo } from "../../src/node.ts";

export const FOLDER = fileURLToPath(new URL("golden-tree/", import.meta.url));
export const SCHEMA = new Schema({ t: "timestamp*", v: "float" });

const SERIES = 150;
const ROWS = 80;

export const labelOf = (series: number): string => `sensor/${String(series).padStart(3, "0")}`;

/** The rows of a series: numbers that do not compress well. */
export function rowsOf(series: number, rows = ROWS): { t: number[]; v: number[] } {
  const t = Array.from({ length: rows }, (_, row) => 1_700_000_000_000 + 60_000 * row);
  return { t, v: t.map((_, row) => ((series * 7_919 + row * 104_729) % 65_521) / 16) };
}

/** The rows of each series after all revisions. */
export function finalRows(): Map<string, { t: number[]; v: number[] }> {
  const rows = new Map(Array.from({ length: SERIES }, (_, i) => [labelOf(i), rowsOf(i)]));
  rows.set(labelOf(70), rowsOf(70, ROWS + 20));
  rows.delete(labelOf(30));
  rows.set("added", rowsOf(1_000));
  return rows;
}

async function write(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  const repo = await openRepo(FOLDER);
  const collection = await repo.createCollection(SCHEMA, "sensors", { table: "tree" });
  await collection.batch(async (batch) => {
    for (let i = 0; i < SERIES; i++) await batch.series(labelOf(i)).write(rowsOf(i));
  });
  await collection.series(labelOf(70)).write(rowsOf(70, ROWS + 20), { note: { message: "more rows" } });
  await collection.drop(labelOf(30));
  await collection.series("added").write(rowsOf(1_000));
  repo.close();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await write();
