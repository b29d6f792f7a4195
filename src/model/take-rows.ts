import type { ColumnData, TypedColumn } from "./column.ts";
import { zeros } from "./column-rows.ts";
import { type DType, lanes } from "./dtype.ts";
import { LakotaError } from "./errors.ts";
import { Strings } from "./strings.ts";
import { isTypedColumn } from "./typed-column.ts";

/** Returns a column of the rows at these positions, in this order. */
export function takeRows(column: ColumnData, dtype: DType, rows: Uint32Array): ColumnData {
  if (column instanceof Strings) return takeStrings(column, rows);
  if (Array.isArray(column)) return Array.from(rows, (row) => column[row]);
  const out = zeros(dtype, rows.length);
  if (!isTypedColumn(out)) throw new LakotaError("internal", `A column of ${dtype.name} in a typed array.`);
  takeWords(wordsOf(column), wordsOf(out), column.BYTES_PER_ELEMENT * lanes(dtype), rows);
  return out;
}

type Words = Uint32Array | Uint16Array | Uint8Array;

/** Returns a view of a column in the largest unsigned integers that are not bigints. */
function wordsOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size }: TypedColumn): Words {
  if (size >= 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return size === 2
    ? new Uint16Array(buffer, byteOffset, byteLength / 2)
    : new Uint8Array(buffer, byteOffset, byteLength);
}

function takeWords(from: Words, to: Words, bytesPerRow: number, rows: Uint32Array): void {
  const words = bytesPerRow / from.BYTES_PER_ELEMENT;
  let at = 0;
  for (let i = 0; i < rows.length; i++) {
    const first = rows[i]! * words;
    for (let word = 0; word < words; word++) to[at++] = from[first + word]!;
  }
}

function takeStrings({ bytes, offsets }: Strings, rows: Uint32Array): Strings {
  const ends = new Uint32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) ends[i + 1] = ends[i]! + offsets[rows[i]! + 1]! - offsets[rows[i]!]!;
  const out = new Uint8Array(ends[rows.length]!);
  for (let i = 0; i < rows.length; i++)
    out.set(bytes.subarray(offsets[rows[i]!], offsets[rows[i]! + 1]), ends[i]);
  return new Strings(out, ends);
}
