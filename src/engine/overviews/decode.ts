import type { Bytes } from "../../model/bytes.ts";
import { packedSize, unpackBlocks } from "./blocks-format.ts";
import type { ChunkSummary } from "./chunk-summary.ts";
import type { Group } from "./groups.ts";
import type { Overview } from "./overview.ts";
import { openFile, unusable } from "./overview-file.ts";
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
  const { segments, rowsPerBlock } = group;
  const blocks = segments.reduce((sum, { length }) => sum + Math.ceil(length / rowsPerBlock), 0);
  const most = packedSize(blocks) + MAX_HEAD_BYTES + MAX_SEGMENT_BYTES * segments.length;
  return decodeContent(await openFile(bytes, name, most), name, group);
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
    throw unusable(name, cause);
  }
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
