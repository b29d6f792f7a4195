import type { Segment } from "../../changelog/segment-table.ts";
import type { ChunkBlocks } from "../../codecs/blosc-blocks.ts";
import { sha1 } from "../../codecs/sha1.ts";
import { type Bytes, fromHex } from "../../model/bytes.ts";
import { isFixed } from "../../model/dtype.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { Group } from "./groups.ts";
import { openFile, unusable } from "./overview-file.ts";

/** To be increased when the files change. */
const VERSION = 1;
/** Bytes of a decoded column from which it may pay to fetch only some of its blocks. */
const MIN_INDEXED_BYTES = 1 << 20;

/** Bytes of the content of a file at most: blocks have some kilobytes at least. */
const MAX_BYTES = 32 << 20;

/** The blocks of each chunk of a {@link Group}: by segment, then by column; undefined for one that is read as a whole. */
export type BlockIndex = readonly (readonly (ChunkBlocks | undefined)[])[];

/** Whether some blocks of a chunk can be read without the others. Index columns are always read as a whole. */
export const isIndexed = ({ length }: Segment, { dtype, codecs, index }: Column): boolean =>
  !index &&
  isFixed(dtype) &&
  codecs.length === 1 &&
  codecs[0] === "blosc" &&
  length * dtype.size >= MIN_INDEXED_BYTES;

/** Whether a fine group has a block index. */
export const hasBlockIndex = ({ segments }: Group, { columns }: Schema): boolean =>
  segments.some((segment) => columns.some((column) => isIndexed(segment, column)));

/** Returns the name of the block index of a group: a digest of the names of its chunks. */
export function blockIndexName({ segments }: Group, { columns }: Schema): Promise<string> {
  const lines = segments.map((segment) => {
    const names = columns.map((column, i) => (isIndexed(segment, column) ? segment.digests[i]! : ""));
    return `${segment.length} ${names.join(".")}`;
  });
  return sha1(new TextEncoder().encode([`lakota block index ${VERSION}`, ...lines].join("\n")));
}

/** The content of a file, as JSON. */
export interface PackedBlockIndex {
  readonly name: string;
  readonly segments: readonly {
    readonly rows: number;
    /** By column: digits are hexadecimal. */
    readonly chunks: readonly ({ readonly head: string; readonly blocks: readonly string[] } | null)[];
  }[];
}

/**
 * Decodes a file.
 *
 * @param name of the file
 * @param group what it must be of
 * @throws `corrupt` if it is damaged, or of something else
 */
export async function decodeBlockIndex(
  bytes: Bytes,
  name: string,
  group: Group,
  schema: Schema,
): Promise<BlockIndex> {
  return decodeBlocks(await openFile(bytes, name, MAX_BYTES), name, group, schema);
}

/** Decodes what a file has compressed. @throws as {@link decodeBlockIndex} */
export function decodeBlocks(content: Bytes, name: string, group: Group, { columns }: Schema): BlockIndex {
  try {
    const index = JSON.parse(new TextDecoder().decode(content)) as PackedBlockIndex;
    if (index.name !== name) throw new Error(`it is a copy of ${index.name}`);
    const isSame =
      index.segments.length === group.segments.length &&
      index.segments.every(
        ({ rows, chunks }, i) => rows === group.segments[i]!.length && chunks.length === columns.length,
      );
    if (!isSame) throw new Error("it is of other segments");
    return index.segments.map(({ chunks }) =>
      chunks.map((chunk) => (chunk ? { head: fromHex(chunk.head), digests: [...chunk.blocks] } : undefined)),
    );
  } catch (cause) {
    throw unusable(name, cause);
  }
}
