import type { Frame, RangeChange, Schema } from "lakota";
import type { ChangeMark } from "../chart/chart-data.ts";
import { toX } from "../data/x-values.ts";
import { compareKeys, type Key } from "./compare-keys.ts";

/** A row that differs between two states. */
export interface ChangedRow {
  label: string;
  kind: RangeChange["kind"];
  /** Its place on the x axis; NaN for text. */
  x: number;
  /** Values of all columns by name; undefined where that state has no such row. */
  old: ReadonlyMap<string, unknown> | undefined;
  current: ReadonlyMap<string, unknown> | undefined;
}

/** The rows of a range that differ, and the runs of neighbouring rows that differ in the same way. */
interface RowComparison {
  rows: ChangedRow[];
  runs: ChangeMark[];
}

/**
 * Compares the rows of two states of a series. Both are sorted by the index.
 *
 * @param isWhole false if the frames have only the first rows of a range: then it ends where the first of them does
 */
export function compareRows(
  schema: Schema,
  label: string,
  old: Frame | undefined,
  current: Frame | undefined,
  isWhole: boolean,
): RowComparison {
  const index = schema.index.map(({ name }) => name);
  const [a, b] = [rowsOf(old), rowsOf(current)];
  const type = schema.index[0]!.dtype.name;
  const rows: ChangedRow[] = [];
  const runs: { kind: ChangedRow["kind"]; range: [number, number] }[] = [];
  let run: (typeof runs)[number] | undefined;
  let [i, j] = [0, 0];
  while (isWhole ? i < a.length || j < b.length : i < a.length && j < b.length) {
    const order = i === a.length ? 1 : j === b.length ? -1 : compareKeys(a.key(index, i), b.key(index, j));
    const [left, right] = [order <= 0 ? i++ : undefined, order >= 0 ? j++ : undefined];
    if (left !== undefined && right !== undefined && sameRow(a, left, b, right)) {
      run = undefined;
      continue;
    }
    const kind = left === undefined ? "added" : right === undefined ? "removed" : "changed";
    const key = left === undefined ? b.key(index, right!) : a.key(index, left);
    const x = toX(key[0]!, type);
    rows.push({
      label,
      kind,
      x,
      old: left === undefined ? undefined : a.row(left),
      current: right === undefined ? undefined : b.row(right),
    });
    if (run?.kind === kind) run.range[1] = x;
    else {
      run = { kind, range: [x, x] };
      runs.push(run);
    }
  }
  return { rows, runs };
}

interface Rows {
  length: number;
  columns: readonly string[];
  key(index: readonly string[], row: number): Key;
  row(row: number): Map<string, unknown>;
}

function rowsOf(frame: Frame | undefined): Rows {
  const columns = frame?.columns ?? [];
  const values = new Map(columns.map((name) => [name, frame!.get(name)]));
  return {
    length: frame?.length ?? 0,
    columns,
    key: (index, row) => index.map((name) => toKey(values.get(name)![row])),
    row: (row) => new Map(columns.map((name) => [name, values.get(name)![row]!])),
  };
}

const toKey = (value: unknown): number | bigint | string =>
  typeof value === "bigint" || typeof value === "string" ? value : Number(value);

function sameRow(a: Rows, i: number, b: Rows, j: number): boolean {
  const [left, right] = [a.row(i), b.row(j)];
  return a.columns.every((name) => sameValue(left.get(name), right.get(name)));
}

/** Whether two values of a column are the same; missing values are. */
export const sameValue = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  a === b ||
  (typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b));
