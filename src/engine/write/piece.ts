import type { Segment } from "../../changelog/segment-table.ts";
import { countBefore, type Interval } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import type { StoredSegments } from "./chunk-writer.ts";
import { indexOf, type Rows, sliceOf } from "./rows.ts";

/** A run of rows of one series: stored, stored ahead by this batch, or still in memory. */
export type Piece = Segment | PackedPiece | FreshPiece;

/** Rows in memory. Those outside the bounds of the piece are hidden. */
export interface FreshPiece extends Interval {
  readonly label: string;
  readonly length: number;
  readonly rows: Rows;
}

export const isFresh = (piece: Piece): piece is FreshPiece => "rows" in piece;

/** New rows whose chunks a batch has made ahead of its commit. They are joined with others as rows in memory are. */
export interface PackedPiece extends Segment {
  readonly packed: {
    /** What the chunks were made for: a piece that was cut is stored again. */
    readonly range: Interval;
    readonly stored: StoredSegments;
  };
}

export const isPacked = (piece: Piece): piece is PackedPiece => "packed" in piece;

/** Whether the rows of a piece are written by this batch, and may be stored with their neighbours as one segment. */
export const isNew = (piece: Piece): piece is FreshPiece | PackedPiece => isFresh(piece) || isPacked(piece);

/** Returns the rows of a piece that lie within its bounds. */
export function visibleRows(schema: Schema, { rows, lo, hi }: FreshPiece): Rows {
  const index = indexOf(schema, rows);
  const from = countBefore(index, rows.length, lo);
  const to = Math.max(from, countBefore(index, rows.length, hi));
  return from === 0 && to === rows.length ? rows : sliceOf(schema, rows, from, to);
}
