import { describe, expect, test } from "vitest";
import { nextOrder, sortedPositions } from "../../demo/table/order.ts";
import { RowPages } from "../../demo/table/row-pages.ts";
import { ScrollScale } from "../../demo/table/scroll-scale.ts";

describe("pages of rows", () => {
  /** A table whose pages arrive when the test says so. */
  function table(length: number, kept = 40) {
    const reads: { offset: number; limit: number; signal: AbortSignal; arrive: () => void }[] = [];
    const pages = new RowPages<string>({
      length,
      kept,
      pageLength: 10,
      read: (offset, limit, signal) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          reads.push({ offset, limit, signal, arrive: () => resolve(`page at ${offset}`) });
        }),
      onPage: () => {},
      onError: (error) => {
        throw error;
      },
    });
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { pages, reads, settle };
  }

  test("only those of the rows in view are read, each once", async () => {
    const { pages, reads, settle } = table(95);
    pages.want(18, 31);
    pages.want(18, 31);
    expect(reads.map(({ offset, limit }) => [offset, limit])).toEqual([
      [10, 10],
      [20, 10],
      [30, 10],
    ]);
    expect(pages.at(18)).toBeUndefined();
    for (const { arrive } of reads) arrive();
    await settle();
    expect(pages.at(18)).toEqual({ page: "page at 10", index: 8 });
    pages.want(18, 31);
    expect(reads).toHaveLength(3);
    pages.want(90, 120);
    expect(reads.at(-1)).toMatchObject({ offset: 90, limit: 5 });
  });

  test("what is scrolled past is cancelled, and read if it comes into view again", async () => {
    const { pages, reads, settle } = table(100);
    pages.want(0, 5);
    pages.want(50, 55);
    expect(reads.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    pages.want(0, 5);
    reads.at(-1)!.arrive();
    await settle();
    expect(pages.has(0, 5)).toBe(true);
    expect(pages.has(0, 15)).toBe(false);
    pages.want(20, 25);
    pages.close();
    expect(reads.at(-1)!.signal.aborted).toBe(true);
  });

  test("the least recently used are dropped", async () => {
    const { pages, reads, settle } = table(100, 2);
    for (const row of [0, 10]) {
      pages.want(row, row);
      reads.at(-1)!.arrive();
      await settle();
    }
    pages.want(0, 0);
    pages.want(20, 20);
    reads.at(-1)!.arrive();
    await settle();
    expect([0, 10, 20].map((row) => pages.at(row) !== undefined)).toEqual([true, false, true]);
  });
});

describe("the scrollbar", () => {
  test("moves as far as the rows of a short table", () => {
    const scale = new ScrollScale(1000, 29, 290);
    expect(scale).toMatchObject({ height: 29_000, isScaled: false, maxTop: 28_710 });
    expect(scale.topOf(123)).toBe(123);
    expect(scale.topOf(1e9)).toBe(28_710);
  });

  test("stands for all rows of a table that no element can be as high as", () => {
    const scale = new ScrollScale(5_000_000, 29, 290);
    expect(scale.isScaled).toBe(true);
    expect(scale.height).toBeLessThan(17_000_000);
    const max = scale.height - 290;
    expect(scale.topOf(0)).toBe(0);
    expect(scale.topOf(max)).toBe(5_000_000 * 29 - 290);
    expect(scale.topOf(max / 2) / 29).toBeCloseTo(2_499_995, 0);
    expect(scale.scrollTopOf(scale.topOf(1_234_567))).toBeCloseTo(1_234_567, 3);
  });

  test("has nowhere to go in a table that fits", () => {
    const scale = new ScrollScale(3, 29, 87);
    expect([scale.maxTop, scale.topOf(10), scale.scrollTopOf(0)]).toEqual([0, 0, 0]);
  });
});

describe("the order of rows", () => {
  test("clicks on a header", () => {
    const up = nextOrder(undefined, "price", false);
    expect(up).toEqual({ column: "price", descending: false });
    const down = nextOrder(up, "price", false);
    expect(down).toEqual({ column: "price", descending: true });
    expect(nextOrder(down, "price", false)).toBeUndefined();
    expect(nextOrder(down, "volume", false)).toEqual({ column: "volume", descending: false });
    // The index is ascending already.
    expect(nextOrder(undefined, "date", true)).toEqual({ column: "date", descending: true });
    expect(nextOrder({ column: "date", descending: true }, "date", true)).toBeUndefined();
  });

  test.each([
    ["numbers", [3, Number.NaN, -1, 3, 2], [2, 4, 0, 3, 1], [0, 3, 4, 2, 1]],
    ["text", ["b", "", "a", "C"], [3, 2, 0, 1], [0, 2, 3, 1]],
    ["large integers", [2n ** 60n, 1n, -5n], [2, 1, 0], [0, 1, 2]],
    ["booleans", [1, 0, 1], [1, 0, 2], [0, 2, 1]],
  ])("%s: missing values last, equal ones in their order", (_, values, ascending, descending) => {
    expect([...sortedPositions(values, false)]).toEqual(ascending);
    expect([...sortedPositions(values, true)]).toEqual(descending);
  });
});
