import { castColumn } from "../model/cast.ts";
import type { ColumnData } from "../model/column.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import type { Cut } from "../model/key.ts";
import type { Schema } from "../model/schema.ts";
import type { TableColumns } from "./flat-table.ts";
import type { TouchedRange } from "./touched-ranges.ts";

/** Returns ranges of series as columns. */
export function rangeColumns(
  ranges: readonly TouchedRange[],
  schema: Schema,
): Pick<TableColumns, "label" | "start" | "stop" | "closed"> {
  const bounds = (cut: (range: TouchedRange) => Cut): ColumnData[] =>
    schema.index.map((column, i) =>
      castColumn(
        column,
        ranges.map((range) => cut(range).key[i]),
      ),
    );
  return {
    label: encodeStrings(ranges.map(({ label }) => label)),
    start: bounds(({ lo }) => lo),
    stop: bounds(({ hi }) => hi),
    closed: Uint8Array.from(ranges, ({ lo, hi }) => (lo.side < 0 ? 1 : 0) | (hi.side > 0 ? 2 : 0)),
  };
}
