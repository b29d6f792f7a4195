import fc from "fast-check";
import { type Closed, openRepo, Schema, type Series } from "lakota/engine";
import { describe, expect, it } from "vitest";
import { contains, interval, type Key } from "../../src/model/key.ts";
import { SeriesModel } from "./series-model.ts";

const CLOSED: Closed[] = ["left", "right", "both", "none"];
const schemas = {
  "one index column": new Schema({ a: "int*", v: "float" }),
  "two index columns": new Schema({ a: "int*", b: "i4*", v: "float" }),
};

interface Write {
  start: number[];
  stop: number[];
  closed: Closed;
  keys: number[][];
}

/** Keys in 0 … 9 (each column), sorted, duplicates allowed, within a range that is passed explicitly. */
const writes = (width: number): fc.Arbitrary<Write> => {
  const key = fc.array(fc.nat(width === 1 ? 9 : 3), { minLength: width, maxLength: width });
  return fc
    .record({
      ends: fc.tuple(key, key),
      closed: fc.constantFrom(...CLOSED),
      keys: fc.array(key, { maxLength: 8 }),
    })
    .map(({ ends, closed, keys }) => {
      const [start, stop] = ends.sort(order) as [number[], number[]];
      const range = interval(start, stop, closed);
      return { start, stop, closed, keys: keys.filter((one) => contains(range, one)).sort(order) };
    })
    .filter(({ start, stop, closed }) => order(start, stop) < 0 || closed === "both");
};

const order = (a: number[], b: number[]) => a[0]! - b[0]! || (a[1] ?? 0) - (b[1] ?? 0);

let value = 0;

async function apply(
  series: Series,
  model: SeriesModel,
  { start, stop, closed, keys }: Write,
): Promise<void> {
  const values = keys.map(() => value++);
  const columns = keys[0] === undefined || keys[0].length > 1 || start.length > 1 ? ["a", "b"] : ["a"];
  const index = Object.fromEntries(
    columns.slice(0, start.length).map((name, i) => [name, keys.map((key) => key[i]!)]),
  );
  await series.write({ ...index, v: values }, { start, stop, closed });
  model.write(
    interval(start, stop, closed),
    keys.map((key, i) => [key, values[i]!]),
  );
}

const rowsOf = (frame: Awaited<ReturnType<Series["read"]>>, width: number): [Key, number][] => {
  const names = ["a", "b"].slice(0, width);
  return Array.from(frame.get("v") as Float64Array, (v, row) => [
    names.map((name) => Number(frame.get(name)[row])),
    v,
  ]);
};

describe.each(Object.entries(schemas))("random histories over %s", (_, schema) => {
  const width = schema.index.length;
  const bound = fc.option(fc.array(fc.nat(width === 1 ? 9 : 3), { minLength: 1, maxLength: width }), {
    nil: undefined,
  });
  const reads = fc.record({
    start: bound,
    stop: bound,
    closed: fc.constantFrom(...CLOSED),
    offset: fc.nat(5),
    limit: fc.nat(8),
    tail: fc.nat(8),
    pageLength: fc.integer({ min: 1, max: 5 }),
  });

  it("read as the naive model does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(writes(width), { maxLength: 10 }),
        fc.array(reads, { maxLength: 6 }),
        async (all, questions) => {
          const repo = await openRepo("memory://", { maxAge: 0 });
          const series = (await repo.createCollection(schema, "c")).series("s");
          const model = new SeriesModel();
          for (const one of all) await apply(series, model, one);
          for (const { start, stop, closed, offset, limit, tail, pageLength } of questions) {
            const missing = "empty" as const;
            const range = { ...(start && { start }), ...(stop && { stop }), closed, missing };
            const wanted = model.read(interval(start, stop, closed));
            expect(rowsOf(await series.read(range), width)).toEqual(wanted);
            expect(await series.length(range)).toBe(wanted.length);
            const some = await series.read({ ...range, offset, limit });
            expect(rowsOf(some, width)).toEqual(wanted.slice(offset, offset + limit));
            expect(rowsOf(await series.tail(tail, range), width)).toEqual(tail ? wanted.slice(-tail) : []);
            const pages = [];
            for await (const page of series.pages({ ...range, pageLength })) pages.push(rowsOf(page, width));
            expect(pages.flat()).toEqual(wanted);
            expect(pages.slice(0, -1).every((page) => page.length === pageLength)).toBe(true);
          }
          repo.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  it("each revision reads as the model did at that time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(writes(width), { minLength: 1, maxLength: 8 }), async (all) => {
        const repo = await openRepo("memory://", { maxAge: 0 });
        const collection = await repo.createCollection(schema, "c");
        const model = new SeriesModel();
        const states: [Key, number][][] = [];
        for (const one of all) {
          const before = (await collection.log()).length;
          await apply(collection.series("s"), model, one);
          if ((await collection.log()).length > before) states.push(model.rows);
          else states[states.length - 1] = model.rows;
        }
        const log = await collection.log();
        expect(log.length).toBe(states.length);
        for (const [i, revision] of log.slice(1).entries()) {
          expect(
            rowsOf(await collection.series("s").read({ before: revision, missing: "empty" }), width),
          ).toEqual(states[i]);
        }
      }),
      { numRuns: 50 },
    );
  });
});
