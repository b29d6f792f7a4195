import type { ColumnData } from "../../model/column.ts";
import { Strings } from "../../model/strings.ts";
import type { Rows } from "./rows.ts";

/** Returns whether two sets of rows are equal bit by bit: NaN equals NaN, and 0 differs from −0. */
export const sameRows = (a: Rows, b: Rows): boolean =>
  a.length === b.length && a.columns.every((column, i) => sameColumn(column, b.columns[i]!));

/** Returns whether row `i` of `a` equals row `j` of `b`, bit by bit. */
export const sameRow = (a: Rows, i: number, b: Rows, j: number): boolean =>
  a.columns.every((column, c) => sameItem(column, i, a.length, b.columns[c]!, j, b.length));

function sameColumn(a: ColumnData, b: ColumnData): boolean {
  if (a instanceof Strings && b instanceof Strings)
    return sameArray(a.offsets, b.offsets) && sameArray(a.bytes, b.bytes);
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) return sameArray(bytesOf(a), bytesOf(b));
  if (Array.isArray(a) && Array.isArray(b)) return sameValue(a, b);
  return false;
}

const sameArray = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function sameItem(a: ColumnData, i: number, rowsA: number, b: ColumnData, j: number, rowsB: number): boolean {
  if (a instanceof Strings && b instanceof Strings) return a.at(i) === b.at(j);
  if (Array.isArray(a) && Array.isArray(b)) return sameValue(a[i], b[j]);
  if (!ArrayBuffer.isView(a) || !ArrayBuffer.isView(b)) return false;
  const [bytesA, bytesB] = [bytesOf(a), bytesOf(b)];
  const [size, other] = [bytesA.length / rowsA, bytesB.length / rowsB];
  return sameArray(bytesA.subarray(i * size, (i + 1) * size), bytesB.subarray(j * other, (j + 1) * other));
}

/** Compares values of a column of objects: JSON values and byte arrays. */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array)
    return a instanceof Uint8Array && b instanceof Uint8Array && sameArray(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [Object.entries(a), Object.entries(b)];
  return (
    x.length === y.length && x.every(([key, value], i) => key === y[i]![0] && sameValue(value, y[i]![1]))
  );
}
