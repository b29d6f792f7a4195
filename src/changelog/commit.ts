import { decodeColumn } from "../codecs/decode.ts";
import { unpack } from "../codecs/msgpack-decode.ts";
import type { Encoding } from "../codecs/pipeline.ts";
import type { Bytes } from "../model/bytes.ts";
import type { ColumnData } from "../model/column.ts";
import { indexValue } from "../model/column-rows.ts";
import { defaultCodecs, parseDType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { type Interval, keyAt } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import type { Segment, SegmentTable } from "./segment-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/** A whole collection at one moment: its segments, and the bytes of its small chunks by digest. */
export interface Commit {
  readonly table: SegmentTable;
  readonly embedded: ReadonlyMap<string, Bytes>;
  /** What its writes touched, of which the segments that hold their rows may show more. Python does not say it. */
  readonly touched?: readonly TouchedRange[] | undefined;
  readonly about?: CommitMetadata | undefined;
}

/** What a revision says of itself. Python leaves it aside. */
export interface CommitMetadata {
  readonly author?: string | undefined;
  readonly message?: string | undefined;
  /** Rows written. */
  readonly rows?: number | undefined;
  /** Encoded bytes of new chunks. */
  readonly bytes?: number | undefined;
}

export const EMPTY_COMMIT: Commit = { table: [], embedded: new Map() };

const encodingOf = (name: string, type: string): Encoding => {
  const dtype = parseDType(type);
  return { name, dtype, codecs: defaultCodecs(dtype) };
};
/** How a commit stores its columns of text, and its lengths. */
export const TEXT = encodingOf("label", "str");
export const LENGTH = encodingOf("length", "int");

const LETTERS: Record<string, [left: boolean, right: boolean]> = {
  l: [true, false],
  r: [false, true],
  b: [true, true],
  n: [false, false],
};

/** The commit in a revision file. @throws `corrupt` where the bytes are no commit of this schema. */
export async function decodeCommit(bytes: Bytes, schema: Schema): Promise<Commit> {
  const payload = parse(bytes);
  const digests = await Promise.all(
    schema.columns.map(async ({ name }) => strings(await bin(payload.digest, { ...TEXT, name }))),
  );
  const lengths = await bin(payload, LENGTH);
  const ranges = await decodeRanges(payload, schema);
  const table = ranges.map(
    (range, row): Segment => ({
      ...range,
      length: Number(indexValue(lengths, row)),
      digests: digests.map((column) => column[row]!),
    }),
  );
  const { touched, about } = payload;
  return {
    table,
    embedded: embeddedOf(payload),
    touched: isMap(touched) ? await decodeRanges(touched, schema) : undefined,
    about: isMap(about) ? aboutOf(about) : undefined,
  };
}

/** Ranges of series, as a commit stores them: one column a thing. */
async function decodeRanges(map: Payload, schema: Schema): Promise<(Interval & { label: string })[]> {
  const starts = await Promise.all(schema.index.map((column) => bin(map.start, column)));
  const stops = await Promise.all(schema.index.map((column) => bin(map.stop, column)));
  const closed = strings(await bin(map, { ...TEXT, name: "closed" }));
  return strings(await bin(map, TEXT)).map((label, row) => {
    const sides = LETTERS[closed[row] ?? ""];
    if (!sides) throw new LakotaError("corrupt", `A commit has "${closed[row]}" where l, r, b or n belongs.`);
    return {
      label,
      lo: { key: keyAt(starts, row), side: sides[0] ? -1 : 1 },
      hi: { key: keyAt(stops, row), side: sides[1] ? 1 : -1 },
    };
  });
}

/** Anyone may have written it: what is of another type is left out. */
function aboutOf({ author, message, rows, bytes }: Payload): CommitMetadata {
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const count = (value: unknown) => (typeof value === "number" ? value : undefined);
  return { author: text(author), message: text(message), rows: count(rows), bytes: count(bytes) };
}

type Payload = Record<string, unknown>;

const isMap = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

function parse(bytes: Bytes): Payload {
  const [payload] = unpack(bytes);
  if (!isMap(payload)) throw new LakotaError("corrupt", "A revision is no commit: it holds no map.");
  return payload;
}

async function bin(map: unknown, encoding: Encoding): Promise<ColumnData> {
  const bytes = isMap(map) ? map[encoding.name] : undefined;
  if (!(bytes instanceof Uint8Array)) {
    throw new LakotaError(
      "corrupt",
      `A commit lacks its "${encoding.name}": it is of another schema, or damaged.`,
    );
  }
  return (await decodeColumn(bytes.slice(), encoding)).column;
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
