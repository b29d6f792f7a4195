import { decodeZstd } from "../../codecs/bytes-decode.ts";
import { sha1 } from "../../codecs/sha1.ts";
import { type Bytes, toHex } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { packedSize, unpackBlocks } from "./blocks-format.ts";
import type { ChunkSummary } from "./chunk-summary.ts";
import type { Group } from "./groups.ts";
import { HEADER_BYTES, MAGIC, type Overview } from "./overview.ts";
import { type PackedKey, unpackKey } from "./packed-key.ts";

/** Bytes of the keys and lengths of a segment at most, unless there are few segments. */
const MAX_SEGMENT_BYTES = 4_096;
const MAX_HEAD_BYTES = 1 << 20;

/** The part of the content that describes its segments, as JSON. */
export interface Head {
  readonly name: string;
  readonly rowsPerBlock: number;
  readonly segments: readonly HeadSegment[];
}

/** A segment whose rows have no place on the x axis has no blocks. */
interface HeadSegment {
  readonly rows: number;
  readonly first?: PackedKey;
  readonly last?: PackedKey;
}

/**
 * Decodes a file.
 *
 * @param name of the file
 * @param group what it must be of
 * @throws `corrupt` if it is damaged, or of something else
 */
export async function decodeOverview(bytes: Bytes, name: string, group: Group): Promise<Overview> {
  if (!(await isIntact(bytes))) throw corrupt(name, "its bytes are not those that were stored");
  const { segments, rowsPerBlock } = group;
  const blocks = segments.reduce((sum, { length }) => sum + Math.ceil(length / rowsPerBlock), 0);
  const most = packedSize(blocks) + MAX_HEAD_BYTES + MAX_SEGMENT_BYTES * segments.length;
  const content = await decodeZstd(bytes.slice(HEADER_BYTES), most).catch((error: unknown) => {
    throw error instanceof LakotaError && error.code !== "corrupt"
      ? error
      : corrupt(name, "it is no zstd frame");
  });
  return decodeContent(content, name, group);
}

/** Decodes what a file has compressed. @throws as {@link decodeOverview} */
export function decodeContent(content: Bytes, name: string, group: Group): Overview {
  try {
    const size = new DataView(content.buffer, content.byteOffset).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(content.subarray(4, 4 + size))) as Head;
    if (head.name !== name) throw new Error(`it is a copy of ${head.name}`);
    const counts = blockCounts(head, group);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const packed = content.subarray(4 + size);
    if (packed.length !== packedSize(total)) throw new Error("it has another number of blocks");
    const all = unpackBlocks(packed, total);
    let next = 0;
    const segments = head.segments.map(({ first, last }, i): ChunkSummary | undefined => {
      const from = next;
      next += counts[i]!;
      if (!first || !last) return undefined;
      const blocks = all.slice(from, next);
      return { first: unpackKey(first), last: unpackKey(last), rowsPerBlock: group.rowsPerBlock, blocks };
    });
    return { segments };
  } catch (cause) {
    throw corrupt(name, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

const corrupt = (name: string, why: string, cause?: unknown): LakotaError =>
  new LakotaError("corrupt", `The overview ${name} cannot be used: ${why}.`, { cause });

/** Returns whether a file is what was stored, whatever it is of. */
export async function isIntact(bytes: Bytes): Promise<boolean> {
  const isKnown = bytes.length > HEADER_BYTES && MAGIC.every((byte, i) => byte === bytes[i]);
  if (!isKnown) return false;
  return (await sha1(bytes.slice(HEADER_BYTES))) === toHex(bytes.subarray(MAGIC.length, HEADER_BYTES));
}

/** Returns the number of blocks of each segment. @throws Error if the file is not of the group */
function blockCounts(head: Head, { segments, rowsPerBlock }: Group): number[] {
  const isSame =
    head.rowsPerBlock === rowsPerBlock &&
    head.segments.length === segments.length &&
    head.segments.every(({ rows }, i) => rows === segments[i]!.length);
  if (!isSame) throw new Error("it is of other segments");
  return head.segments.map(({ rows, first, last }) => (first && last ? Math.ceil(rows / rowsPerBlock) : 0));
}
