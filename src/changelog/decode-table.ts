import { decodeColumn } from "../codecs/decode.ts";
import type { Expected } from "../codecs/limits.ts";
import { unpack } from "../codecs/msgpack-decode.ts";
import type { Encoding } from "../codecs/pipeline.ts";
import type { Bytes } from "../model/bytes.ts";
import { type ColumnData, rowsOf } from "../model/column.ts";
import { zeros } from "../model/column-rows.ts";
import { defaultCodecs, parseDType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { keyAt } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import { FlatTable, type TableColumns } from "./flat-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

const encodingOf = (name: string, type: string): Encoding => {
  const dtype = parseDType(type);
  return { name, dtype, codecs: defaultCodecs(dtype) };
};
/** How a commit stores its text columns. */
export const TEXT = encodingOf("label", "str");
/** How a commit stores the lengths of its segments. */
export const LENGTH = encodingOf("length", "int");

// What a commit may claim at most, so that a few bytes cannot take gigabytes.
const MAX_SEGMENTS = 2 ** 22;
export const MAX_COLUMN_BYTES = 2 ** 28;
/** Rows of a segment. */
const MAX_LENGTH = 2 ** 31 - 1;

/** The letters of `closed`, at the position that {@link TableColumns.closed} has for them. */
export const LETTERS = "nlrb";

/** A decoded msgpack map. */
export type Payload = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** Decodes a file that is a list whose first item is a map. @throws `corrupt`, saying that it is no `what` */
export function unpackMap(bytes: Bytes, what: string): Payload {
  const [payload] = unpack(bytes);
  if (isMap(payload)) return payload;
  throw new LakotaError("corrupt", `A file is not a ${what}: its content is not a map.`);
}

/** Decodes the table of a commit or of a leaf page. @throws `corrupt` if it is not one of this schema */
export async function decodeTable(payload: Payload, schema: Schema): Promise<FlatTable> {
  const length = await binColumn(payload, LENGTH, { maxBytes: MAX_SEGMENTS * 8 });
  const expected = { rows: rowsOf(length, LENGTH.dtype), maxBytes: MAX_COLUMN_BYTES };
  const digest = await Promise.all(
    schema.columns.map(async ({ name }) => textColumn(payload.digest, name, expected)),
  );
  const ranges = await decodeRanges(payload, schema, expected);
  if (!(length instanceof BigInt64Array)) throw new LakotaError("internal", "Lengths are int64.");
  const wrong = length.findIndex((rows) => rows < 0 || rows > MAX_LENGTH);
  if (wrong >= 0)
    throw new LakotaError(
      "corrupt",
      `Row ${wrong} of a commit has a length of ${Number(length[wrong])} rows.`,
    );
  const exact = exactRows(payload, expected.rows);
  return new FlatTable({ ...ranges, length, digest, exact }, embeddedOf(payload));
}

/** Decodes ranges of series, which a commit stores as columns: bounds, `closed` and `label`. */
export async function decodeRanges(
  map: Payload,
  schema: Schema,
  limits: Expected = { maxBytes: MAX_COLUMN_BYTES },
): Promise<Pick<TableColumns, "label" | "start" | "stop" | "closed">> {
  const label = await textColumn(map, "label", limits);
  const expected = { ...limits, rows: label.length };
  const start = await Promise.all(schema.index.map((column) => binColumn(map.start, column, expected)));
  const stop = await Promise.all(schema.index.map((column) => binColumn(map.stop, column, expected)));
  const letters = await textColumn(map, "closed", expected);
  const closed = new Uint8Array(label.length);
  for (let row = 0; row < closed.length; row++) {
    const letter = letters.at(row);
    closed[row] = LETTERS.indexOf(letter);
    if (letter.length === 1 && LETTERS.includes(letter)) continue;
    throw new LakotaError(
      "corrupt",
      `Row ${row} of a commit has closed = "${letter}". It must be l, r, b or n.`,
    );
  }
  return { label, start, stop, closed };
}

/** Decodes touched ranges. @throws `corrupt` */
export async function decodeTouched(map: Payload, schema: Schema): Promise<TouchedRange[]> {
  const { label, start, stop, closed } = await decodeRanges(map, schema);
  return label.toArray().map((label, row) => ({
    label,
    lo: { key: keyAt(start, row), side: closed[row]! & 1 ? -1 : 1 },
    hi: { key: keyAt(stop, row), side: closed[row]! & 2 ? 1 : -1 },
  }));
}

/** Returns which segments are exact: all if `exact` is true, or those that have their bit set. */
function exactRows({ exact }: Payload, rows: number): Uint8Array<ArrayBuffer> {
  const found = new Uint8Array(rows);
  if (exact === true) return found.fill(1);
  if (exact instanceof Uint8Array)
    for (let row = 0; row < rows; row++) found[row] = ((exact[row >> 3] ?? 0) >> (row & 7)) & 1;
  return found;
}

async function binColumn(map: unknown, encoding: Encoding, expected: Expected): Promise<ColumnData> {
  const bytes = isMap(map) ? map[encoding.name] : undefined;
  if (!(bytes instanceof Uint8Array)) {
    throw new LakotaError(
      "corrupt",
      `A commit has no column "${encoding.name}": it has another schema, or is damaged.`,
    );
  }
  return (await decodeColumn(bytes.slice(), encoding, expected)).column;
}

/** Decodes a column of text. */
export async function textColumn(map: unknown, name: string, expected: Expected): Promise<Strings> {
  const column = await binColumn(map, { ...TEXT, name }, expected);
  return column instanceof Strings ? column : (zeros(TEXT.dtype, 0) as Strings);
}

/** Returns the chunks that a map has by digest. */
export function embeddedOf({ embedded }: Payload): Map<string, Bytes> {
  const chunks = new Map<string, Bytes>();
  for (const [digest, bytes] of Object.entries(isMap(embedded) ? embedded : {})) {
    if (bytes instanceof Uint8Array) chunks.set(digest, bytes.slice());
  }
  return chunks;
}
