import { lazy } from "../../async/lazy.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ColumnData } from "../../model/column.ts";
import { OVERVIEWS_FOLDER } from "../../model/overview-path.ts";
import type { Column } from "../../model/schema.ts";
import { originOf, type Store } from "../../stores/store.ts";
import type { Slice } from "./assembly.ts";
import type { Loading } from "./load.ts";
import { costOfChunk, type Take } from "./plan.ts";

/** Bytes of a decoded column from which parts of it may be read. */
const MIN_BYTES_FOR_PARTS = 1 << 20;

const partialChunks = lazy(() => import("./partial-chunks.ts"));

/** Loads the code for parts if the store knows that the repo has block indexes: while the collection is listed. */
export async function prepareParts(store: Store): Promise<void> {
  const known = await originOf(store).expected?.(OVERVIEWS_FOLDER);
  if (known?.[0]) await partialChunks();
}

/**
 * Returns the wanted rows of a long chunk, if these are so few that it is not fetched as a whole. Undefined otherwise, at
 * once where that is known: the chunk is then asked for in its turn.
 *
 * @param take which rows of the range are wanted
 * @param slice returns which rows of the segment are wanted
 */
export function loadPart(
  loading: Loading,
  segment: Segment,
  column: Column,
  take: Take,
  slice: () => Promise<Slice>,
): Promise<ColumnData | undefined> | undefined {
  const { current } = loading.context;
  if (!current || costOfChunk(segment, column).bytes < MIN_BYTES_FOR_PARTS) return undefined;
  const { lo, hi } = segment;
  // All rows of a segment within the range are wanted, unless only some rows are taken.
  const isWhole = current.segments.some((each) => each.lo === lo && each.hi === hi);
  if ((isWhole && take.rows === Number.POSITIVE_INFINITY) || !originOf(current.shared.store).getRange)
    return undefined;
  const request = { source: current, segment, column, take, loading, slice };
  return partialChunks().then(
    ({ readPart }) => readPart(request),
    () => undefined, // offline, the chunk may be cached, but not this code
  );
}
