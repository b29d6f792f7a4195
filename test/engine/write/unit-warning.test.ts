import { openRepo, Schema } from "lakota/engine";
import { describe, expect, it } from "vitest";

const SECONDS = [1_772_323_200, 1_772_323_260];

async function setUp(type = "timestamp") {
  const warnings: string[] = [];
  const repo = await openRepo("memory://", { onWarning: (message) => void warnings.push(message) });
  const types: Record<string, string> = { t: `${type}*`, v: "float" };
  const collection = await repo.createCollection(new Schema(types), "c");
  return { repo, warnings, collection, series: collection.series("s") };
}

describe("a warning of times that are seconds instead of milliseconds", () => {
  it.each(["timestamp", "M8[ms]", "M8[ns]", "date"])(
    "in a column of type %s, once per collection",
    async (type) => {
      const { repo, warnings, collection, series } = await setUp(type);
      await series.write({ t: SECONDS, v: [1, 2] });
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toMatch(
        /"c" are all before 1973.*1772323200 in the column "t" is 1970-01-21T12:18:43\.200Z/,
      );
      expect(warnings[0]).toContain("2026-03-01T00:00:00.000Z");
      await collection.series("other").write({ t: SECONDS, v: [1, 2] });
      await series.update({ t: SECONDS.slice(0, 1), v: [3] });
      expect(warnings).toHaveLength(1);
      const another = await repo.createCollection(collection.schema, "another");
      await another.batch((batch) => batch.series("s").update({ t: Float64Array.from(SECONDS), v: [1, 2] }));
      expect(warnings).toHaveLength(2);
    },
  );

  it("also with missing times, and in a column that is no index", async () => {
    const { repo, warnings } = await setUp();
    const schema = new Schema({ k: "int*", t: "M8[ms]" });
    const collection = await repo.createCollection(schema, "d");
    await collection.series("s").write({ k: [1, 2, 3], t: [null, ...SECONDS] });
    expect(warnings).toHaveLength(1);
  });

  it.each([
    ["milliseconds of now", [1_772_323_200_000, 1_772_323_260_000]],
    ["small numbers", [0, 1, 1_000]],
    ["times before 1970", [-1_772_323_200, -1_772_323_100]],
    ["some that are later", [1_772_323_200, 1_772_323_260_000]],
    ["bigints in the column's unit", SECONDS.map(BigInt)],
    ["text", ["1970-01-21", "1970-01-22"]],
    ["dates", SECONDS.map((ms) => new Date(ms))],
    ["nothing", []],
    ["missing times", [Number.NaN, Number.NaN]],
  ])("not of %s", async (_, t: (number | bigint | string | Date)[]) => {
    const { warnings, series } = await setUp();
    await series.write({ t, v: t.map(() => 1) });
    expect(warnings).toEqual([]);
  });

  it("not of rows that were read", async () => {
    const { warnings, collection, series } = await setUp();
    await series.write({ t: ["1970-01-21", "1970-01-22"], v: [1, 2] });
    await collection.series("copy").write(await series.read({ numbers: true }));
    expect(warnings).toEqual([]);
  });
});
