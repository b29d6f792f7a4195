import { EditedTable } from "../../src/changelog/edited-table.ts";
import {
  bySeries,
  EMPTY_TABLE,
  loadAll,
  type Segment,
  type SegmentTable,
} from "../../src/changelog/segment-table.ts";

/** Returns a table of these segments. */
export const tableOf = (segments: readonly Segment[]): SegmentTable =>
  new EditedTable(EMPTY_TABLE, { series: bySeries(segments), embedded: new Map() });

/** Returns all segments of a table. */
export const segmentsIn = async (table: SegmentTable): Promise<readonly Segment[]> =>
  (await loadAll(table)).segments;
