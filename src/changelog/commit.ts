import { decodeColumn } from "../codecs/decode.ts";
import type { Expected } from "../codecs/limits.ts";
import { unpack } from "../codecs/msgpack-decode.ts";
import type { Encoding } from "../codecs/pipeline.ts";
import type { Bytes } from "../model/bytes.ts";
import { type ColumnData, rowsOf } from "../model/column.ts";
import { indexValue } from "../model/column-rows.ts";
import { defaultCodecs, parseDType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { type Interval, keyAt } from "../model/key.ts";
import { ownEntry } from "../model/own-entry.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import type { Segment, SegmentTable } from "./segment-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/** The whole state of a collection: its segments, and the bytes of its small chunks by digest. */
export interface Commit {
  readonly table: SegmentTable;
  readonly embedded: ReadonlyMap<string, Bytes>;
  /**
   * The ranges that its writes touched. The segments with the written rows may show more. Python writes none.
   */
  readonly touched?: readonly TouchedRange[] | undefined;
  readonly about?: CommitMetadata | undefined;
  /** Prefixes of the digests of its latest ancestors: see recent-ancestors.ts. */
  readonly ancestors?: Bytes | undefined;
  /** How many of `ancestors` are known to leave none out: see {@link AncestorRecord}. */
  readonly complete?: readonly [passed: number, border: number] | undefined;
}

/** Facts about a revision. Python Lakota ignores them. */
export interface CommitMetadata {
  readonly author?: string | undefined;
  readonly message?: string | undefined;
  /** Rows written. */
  readonly rows?: number | undefined;
  /** Encoded bytes of new chunks. */
  readonly bytes?: number | undefined;
}

/** Loads the commit of a revision. */
export type LoadCommit = (id: string) => Promise<Commit>;

export const EMPTY_COMMIT: Commit = { table: [], embedded: new Map() };

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

const LETTERS: Record<string, [left: boolean, right: boolean]> = {
  l: [true, false],
  r: [false, true],
  b: [true, true],
  n: [false, false],
};

/** Decodes the payload of a revision file. @throws `corrupt` if it is not a commit of this schema */
export async function decodeCommit(bytes: Bytes, schema: Schema): Promise<Commit> {
  const payload = parse(bytes);
  const lengths = await binColumn(payload, LENGTH, { maxBytes: MAX_SEGMENTS * 8 });
  const expected = { rows: rowsOf(lengths, LENGTH.dtype), maxBytes: MAX_COLUMN_BYTES };
  const digests = await Promise.all(
    schema.columns.map(async ({ name }) =>
      strings(await binColumn(payload.digest, { ...TEXT, name }, expected)),
    ),
  );
  const ranges = await decodeRanges(payload, schema, expected);
  const isExact = exactRows(payload);
  const table = ranges.map(
    (range, row): Segment => ({
      ...range,
      length: lengthOf(lengths, row),
      digests: digests.map((column) => column[row]!),
      ...(isExact(row) && { exact: true }),
    }),
  );
  const { touched, about, ancestors, complete } = payload;
  return {
    table,
    embedded: embeddedOf(payload),
    touched: isMap(touched) ? await decodeRanges(touched, schema, { maxBytes: MAX_COLUMN_BYTES }) : undefined,
    about: isMap(about) ? aboutOf(about) : undefined,
    ancestors: ancestors instanceof Uint8Array ? ancestors.slice() : undefined,
    complete: isPair(complete) ? complete : undefined,
  };
}

/** Decodes ranges of series, which a commit stores as columns: bounds, `closed` and `label`. */
async function decodeRanges(
  map: Payload,
  schema: Schema,
  limits: Expected,
): Promise<(Interval & { label: string })[]> {
  const labels = strings(await binColumn(map, TEXT, limits));
  const expected = { ...limits, rows: labels.length };
  const starts = await Promise.all(schema.index.map((column) => binColumn(map.start, column, expected)));
  const stops = await Promise.all(schema.index.map((column) => binColumn(map.stop, column, expected)));
  const closed = strings(await binColumn(map, { ...TEXT, name: "closed" }, expected));
  return labels.map((label, row) => {
    const sides = ownEntry(LETTERS, closed[row] ?? "");
    if (!sides) {
      const message = `Row ${row} of a commit has closed = "${closed[row]}". It must be l, r, b or n.`;
      throw new LakotaError("corrupt", message);
    }
    return {
      label,
      lo: { key: keyAt(starts, row), side: sides[0] ? -1 : 1 },
      hi: { key: keyAt(stops, row), side: sides[1] ? 1 : -1 },
    };
  });
}

/** @throws `corrupt` for a length that no chunk can have */
function lengthOf(lengths: ColumnData, row: number): number {
  const length = Number(indexValue(lengths, row));
  if (length >= 0 && length <= MAX_LENGTH) return length;
  throw new LakotaError("corrupt", `Row ${row} of a commit has a length of ${length} rows.`);
}

/** Returns which segments are exact: `exact` is true, or has one bit per segment. */
function exactRows({ exact }: Payload): (row: number) => boolean {
  if (!(exact instanceof Uint8Array)) return () => exact === true;
  return (row) => ((exact[row >> 3] ?? 0) >> (row & 7)) % 2 === 1;
}

/** Leaves out values of an unexpected type: any writer may have put them there. */
function aboutOf({ author, message, rows, bytes }: Payload): CommitMetadata {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const count = (value: unknown) => (typeof value === "number" ? value : undefined);
  return { author: text(author), message: text(message), rows: count(rows), bytes: count(bytes) };
}

const isPair = (value: unknown): value is [number, number] =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isInteger);

type Payload = Record<string, unknown>;

const isMap = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

function parse(bytes: Bytes): Payload {
  const [payload] = unpack(bytes);
  if (!isMap(payload))
    throw new LakotaError("corrupt", "A revision is not a commit: its payload is not a map.");
  return payload;
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

function strings(column: ColumnData): string[] {
  return column instanceof Strings ? column.toArray() : [];
}

function embeddedOf({ embedded }: Payload): Map<string, Bytes> {
  const chunks = new Map<string, Bytes>();
  for (const [digest, bytes] of Object.entries(isMap(embedded) ? embedded : {})) {
    if (bytes instanceof Uint8Array) chunks.set(digest, bytes.slice());
  }
  return chunks;
}
