import type { RangeChange } from "../../model/api/history.ts";
import type { WireChange } from "../protocol/messages.ts";
import { packFrame } from "../protocol/pack.ts";

/** Packs the result of `Collection.diff`. Buffers of rows are added to `transfer`. */
export const packChanges = (changes: readonly RangeChange[], transfer: ArrayBuffer[]): WireChange[] =>
  changes.map(({ rows, ...change }) => ({
    ...change,
    rows: rows && { removed: packFrame(rows.removed, transfer), added: packFrame(rows.added, transfer) },
  }));
