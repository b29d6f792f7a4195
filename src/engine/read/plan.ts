import { clip, type Segment } from "../../changelog/segment-table.ts";
import { isFixed } from "../../model/dtype.ts";
import type { Interval } from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";

/** Which rows of the range are wanted: the first or the last so many, after leaving some out. */
export interface Take {
  /** From the end of the range instead of its start. */
  fromEnd: boolean;
  offset: number;
  /** Infinity: all. */
  rows: number;
}

export const ALL: Take = { fromEnd: false, offset: 0, rows: Number.POSITIVE_INFINITY };

/** A read as data: what to fetch, in which order. Made without any I/O. */
export interface ReadPlan {
  /** Columns of the answer, in schema order. */
  readonly columns: readonly Column[];
  /** Columns to fetch: the index, which tells which rows of a chunk are in the range, and then the rest. */
  readonly fetched: readonly Column[];
  /** Where in a segment's digests each column stands. */
  readonly positions: ReadonlyMap<Column, number>;
  /**
   * Segments, clipped to the range, in rounds. A chunk's `length` only bounds its visible rows, so a read of few rows fetches what
   * should be enough, and goes on to the next round only where it was not.
   */
  readonly rounds: readonly (readonly Segment[])[];
  readonly take: Take;
}

/** What a part of a plan costs. */
export interface Cost {
  chunks: number;
  /** Decoded bytes. Items without a fixed size are counted as 16. */
  bytes: number;
}

/**
 * @param segments those of one series, in order
 * @param names columns wanted; undefined means all
 * @throws `invalid-argument` for a column that the schema lacks.
 */
export function planRead(
  segments: readonly Segment[],
  schema: Schema,
  range: Interval,
  names?: readonly string[],
  take: Take = ALL,
): ReadPlan {
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

/** The price of reading some segments of a plan. */
export function costOf(plan: ReadPlan, segments: readonly Segment[]): Cost {
  const costs = segments.flatMap((segment) => plan.fetched.map((column) => costOfChunk(segment, column)));
  return { chunks: costs.length, bytes: costs.reduce((sum, { bytes }) => sum + bytes, 0) };
}

export const costOfChunk = (segment: Segment, { dtype }: Column): Cost => ({
  chunks: 1,
  bytes: segment.length * (isFixed(dtype) ? dtype.size : 16),
});
