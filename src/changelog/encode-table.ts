import { encodeColumn } from "../codecs/encode.ts";
import type { Bytes } from "../model/bytes.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import { LENGTH, LETTERS, TEXT } from "./decode-table.ts";
import type { FlatTable, TableColumns } from "./flat-table.ts";
import { usedChunks } from "./flat-table-edits.ts";
import type { EmbeddedChunks } from "./segment-table.ts";

/** Encodes a table as commits and leaf pages store it. */
export async function encodeTable(table: FlatTable, schema: Schema) {
  const { columns } = table;
  const digest: Record<string, Bytes> = {};
  for (const [i, column] of schema.columns.entries())
    digest[column.name] = await encodeColumn(columns.digest[i]!, TEXT);
  const { start, stop, closed, label } = await encodeRanges(columns, schema);
  return {
    start,
    stop,
    digest,
    length: await encodeColumn(columns.length, LENGTH),
    closed,
    label,
    embedded: sortedChunks(usedChunks(table)),
    exact: exactKey(columns.exact),
  };
}

/** Returns chunks as an object whose keys are sorted, so that equal chunks give equal bytes. */
export const sortedChunks = (chunks: EmbeddedChunks): Record<string, Bytes> =>
  Object.fromEntries([...chunks].sort(([a], [b]) => (a < b ? -1 : 1)));

/** All segments of a commit are exact, or some, or none: then the key is left out. */
function exactKey(exact: Uint8Array): true | Bytes | undefined {
  if (!exact.includes(1)) return undefined;
  if (!exact.includes(0)) return true;
  const bits = new Uint8Array(Math.ceil(exact.length / 8));
  exact.forEach((bit, row) => {
    bits[row >> 3]! |= bit << (row & 7);
  });
  return bits;
}

/** Encodes ranges of series. */
export async function encodeRanges(
  { start, stop, closed, label }: Pick<TableColumns, "label" | "start" | "stop" | "closed">,
  schema: Schema,
) {
  const bounds = async (columns: TableColumns["start"]) => {
    const out: Record<string, Bytes> = {};
    for (const [i, column] of schema.index.entries())
      out[column.name] = await encodeColumn(columns[i]!, column);
    return out;
  };
  return {
    start: await bounds(start),
    stop: await bounds(stop),
    closed: await encodeColumn(lettersOf(closed), TEXT),
    label: await encodeColumn(label, TEXT),
  };
}

/** Returns which bounds are closed, as text. */
function lettersOf(closed: Uint8Array): Strings {
  const bytes = Uint8Array.from(closed, (sides) => LETTERS.charCodeAt(sides));
  return new Strings(
    bytes,
    Uint32Array.from({ length: closed.length + 1 }, (_, i) => i),
  );
}
