import type { FileMetaData } from "hyparquet";
import { ownEntry } from "../../model/own-entry.ts";
import type { SourceOptions } from "../table/row-source.ts";
import { lacksMissing, nullableType } from "../values/nullable-type.ts";
import { readGroups, type SourceFile } from "./row-groups.ts";
import type { ParquetColumn } from "./types.ts";

/**
 * Returns the types of the columns, and which of them have no value at all. A column that may lack values is read if the
 * file's statistics do not tell whether it does.
 */
export async function inferTypes(
  file: SourceFile,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
  stored: Readonly<Record<string, string>>,
  options: SourceOptions,
): Promise<{ types: ReadonlyMap<string, string>; empty: readonly string[] }> {
  const { schema, types: given = {}, fill = {}, signal } = options;
  const types = new Map(columns.map(({ name, type }) => [name, ownEntry(stored, name) ?? type]));
  const empty: string[] = [];
  const isGiven = (name: string) => schema || [given, stored].some((one) => Object.hasOwn(one, name));
  for (const { name, type, isOptional } of columns) {
    if (!isOptional || isGiven(name) || (lacksMissing(type) && Object.hasOwn(fill, name))) continue;
    let summary = summaryOf(metadata, name);
    if (!summary && lacksMissing(type)) {
      summary = { rows: 0, missing: 0, isSafe: true };
      for await (const { read } of readGroups(file, metadata, [name], columns, signal))
        addValues(summary, read[0]!);
    }
    if (!summary) continue;
    if (summary.rows > 0 && summary.missing === summary.rows) empty.push(name);
    types.set(name, nullableType({ type, ...summary }));
  }
  return { types, empty };
}

/** What is known about the values of a column of integers or booleans. */
interface ValueSummary {
  rows: number;
  /** Rows without a value. */
  missing: number;
  /** Whether a double represents all integers. */
  isSafe: boolean;
}

/** Returns what the statistics in a file's metadata tell about a column; undefined where they are incomplete. */
function summaryOf({ row_groups: groups }: FileMetaData, name: string): ValueSummary | undefined {
  const summary: ValueSummary = { rows: 0, missing: 0, isSafe: true };
  for (const { columns, num_rows } of groups) {
    const chunk = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === name)?.meta_data;
    const { null_count, min_value, min, max_value, max } = chunk?.statistics ?? {};
    if (null_count === undefined) return undefined;
    const [least, most] = [min_value ?? min, max_value ?? max];
    if (null_count < num_rows && (least === undefined || most === undefined)) return undefined;
    summary.rows += Number(num_rows);
    summary.missing += Number(null_count);
    summary.isSafe &&= [least, most].every(isSafe);
  }
  return summary;
}

/** Adds the values of a row group to what is known about a column. */
function addValues(summary: ValueSummary, values: ArrayLike<unknown>): void {
  summary.rows += values.length;
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null || value === undefined) summary.missing++;
    else if (!isSafe(value)) summary.isSafe = false;
  }
}

/** Whether a double represents a value, or there is none. */
const isSafe = (value: unknown): boolean =>
  typeof value !== "bigint" || (value >= -MAX_SAFE && value <= MAX_SAFE);

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
