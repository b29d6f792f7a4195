import type { Segment } from "../../changelog/segment-table.ts";
import { countBefore, type Interval } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { indexOf, type Rows, sliceOf } from "./rows.ts";

/** A run of rows of one series: stored, or still in memory. */
export type Piece = Segment | FreshPiece;

/** Rows in memory. Those outside the bounds of the piece are hidden. */
export interface FreshPiece extends Interval {
  readonly label: string;
  readonly length: number;
  readonly rows: Rows;
}

export const isFresh = (piece: Piece): piece is FreshPiece => "rows" in piece;

/** Returns the rows of a piece that lie within its bounds. */
export function visibleRows(schema: Schema, { rows, lo, hi }: FreshPiece): Rows {
  const index = indexOf(schema, rows);
  const from = countBefore(index, rows.length, lo);
  const to = Math.max(from, countBefore(index, rows.length, hi));
  return from === 0 && to === rows.length ? rows : sliceOf(schema, rows, from, to);
}
