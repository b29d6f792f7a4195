import { type Numbers, Summary } from "./summary.ts";

/**
 * A block across the border of two slices is assigned to one of them if it is at most this fraction of a
 * slice wide.
 */
const NARROW = 1 / 4;

/** Whether blocks are likely to be narrow, if `rows` rows with equal distances fill the slices. */
export const areNarrow = (rowsPerBlock: number, rows: number, slices: number): boolean =>
  rowsPerBlock * slices <= NARROW * rows;

/** A range of x in slices of equal width, such as one per pixel. */
export class Axis {
  readonly low: number;
  readonly high: number;
  readonly slices: number;
  readonly #width: number;

  constructor(low: number, high: number, slices: number) {
    this.low = low;
    this.high = high;
    this.slices = slices;
    this.#width = (high - low) / slices;
  }

  /** Returns the slice of a position; the first or the last one for positions outside of the range. */
  sliceOf(x: number): number {
    const slice = Math.floor((x - this.low) / this.#width);
    return slice >= 0 ? Math.min(slice, this.slices - 1) : 0; // NaN if the range has no width
  }

  /** Returns a position within a slice. @param part from 0, its start, to 1, its end */
  position(slice: number, part: number): number {
    return this.low + (slice + part) * this.#width;
  }

  /** Adds rows `from` … `to`, whose `xs` are sorted, to their slices. Rows without an x are left out. */
  addRows(into: Summary, xs: Numbers, ys: Numbers, from: number, to: number): void {
    let start = from;
    while (start < to && Number.isNaN(xs[start])) start++;
    let stop = to;
    while (stop > start && Number.isNaN(xs[stop - 1])) stop--;
    while (start < stop) {
      const slice = this.sliceOf(xs[start]!);
      const end = this.#endOf(slice, xs, start, stop);
      into.addRows(slice, xs, ys, start, end);
      start = end;
    }
  }

  /** Whether a block of a summary is fine enough for these slices. */
  takes(blocks: Summary, block: number): boolean {
    const [low, high] = [blocks.fromX[block]!, blocks.toX[block]!];
    return high - low <= NARROW * this.#width || this.sliceOf(low) === this.sliceOf(high);
  }

  /** Adds blocks `from` … `to` of a summary, each to the slice of its middle. */
  addBlocks(into: Summary, blocks: Summary, from = 0, to = blocks.length): void {
    for (let block = from; block < to; block++) {
      const [low, high] = [blocks.fromX[block]!, blocks.toX[block]!];
      if (low <= high) into.addSlice(this.sliceOf(low + (high - low) / 2), blocks, block);
    }
  }

  /** Returns the first row after `from` in a later slice. Gallops, because slices may have few rows. */
  #endOf(slice: number, xs: Numbers, from: number, to: number): number {
    let step = 1;
    let lo = from;
    while (lo + step < to && this.sliceOf(xs[lo + step]!) <= slice) {
      lo += step;
      step *= 2;
    }
    let hi = Math.min(to, lo + step);
    while (hi - lo > 1) {
      const middle = (lo + hi) >>> 1;
      if (this.sliceOf(xs[middle]!) <= slice) lo = middle;
      else hi = middle;
    }
    return hi;
  }
}

/** Returns an empty summary with the slices of an axis. */
export const slicesOf = (axis: Axis): Summary => new Summary(axis.slices);
