/** A column of numbers, one per row. */
export type Numbers = ArrayLike<number>;

/** Number of fields per slice. */
const FIELDS = 12;

/**
 * Aggregates of the rows in each of many slices, in the order of the rows: enough to draw them. A NaN counts
 * as a row without a value. A slice without values has a `count` of 0; a slice without rows has a `fromX`
 * above its `toX`.
 */
export class Summary {
  readonly length: number;
  /** All fields, as they are cached. */
  readonly data: Float64Array<ArrayBuffer>;
  /** Number of values. */
  readonly count: Float64Array<ArrayBuffer>;
  readonly sum: Float64Array<ArrayBuffer>;
  /** Positions of the first and the last row. */
  readonly fromX: Float64Array<ArrayBuffer>;
  readonly toX: Float64Array<ArrayBuffer>;
  /** First, last, lowest and highest value, and their positions. Of equal extremes, that of the first. */
  readonly firstX: Float64Array<ArrayBuffer>;
  readonly first: Float64Array<ArrayBuffer>;
  readonly lastX: Float64Array<ArrayBuffer>;
  readonly last: Float64Array<ArrayBuffer>;
  readonly lowX: Float64Array<ArrayBuffer>;
  readonly low: Float64Array<ArrayBuffer>;
  readonly highX: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;

  /** @param data of another summary of the same length. Default: no rows */
  constructor(length: number, data?: Float64Array<ArrayBuffer>) {
    this.length = length;
    this.data = data ?? new Float64Array(FIELDS * length);
    const field = (i: number) => this.data.subarray(i * length, (i + 1) * length);
    this.count = field(0);
    this.sum = field(1);
    this.fromX = field(2);
    this.toX = field(3);
    this.firstX = field(4);
    this.first = field(5);
    this.lastX = field(6);
    this.last = field(7);
    this.lowX = field(8);
    this.low = field(9);
    this.highX = field(10);
    this.high = field(11);
    if (data) return;
    this.fromX.fill(Number.POSITIVE_INFINITY);
    this.toX.fill(Number.NEGATIVE_INFINITY);
    this.low.fill(Number.POSITIVE_INFINITY);
    this.high.fill(Number.NEGATIVE_INFINITY);
  }

  /** Whether `data` has the size of a summary of `length` slices. */
  static fits(data: Float64Array, length: number): boolean {
    return data.length === FIELDS * length;
  }

  /** Returns a summary with the slices of several ones. */
  static concat(summaries: readonly Summary[]): Summary {
    const all = new Summary(summaries.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const summary of summaries) {
      for (let field = 0; field < FIELDS; field++) {
        const from = field * summary.length;
        all.data.set(summary.data.subarray(from, from + summary.length), field * all.length + at);
      }
      at += summary.length;
    }
    return all;
  }

  /** Returns a copy of slices `from` … `to`. */
  slice(from: number, to: number): Summary {
    const part = new Summary(to - from);
    for (let field = 0; field < FIELDS; field++)
      part.data.set(
        this.data.subarray(field * this.length + from, field * this.length + to),
        field * part.length,
      );
    return part;
  }

  /** Adds rows `from` … `to` to slice `at`. They follow the rows added before; their `xs` are sorted. */
  addRows(at: number, xs: Numbers, ys: Numbers, from: number, to: number): void {
    if (from >= to) return;
    let count = 0;
    let sum = 0;
    let first = -1;
    let last = -1;
    let lowAt = -1;
    let highAt = -1;
    let low = this.low[at]!;
    let high = this.high[at]!;
    const isEmpty = this.count[at] === 0;
    for (let row = from; row < to; row++) {
      const y = ys[row]!;
      if (Number.isNaN(y)) continue;
      if (first < 0) first = row;
      last = row;
      count++;
      sum += y;
      // A first value of ±Infinity equals the initial extreme.
      if (y < low || (lowAt < 0 && isEmpty && y === low)) {
        low = y;
        lowAt = row;
      }
      if (y > high || (highAt < 0 && isEmpty && y === high)) {
        high = y;
        highAt = row;
      }
    }
    this.#extend(at, xs[from]!, xs[to - 1]!);
    if (count === 0) return;
    if (isEmpty) {
      this.firstX[at] = xs[first]!;
      this.first[at] = ys[first]!;
    }
    this.lastX[at] = xs[last]!;
    this.last[at] = ys[last]!;
    if (lowAt >= 0) {
      this.lowX[at] = xs[lowAt]!;
      this.low[at] = low;
    }
    if (highAt >= 0) {
      this.highX[at] = xs[highAt]!;
      this.high[at] = high;
    }
    this.count[at]! += count;
    this.sum[at]! += sum;
  }

  /** Adds slice `from` of another summary, whose rows follow those added before. */
  addSlice(at: number, other: Summary, from: number): void {
    this.#extend(at, other.fromX[from]!, other.toX[from]!);
    if (other.count[from] === 0) return;
    const isEmpty = this.count[at] === 0;
    if (isEmpty) {
      this.firstX[at] = other.firstX[from]!;
      this.first[at] = other.first[from]!;
    }
    this.lastX[at] = other.lastX[from]!;
    this.last[at] = other.last[from]!;
    if (isEmpty || other.low[from]! < this.low[at]!) {
      this.lowX[at] = other.lowX[from]!;
      this.low[at] = other.low[from]!;
    }
    if (isEmpty || other.high[from]! > this.high[at]!) {
      this.highX[at] = other.highX[from]!;
      this.high[at] = other.high[from]!;
    }
    this.count[at]! += other.count[from]!;
    this.sum[at]! += other.sum[from]!;
  }

  #extend(at: number, from: number, to: number): void {
    if (from < this.fromX[at]!) this.fromX[at] = from;
    if (to > this.toX[at]!) this.toX[at] = to;
  }
}

/** Rows per block of the summaries that are made from rows. */
export const BLOCK = 128;

/** Returns the summary of a chunk, with one slice per {@link BLOCK} rows. */
export function summarise(xs: Numbers, ys: Numbers): Summary {
  const summary = new Summary(Math.ceil(xs.length / BLOCK));
  for (let block = 0; block < summary.length; block++) {
    const from = block * BLOCK;
    summary.addRows(block, xs, ys, from, Math.min(xs.length, from + BLOCK));
  }
  return summary;
}

/** Summaries of a chunk by the summary of which each joins the blocks. */
const joined = new WeakMap<Summary, Summary>();

/**
 * Returns the summary whose blocks are two neighbouring blocks each. As blocks are always joined in pairs, the sums of
 * long blocks are the same to the last bit, whichever shorter blocks they are made from.
 */
function joinPairs(blocks: Summary): Summary {
  const known = joined.get(blocks);
  if (known) return known;
  const pairs = new Summary(Math.ceil(blocks.length / 2));
  for (let block = 0; block < blocks.length; block++) pairs.addSlice(block >> 1, blocks, block);
  joined.set(blocks, pairs);
  return pairs;
}

/** Returns the summary of a chunk with `times` as many rows per block. @param times a power of two */
export function joinBlocks(blocks: Summary, times: number): Summary {
  let result = blocks;
  for (let left = times; left > 1; left /= 2) result = joinPairs(result);
  return result;
}
