import type { Segment } from "../../changelog/segment-table.ts";
import { after, before, compareCuts } from "../../model/key.ts";
import type { ChunkSummary } from "../overviews/chunk-summary.ts";

/** Blocks `from` (included) to `to` (excluded) of a segment, of which all are used, or none. */
interface BlockRun {
  readonly used: boolean;
  readonly from: number;
  readonly to: number;
}

/**
 * Divides the blocks that have some rows of a segment into runs.
 *
 * @param rows rows `from` (included) to `to` (excluded) of a segment of `of` rows: blocks with others are not used
 * @param takes whether a block can be used
 */
export function blockRuns(
  { from, to, of }: { from: number; to: number; of: number },
  rowsPerBlock: number,
  takes: (block: number) => boolean,
): BlockRun[] {
  const isUsed = (block: number) =>
    block * rowsPerBlock >= from && Math.min((block + 1) * rowsPerBlock, of) <= to && takes(block);
  const runs: BlockRun[] = [];
  const end = Math.ceil(to / rowsPerBlock);
  for (let block = Math.floor(from / rowsPerBlock), next: number; block < end; block = next) {
    const used = isUsed(block);
    next = block + 1;
    while (next < end && isUsed(next) === used) next++;
    runs.push({ used, from: block, to: next });
  }
  return runs;
}

/** Returns whether all rows of a chunk are visible. */
export const isWhole = ({ lo, hi }: Segment, { first, last }: ChunkSummary): boolean =>
  compareCuts(lo, before(first)) <= 0 && compareCuts(hi, after(last)) >= 0;
