import { decodeColumn } from "../codecs/decode.ts";
import { unpack } from "../codecs/msgpack-decode.ts";
import type { Encoding } from "../codecs/pipeline.ts";
import type { ColumnData } from "../model/column.ts";
import { indexValue } from "../model/column-rows.ts";
import { defaultCodecs, parseDType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { keyAt } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import type { Segment, SegmentTable } from "./segments.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** A whole collection at one moment: its segments, and the bytes of its small chunks by digest. */
export interface Commit {
  readonly table: SegmentTable;
  readonly embedded: ReadonlyMap<string, Bytes>;
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
  const starts = await Promise.all(schema.index.map((column) => bin(payload.start, column)));
  const stops = await Promise.all(schema.index.map((column) => bin(payload.stop, column)));
  const digests = await Promise.all(
    schema.columns.map(async ({ name }) => strings(await bin(payload.digest, { ...TEXT, name }))),
  );
  const lengths = await bin(payload, LENGTH);
  const closed = strings(await bin(payload, { ...TEXT, name: "closed" }));
  const labels = strings(await bin(payload, TEXT));
  const table = labels.map((label, row): Segment => {
    const sides = LETTERS[closed[row] ?? ""];
    if (!sides) throw new LakotaError("corrupt", `A commit has "${closed[row]}" where l, r, b or n belongs.`);
    return {
      label,
      lo: { key: keyAt(starts, row), side: sides[0] ? -1 : 1 },
      hi: { key: keyAt(stops, row), side: sides[1] ? 1 : -1 },
      length: Number(indexValue(lengths, row)),
      digests: digests.map((column) => column[row]!),
    };
  });
  return { table, embedded: embeddedOf(payload) };
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
