import { encode } from "@msgpack/msgpack";
import { encodeColumn } from "../codecs/encode.ts";
import { castColumn } from "../model/cast.ts";
import type { Cut } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import { Strings } from "../model/strings.ts";
import { type Commit, LENGTH, TEXT } from "./commit.ts";
import type { Segment } from "./segments.ts";

type Bytes = Uint8Array<ArrayBuffer>;

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
