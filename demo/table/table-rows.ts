import type { Frame, ReadProgress, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import { readState } from "../data/read-state.ts";
import { type RowFilter, rowFilter } from "../data/row-filter.ts";

/** Which rows a table shows. */
export interface TableContent extends Readonly<RowFilter> {
  readonly series: Series;
  readonly columns: readonly string[];
  /** Id of the revision before which the rows are shown. */
  readonly before: string | undefined;
  /** The part of the x axis; undefined for all. */
  readonly range: XRange | undefined;
}

/** Reads the rows of a table: their number, a page, or all. */
export class TableRows {
  readonly #content: TableContent;

  constructor(content: TableContent) {
    this.#content = content;
  }

  /** Returns the number of rows. */
  async count(signal: AbortSignal): Promise<number> {
    const { series } = this.#content;
    const { where, ...range } = await this.#options(signal);
    if (where === undefined) return firstKnown((onStale) => series.length({ ...range, onStale }));
    const { count } = await import("lakota/query");
    const counted = await series.reduce({ ...range, where, columns: { rows: count() }, numbers: true });
    return counted.length > 0 ? counted.numbers("rows")[0]! : 0;
  }

  /** Reads some rows, in the order of the index. */
  async page(offset: number, limit: number, signal: AbortSignal): Promise<Frame> {
    const { series, columns } = this.#content;
    const options = { ...(await this.#options(signal)), columns, offset, limit, numbers: true };
    return firstKnown((onStale) => series.read({ ...options, onStale }));
  }

  /** Reads all rows. */
  async all(signal: AbortSignal, onProgress: (progress: ReadProgress) => void): Promise<Frame> {
    const { series, columns } = this.#content;
    return series.read({ ...(await this.#options(signal)), columns, numbers: true, onProgress });
  }

  async #options(signal: AbortSignal) {
    const { range, before } = this.#content;
    return {
      ...(range && ({ start: range[0], stop: range[1], closed: "both" } as const)),
      ...(await rowFilter(this.#content)),
      ...readState(before),
      signal,
    };
  }
}

/** Resolves to what is known, or else to what the store has: the chart follows the store, and then the table does. */
function firstKnown<T>(call: (onStale: (known: T) => void) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    call(resolve).then(resolve, reject);
  });
}
