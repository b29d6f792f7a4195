import { type TouchedRanges, touchedRanges } from "../../changelog/commit.ts";
import { encodeRanges } from "../../changelog/encode-table.ts";
import { FlatTable } from "../../changelog/flat-table.ts";
import { toFlatTable, usedChunks } from "../../changelog/flat-table-edits.ts";
import { packMap } from "../../changelog/pack-map.ts";
import { rangeColumns } from "../../changelog/range-columns.ts";
import type { SegmentTable } from "../../changelog/segment-table.ts";
import type { TouchedRange } from "../../changelog/touched-ranges.ts";
import { pageSource } from "../../changelog/tree/page-source.ts";
import { storeTree } from "../../changelog/tree/store-tree.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { ChunkWriter } from "./chunk-writer.ts";

/**
 * Bytes of embedded chunks per commit with a flat table. Every such commit repeats the chunks that it embeds, so this bounds
 * the growth of the history; it suffices for the newest rows of a few hundred columns.
 */
const EMBEDDING_BUDGET = 8_192;
/** Touched ranges that a commit with a tree has itself. More are in a file, which readers of rows do not need. */
const MAX_OWN_RANGES = 256;

/** The collection whose table is stored. */
export interface TableTarget {
  readonly store: Store;
  readonly schema: Schema;
  readonly tableKind: TableKind;
}

/** Returns a table as a commit of the collection has it, and stores the files that it needs. */
export async function storeTable(
  table: SegmentTable,
  { store, schema, tableKind }: TableTarget,
  writer: ChunkWriter,
  signal: AbortSignal,
): Promise<SegmentTable> {
  const putFile = (digest: string, bytes: Bytes) => writer.putFile(digest, bytes, signal);
  if (tableKind === "tree") return storeTree(table, pageSource(store, schema), putFile, signal);
  const flat = await toFlatTable(table, schema, signal);
  const embedded = new Map<string, Bytes>();
  const files: [digest: string, bytes: Bytes][] = [];
  let budget = EMBEDDING_BUDGET;
  // New chunks come first.
  for (const [digest, bytes] of usedChunks(flat)) {
    if (bytes.length <= budget) {
      embedded.set(digest, bytes);
      budget -= bytes.length;
    } else files.push([digest, bytes]);
  }
  await Promise.all(files.map(([digest, bytes]) => putFile(digest, bytes)));
  return new FlatTable(flat.columns, embedded);
}

/** Returns touched ranges as a commit of the collection has them, and stores the file that they may need. */
export async function storeTouched(
  ranges: readonly TouchedRange[],
  { schema, tableKind }: TableTarget,
  writer: ChunkWriter,
  signal: AbortSignal,
): Promise<TouchedRanges> {
  if (tableKind !== "tree" || ranges.length <= MAX_OWN_RANGES) return touchedRanges(ranges);
  const bytes = packMap(await encodeRanges(rangeColumns(ranges, schema), schema));
  const digest = await sha1(bytes);
  await writer.putFile(digest, bytes, signal);
  return { file: digest, load: async () => ranges };
}
