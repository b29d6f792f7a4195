import { EMPTY_DIGEST } from "../codecs/digest.ts";
import type { ColumnData } from "../model/column.ts";
import { concatRows } from "../model/column-rows.ts";
import { type DType, parseDType } from "../model/dtype.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import { compareStrings } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import type { Strings } from "../model/strings.ts";
import { takeRows } from "../model/take-rows.ts";
import { LENGTH, TEXT } from "./decode-table.ts";
import { EditedTable, type SeriesChanges } from "./edited-table.ts";
import { FlatTable, type TableColumns } from "./flat-table.ts";
import { rangeColumns } from "./range-columns.ts";
import { type EmbeddedChunks, loadAll, type Segment, type SegmentTable } from "./segment-table.ts";

const BYTE = parseDType("u1");

/** Returns a table of these segments, which are sorted. */
export function flatTable(
  segments: readonly Segment[],
  schema: Schema,
  embedded: EmbeddedChunks = new Map(),
): FlatTable {
  const columns: TableColumns = {
    ...rangeColumns(segments, schema),
    length: BigInt64Array.from(segments, ({ length }) => BigInt(length)),
    digest: schema.columns.map((_, i) => encodeStrings(segments.map(({ digests }) => digests[i]!))),
    exact: Uint8Array.from(segments, ({ exact }) => Number(exact === true)),
  };
  return new FlatTable(columns, embedded);
}

/** Returns a table as a flat one. */
export async function toFlatTable(
  table: SegmentTable,
  schema: Schema,
  signal?: AbortSignal,
): Promise<FlatTable> {
  if (table instanceof FlatTable) return table;
  if (table instanceof EditedTable && table.base instanceof FlatTable)
    return applyChanges(table.base, table.changes, schema);
  const { segments, embedded } = await loadAll(table, signal);
  return flatTable(segments, schema, embedded);
}

/** Returns a table with some series replaced. New chunks come before older ones in its embedded chunks. */
function applyChanges(base: FlatTable, changes: SeriesChanges, schema: Schema): FlatTable {
  const labels = [...changes.series.keys()].sort(compareStrings);
  const added = flatTable(
    labels.flatMap((label) => changes.series.get(label)!),
    schema,
  );
  // The positions of the rows in the base and, after it, in what is added.
  const rows = new Uint32Array(base.size + added.size);
  let [length, next, fresh] = [0, 0, base.size];
  const copyUntil = (end: number) => {
    while (next < end) rows[length++] = next++;
  };
  for (const label of labels) {
    const [from, to] = base.rowsOf(label);
    copyUntil(from);
    next = to;
    for (let i = changes.series.get(label)!.length; i > 0; i--) rows[length++] = fresh++;
  }
  copyUntil(base.size);
  const columns = gather(base.columns, added.columns, rows.subarray(0, length), schema);
  return new FlatTable(columns, new Map([...changes.embedded, ...base.embedded]));
}

/** Returns the rows at these positions of two tables, the second of which counts on from the first. */
function gather(a: TableColumns, b: TableColumns, rows: Uint32Array, schema: Schema): TableColumns {
  const column = (x: ColumnData, y: ColumnData, dtype: DType) =>
    takeRows(concatRows([x, y], dtype), dtype, rows);
  const text = (x: Strings, y: Strings) => column(x, y, TEXT.dtype) as Strings;
  const bytes = (x: Uint8Array<ArrayBuffer>, y: Uint8Array<ArrayBuffer>) =>
    column(x, y, BYTE) as Uint8Array<ArrayBuffer>;
  return {
    label: text(a.label, b.label),
    start: schema.index.map(({ dtype }, i) => column(a.start[i]!, b.start[i]!, dtype)),
    stop: schema.index.map(({ dtype }, i) => column(a.stop[i]!, b.stop[i]!, dtype)),
    closed: bytes(a.closed, b.closed),
    length: column(a.length, b.length, LENGTH.dtype) as BigInt64Array<ArrayBuffer>,
    digest: schema.columns.map((_, i) => text(a.digest[i]!, b.digest[i]!)),
    exact: bytes(a.exact, b.exact),
  };
}

const DIGEST_BYTES = 40;

/** Returns those of some digests to which a table refers. */
export function usedDigests({ columns }: FlatTable, digests: Iterable<string>): Set<string> {
  const wanted = new Map<number, string[]>();
  for (const digest of digests) {
    const start = Number.parseInt(digest.slice(0, 6), 16);
    wanted.set(start, [...(wanted.get(start) ?? []), digest]);
  }
  const used = new Set<string>();
  if (wanted.size === 0) return used;
  for (const column of columns.digest) {
    for (let row = 0; row < column.length; row++) {
      const from = column.offsets[row]!;
      if (column.offsets[row + 1]! - from !== DIGEST_BYTES) continue;
      const candidates = wanted.get(hexPrefix(column.bytes, from));
      if (candidates?.includes(column.at(row))) used.add(column.at(row));
    }
  }
  return used;
}

/** Returns the number that six hex digits of ASCII are. */
function hexPrefix(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let i = from; i < from + 6; i++) {
    const code = bytes[i]!;
    value = value * 16 + (code < 58 ? code - 48 : code - 87);
  }
  return value;
}

/** Returns the chunks that a table embeds and refers to. The empty chunk is one: Python loads it like any other. */
export function usedChunks(table: FlatTable): EmbeddedChunks {
  const all: EmbeddedChunks = new Map([...table.embedded, [EMPTY_DIGEST, new Uint8Array(0)]]);
  const used = usedDigests(table, all.keys());
  return new Map([...all].filter(([digest]) => used.has(digest)));
}
