import type { WriteOptions } from "../../model/api/series.ts";
import { LakotaError } from "../../model/errors.ts";
import { closedLeft, closedRight, contains, type Interval, isEmpty, keyAt } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { checkClosed, toCut } from "../read/range.ts";
import { indexOf, type Rows } from "./rows.ts";

/**
 * Returns the keys that a write replaces: `start` to `stop`, by default from its first row to its last.
 *
 * @throws `invalid-argument` for a range that is empty or undefined; `invalid-frame` for a row outside it
 */
export function writeRange(schema: Schema, rows: Rows, options: WriteOptions): Interval {
  const index = indexOf(schema, rows);
  const first = rows.length > 0 ? keyAt(index, 0) : undefined;
  const last = rows.length > 0 ? keyAt(index, rows.length - 1) : undefined;
  const closed = checkClosed(options.closed ?? "both");
  const [loSide, hiSide] = [closedLeft(closed) ? -1 : 1, closedRight(closed) ? 1 : -1] as const;
  const lo = toCut(schema, options.start, loSide) ?? (first && { key: first, side: loSide });
  const hi = toCut(schema, options.stop, hiSide) ?? (last && { key: last, side: hiSide });
  if (!lo || !hi) {
    throw new LakotaError(
      "invalid-argument",
      "A write without rows needs both start and stop, the range to empty.",
    );
  }
  for (const { key } of [lo, hi]) {
    if (key.length === schema.index.length) continue;
    const names = schema.index.map(({ name }) => name).join(", ");
    throw new LakotaError(
      "invalid-argument",
      `start and stop of a write need a value for each index column (${names}), and all but the last must be values that the column can hold.`,
    );
  }
  const range = { lo, hi };
  if (isEmpty(range))
    throw new LakotaError("invalid-argument", "The range of this write is empty: start lies after stop.");
  for (const [row, key] of [
    [0, first],
    [rows.length - 1, last],
  ] as const) {
    if (key && !contains(range, key)) {
      throw new LakotaError(
        "invalid-frame",
        `Row ${row} (${key.map(String).join(", ")}) lies outside the range that this write replaces. Widen start and stop, or leave the row out.`,
      );
    }
  }
  return range;
}
