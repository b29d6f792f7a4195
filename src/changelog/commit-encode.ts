import { encode } from "@msgpack/msgpack";
import { EMPTY_DIGEST } from "../codecs/digest.ts";
import { encodeColumn } from "../codecs/encode.ts";
import type { Bytes } from "../model/bytes.ts";
import { castColumn } from "../model/cast.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import type { Cut, Interval } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { type Commit, LENGTH, TEXT } from "./commit.ts";
import type { SegmentTable } from "./segment-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/**
 * Encodes the payload of a revision file. Equal commits give equal bytes. Python reads the keys up to
 * `embedded`.
 */
export async function encodeCommit(commit: Commit, schema: Schema): Promise<Bytes> {
  const { table, touched, about, ancestors, complete } = commit;
  const digest: Record<string, Bytes> = {};
  for (const [i, column] of schema.columns.entries()) {
    digest[column.name] = await textColumn(table.map((segment) => segment.digests[i]!));
  }
  const used = new Set(table.flatMap((segment) => segment.digests));
  // The empty chunk is never stored as a file, and Python loads it like any other chunk.
  const embedded = [...new Map([...commit.embedded, [EMPTY_DIGEST, new Uint8Array(0)]])]
    .filter(([name]) => used.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { start, stop, closed, label } = await encodeRanges(table, schema);
  const lengths = BigInt64Array.from(table, (segment) => BigInt(segment.length));
  const payload = {
    start,
    stop,
    digest,
    length: await encodeColumn(lengths, LENGTH),
    closed,
    label,
    embedded: Object.fromEntries(embedded),
    ...(touched && { touched: await encodeRanges(touched, schema) }),
    ...(about && { about }),
    ...(ancestors?.length && { ancestors, complete }),
    ...exactKey(table),
  };
  return encode([payload, "|O", [1]], { ignoreUndefined: true }).slice();
}

/** All segments of a commit are exact, or some, or none: then the key is left out. */
function exactKey(table: SegmentTable): { exact?: true | Bytes } {
  if (!table.some(({ exact }) => exact)) return {};
  if (table.every(({ exact }) => exact)) return { exact: true };
  const bits = new Uint8Array(Math.ceil(table.length / 8));
  for (const [row, { exact }] of table.entries()) if (exact) bits[row >> 3]! |= 1 << (row & 7);
  return { exact: bits };
}

const textColumn = (items: string[]) => encodeColumn(encodeStrings(items), TEXT);

async function encodeRanges(ranges: readonly TouchedRange[], schema: Schema) {
  const bounds = async (cut: (range: TouchedRange) => Cut) => {
    const out: Record<string, Bytes> = {};
    for (const [i, column] of schema.index.entries()) {
      const values = castColumn(
        column,
        ranges.map((range) => cut(range).key[i]),
      );
      out[column.name] = await encodeColumn(values, column);
    }
    return out;
  };
  return {
    start: await bounds(({ lo }) => lo),
    stop: await bounds(({ hi }) => hi),
    closed: await textColumn(ranges.map(closedLetter)),
    label: await textColumn(ranges.map(({ label }) => label)),
  };
}

function closedLetter({ lo, hi }: Interval): string {
  return lo.side < 0 ? (hi.side > 0 ? "b" : "l") : hi.side > 0 ? "r" : "n";
}
