import type { Segment } from "../../../changelog/segment-table.ts";
import { type ChunkBlocks, describeBlocks } from "../../../codecs/blosc-blocks.ts";
import { sniff } from "../../../codecs/bytes-decode.ts";
import { type Bytes, toHex } from "../../../model/bytes.ts";
import type { Column, Schema } from "../../../model/schema.ts";
import { type BlockIndex, isIndexed, type PackedBlockIndex } from "../block-index.ts";
import type { Group } from "../groups.ts";
import { sealFile } from "./seal-file.ts";

/**
 * Makes the block index of a group.
 *
 * @param load returns the bytes of a chunk once it was verified; undefined for one without a file
 */
export async function makeBlockIndex(
  { segments }: Group,
  { columns }: Schema,
  load: (segment: Segment, column: Column) => Promise<Bytes | undefined>,
): Promise<BlockIndex> {
  const index: (ChunkBlocks | undefined)[][] = [];
  for (const segment of segments) {
    const chunks: (ChunkBlocks | undefined)[] = [];
    for (const column of columns) {
      const bytes = isIndexed(segment, column) ? await load(segment, column) : undefined;
      // Chunks of columns with equal values share a file, which may have been written with other codecs.
      chunks.push(bytes && sniff(bytes) === "blosc" ? await describeBlocks(bytes) : undefined);
    }
    index.push(chunks);
  }
  return index;
}

/** Encodes a file. */
export function encodeBlockIndex(index: BlockIndex, name: string, { segments }: Group): Promise<Bytes> {
  const packed: PackedBlockIndex = {
    name,
    segments: index.map((chunks, i) => ({
      rows: segments[i]!.length,
      chunks: chunks.map((chunk) => (chunk ? { head: toHex(chunk.head), blocks: chunk.digests } : null)),
    })),
  };
  return sealFile(new TextEncoder().encode(JSON.stringify(packed)));
}
