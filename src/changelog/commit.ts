import { decode, encode } from "@msgpack/msgpack";
import { decodeColumn, type Encoding, encodeColumn } from "../codecs/pipeline.ts";
import { castColumn } from "../model/cast.ts";
import type { ColumnData } from "../model/column.ts";
import { indexValue } from "../model/column-rows.ts";
import { defaultCodecs, parseDType } from "../model/dtype.ts";
import { LakotaError } from "../model/errors.ts";
import { type Cut, keyAt } from "../model/key.ts";
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
const TEXT = encodingOf("label", "str");
const LENGTH = encodingOf("length", "int");

const LETTERS: Record<string, [left: boolean, right: boolean]> = {
  l: [true, false],
  r: [false, true],
  b: [true, true],
  n: [false, false],
};

/** The payload of a revision file. Equal commits give equal bytes. */
export async function encodeCommit(commit: Commit, schema: Schema): Promise<Bytes> {
  const { table } = commit;
  const text = (items: string[]) => encodeColumn(Strings.from(items), TEXT);
  const bounds = async (cut: (segment: Segment) => Cut) => {
    const out: Record<string, Bytes> = {};
    for (const [i, column] of schema.index.entries()) {
      const values = castColumn(
        column,
        table.map((segment) => cut(segment).key[i]),
      );
      out[column.name] = await encodeColumn(values, column);
    }
    return out;
  };
  const digest: Record<string, Bytes> = {};
  for (const [i, column] of schema.columns.entries()) {
    digest[column.name] = await text(table.map((segment) => segment.digests[i]!));
  }
  const used = new Set(table.flatMap((segment) => segment.digests));
  const embedded = [...commit.embedded]
    .filter(([name]) => used.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const payload = {
    start: await bounds((segment) => segment.lo),
    stop: await bounds((segment) => segment.hi),
    digest,
    length: await encodeColumn(
      BigInt64Array.from(table, (segment) => BigInt(segment.length)),
      LENGTH,
    ),
    closed: await text(table.map(closedLetter)),
    label: await text(table.map((segment) => segment.label)),
    embedded: Object.fromEntries(embedded),
  };
  return encode([payload, "|O", [1]]).slice();
}

function closedLetter({ lo, hi }: Segment): string {
  return lo.side < 0 ? (hi.side > 0 ? "b" : "l") : hi.side > 0 ? "r" : "n";
}

/** @throws `corrupt` where the bytes are no commit of this schema. */
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
  let message: unknown;
  try {
    message = decode(bytes, { useBigInt64: true });
  } catch (cause) {
    throw new LakotaError("corrupt", `A revision is no commit: ${(cause as Error).message}`, { cause });
  }
  const payload = Array.isArray(message) ? message[0] : undefined;
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
