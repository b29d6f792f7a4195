import { clip, type Segment } from "../../changelog/segment-table.ts";
import { isFixed } from "../../model/dtype.ts";
import type { Interval } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { checkNames } from "./range.ts";

/** Which rows of the range to return: the first or the last `rows` after skipping `offset`. */
export interface Take {
  /** Counts from the end of the range instead of its start. */
  fromEnd: boolean;
  offset: number;
  /** Infinity for all. */
  rows: number;
}

export const ALL: Take = { fromEnd: false, offset: 0, rows: Number.POSITIVE_INFINITY };

/** A read as data: what to fetch, and in which order. Made without any I/O. */
export interface ReadPlan {
  /** Columns of the result, in schema order. */
  readonly columns: readonly Column[];
  /**
   * Columns to fetch: the index first, which determines which rows of a chunk are in the range, then the
   * others.
   */
  readonly fetched: readonly Column[];
  /** Position of each column in a segment's digests. */
  readonly positions: ReadonlyMap<Column, number>;
  /**
   * Segments, clipped to the range, in rounds. A segment's `length` is only an upper bound of its visible
   * rows, so a read with a limit fetches one round that should suffice, and continues with the next round
   * only if it did not.
   */
  readonly rounds: readonly (readonly Segment[])[];
  readonly take: Take;
}

/** What a part of a plan costs to read. */
export interface Cost {
  chunks: number;
  /** Decoded bytes. Items without a fixed size (text, objects) count as 16 bytes. */
  bytes: number;
}

/**
 * Plans a read.
 *
 * @param segments all segments of the series, in order
 * @param names columns to return. Default: all
 * @param take which rows of the range to return. Default: all
 * @throws `invalid-argument` for a column that the schema does not have
 */
export function planRead(
  segments: readonly Segment[],
  schema: Schema,
  range: Interval,
  names?: readonly string[],
  take: Take = ALL,
): ReadPlan {
  checkNames("columns", names);
  for (const name of names ?? []) schema.column(name);
  const columns = schema.columns.filter((column) => !names || names.includes(column.name));
  const fetched = [...schema.index, ...columns.filter((column) => !column.index)];
  const visible = clip(segments, range).filter((segment) => segment.length > 0);
  const positions = new Map(schema.columns.map((column, i) => [column, i]));
  return { columns, fetched, positions, rounds: take.rows > 0 ? inRounds(visible, take) : [], take };
}

function inRounds(segments: readonly Segment[], { fromEnd, offset, rows }: Take): Segment[][] {
  const order = fromEnd ? [...segments].reverse() : segments;
  const rounds: Segment[][] = [];
  let enough = true;
  let bound = 0;
  for (const segment of order) {
    if (enough) {
      rounds.push([]);
      bound = 0;
    }
    rounds.at(-1)!.push(segment);
    bound += segment.length;
    enough = bound >= offset + rows;
  }
  return rounds;
}

/** Returns what reading some segments of a plan costs. */
export function costOf(plan: ReadPlan, segments: readonly Segment[]): Cost {
  const costs = segments.flatMap((segment) => plan.fetched.map((column) => costOfChunk(segment, column)));
  return { chunks: costs.length, bytes: costs.reduce((sum, { bytes }) => sum + bytes, 0) };
}

export const costOfChunk = (segment: Segment, { dtype }: Column): Cost => ({
  chunks: 1,
  bytes: segment.length * (isFixed(dtype) ? dtype.size : 16),
});
