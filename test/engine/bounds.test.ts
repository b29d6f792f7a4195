import fc from "fast-check";
import { type Closed, openRepo, Schema, type Series } from "lakota/engine";
import { describe, expect, test } from "vitest";

const schema = new Schema({ t: "timestamp*", v: "float" });
const CLOSED: readonly Closed[] = ["left", "right", "both", "none"];

/** Rows at whole seconds, and bounds at any quarter of a second. */
const rows = fc.uniqueArray(fc.integer({ min: -3, max: 12 }), { minLength: 1 });
const bound = fc.option(fc.integer({ min: -20, max: 60 }), { nil: undefined });
const range = fc.record({ start: bound, stop: bound, closed: fc.constantFrom(...CLOSED) });

interface Range {
  start: number | undefined;
  stop: number | undefined;
  closed: Closed;
}

/** Whether a second lies in a range of quarters, as numbers compare. */
function includes({ start, stop, closed }: Range, second: number): boolean {
  const quarter = 4 * second;
  const [left, right] = [closed === "left" || closed === "both", closed === "right" || closed === "both"];
  return (
    (start === undefined || (left ? quarter >= start : quarter > start)) &&
    (stop === undefined || (right ? quarter <= stop : quarter < stop))
  );
}

const toDate = (quarters: number | undefined) =>
  quarters === undefined ? undefined : new Date(quarters * 250);
const toOptions = ({ start, stop, closed }: Range) => ({ start: toDate(start), stop: toDate(stop), closed });

async function seriesOf(seconds: readonly number[]): Promise<Series> {
  const repo = await openRepo("memory://");
  const series = (await repo.createCollection(schema, "c")).series("s");
  const sorted = [...seconds].sort((a, b) => a - b);
  await series.write({ t: sorted.map((second) => second * 1000), v: sorted });
  return series;
}

const secondsIn = async (series: Series, options = {}) =>
  Array.from((await series.read(options)).numbers("v"));

async function secondsOfPages(series: Series, options: object): Promise<number[]> {
  const seconds: number[] = [];
  for await (const page of series.pages({ ...options, pageLength: 2 })) seconds.push(...page.numbers("v"));
  return seconds;
}

describe("a bound finer than the unit of the index lies between two counts", () => {
  test("in every read", async () => {
    await fc.assert(
      fc.asyncProperty(rows, range, async (seconds, range) => {
        const series = await seriesOf(seconds);
        const options = toOptions(range);
        const expected = seconds.filter((second) => includes(range, second)).sort((a, b) => a - b);
        expect(await secondsIn(series, options)).toEqual(expected);
        expect(await series.length(options)).toBe(expected.length);
        expect(Array.from((await series.tail(2, options)).numbers("v"))).toEqual(expected.slice(-2));
        expect(await secondsOfPages(series, options)).toEqual(expected);
        const { rows: count } = await series.downsample({ ...options, columns: ["v"], points: 1_000 });
        expect(count).toBe(expected.length);
        const counts = await series.reduce({ ...options, columns: { n: "(count self.v)" }, numbers: true });
        expect(Array.from(counts.numbers("n"))).toEqual(expected.length > 0 ? [expected.length] : []);
      }),
      { numRuns: 50 },
    );
  });

  test("in a deletion", async () => {
    await fc.assert(
      fc.asyncProperty(rows, range, async (seconds, range) => {
        const series = await seriesOf(seconds);
        await series.delete(toOptions(range));
        const left = seconds.filter((second) => !includes(range, second)).sort((a, b) => a - b);
        expect(await secondsIn(series)).toEqual(left);
      }),
      { numRuns: 50 },
    );
  });

  test("in the range that a write replaces", async () => {
    const series = await seriesOf([0, 1, 2, 3]);
    await series.write({ t: [1500], v: [9] }, { start: new Date(500), stop: new Date(2500), closed: "none" });
    expect(await secondsIn(series)).toEqual([0, 9, 3]);
  });
});

describe("beyond what the index can hold", () => {
  test("a bound is an open end", async () => {
    const repo = await openRepo("memory://");
    const nanoseconds = (await repo.createCollection(new Schema({ t: "M8[ns]*", v: "float" }), "ns")).series(
      "s",
    );
    await nanoseconds.write({ t: ["2000-01-01", "2262-01-01"], v: [1, 2] });
    expect(await secondsIn(nanoseconds, { start: "0001-01-01", stop: "9999-12-31" })).toEqual([1, 2]);
    expect(await secondsIn(nanoseconds, { start: "9999-12-31" })).toEqual([]);
    const bytes = (await repo.createCollection(new Schema({ t: "i1*", v: "float" }), "bytes")).series("s");
    await bytes.write({ t: [-128, 127], v: [1, 2] });
    expect(await secondsIn(bytes, { start: -1_000, stop: Number.POSITIVE_INFINITY })).toEqual([1, 2]);
    expect(await secondsIn(bytes, { stop: 0.5 })).toEqual([1]);
  });

  test("a key to delete is refused, and named", async () => {
    const series = await seriesOf([0, 1]);
    await expect(series.delete({ keys: [new Date(500)] })).rejects.toMatchObject({
      code: "invalid-argument",
      message: expect.stringMatching(/^keys\[0\]: no row can have .*"t" of type datetime64\[s\]/),
    });
  });
});
