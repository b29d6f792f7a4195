/** Browsers limit the height of elements, some at 17.9 million pixels. */
const MAX_HEIGHT = 10_000_000;

/**
 * The relation between what a scrollbar shows and the rows of a table, all of one height. A table that is higher than
 * elements can be is scrolled in proportion: then a pixel of the scrollbar is several pixels of the table.
 */
export class ScrollScale {
  /** Height of the element that scrolls, in pixels. */
  readonly height: number;
  /** Height of all rows. */
  readonly #full: number;
  readonly #viewport: number;

  /**
   * @param rowHeight in pixels
   * @param viewport visible height for rows, in pixels
   */
  constructor(rows: number, rowHeight: number, viewport: number) {
    this.#full = rows * rowHeight;
    this.#viewport = viewport;
    this.height = Math.min(this.#full, MAX_HEIGHT);
  }

  /** Whether the scrollbar is in proportion only. */
  get isScaled(): boolean {
    return this.#full > this.height;
  }

  /** Where the last row is at the bottom. */
  get maxTop(): number {
    return Math.max(0, this.#full - this.#viewport);
  }

  /** Returns the position in the table, in pixels from its first row, for a position of the scrollbar. */
  topOf(scrollTop: number): number {
    const max = Math.max(0, this.height - this.#viewport);
    if (!this.isScaled || max === 0) return this.clamp(scrollTop);
    return this.clamp((scrollTop / max) * this.maxTop);
  }

  /** Returns the position of the scrollbar for a position in the table. */
  scrollTopOf(top: number): number {
    if (!this.isScaled) return top;
    return (top / this.maxTop) * Math.max(0, this.height - this.#viewport);
  }

  clamp(top: number): number {
    return Math.min(Math.max(top, 0), this.maxTop);
  }
}
