import fc from "fast-check";
import { Frame, Schema } from "lakota";
import { openRepo } from "lakota/engine";
import { describe, expect, test } from "vitest";
import { formatHeader, formatRows } from "../../demo/edit/format-rows.ts";
import { parseRows } from "../../demo/edit/parse-rows.ts";

const headerOf = (schema: Schema) => formatHeader(schema.columns.map(({ name }) => name));

const schema: Schema = new Schema({
  time: "M8[ms]*",
  value: "float",
  count: "int",
  ok: "bool",
  name: "str",
  more: "O",
});

describe("parsing pasted rows", () => {
  test.each([
    ["commas", "time,value,count,ok,name,more\n2026-01-01,1.5,7,true,a,[1]\n"],
    ["tabs", "time\tvalue\tcount\tok\tname\tmore\n2026-01-01\t1.5\t7\ttrue\ta\t[1]\n"],
    ["semicolons", "time;value;count;ok;name;more\n2026-01-01;1.5;7;true;a;[1]"],
    ["no header", "2026-01-01,1.5,7,true,a,[1]"],
    ["another order", "more,name,ok,count,value,time\r\n[1],a,1,7,1.5,2026-01-01\r\n"],
  ])("with %s", (_, text) => {
    const { columns, missingColumns, rows } = parseRows(text, schema);
    expect(columns).toEqual({
      time: ["2026-01-01"],
      value: [1.5],
      count: [7n],
      ok: [true],
      name: ["a"],
      more: [[1]],
    });
    expect(missingColumns).toEqual([]);
    expect(rows).toBe(1);
  });

  test("columns may be missing, but not the index", () => {
    expect(parseRows("time,value\n2026-01-01,\n", schema)).toEqual({
      columns: { time: ["2026-01-01"], value: [Number.NaN] },
      missingColumns: ["count", "ok", "name", "more"],
      rows: 1,
    });
    expect(() => parseRows("value,count\n1,2", schema)).toThrow("The index column “time” is missing");
  });

  test.each([
    ["", "no rows"],
    ["time,value", "no rows"],
    ["time,volume\n2026-01-01,1", "no column “volume”. The columns are: time, value"],
    ["time,value,value\n2026-01-01,1,1", "“value” occurs twice"],
    ["time,value\n2026-01-01,1\n2026-01-02", "Line 3 has 1 values, but there are 2 columns"],
    ["time,value\n2026-01-01,one", "Line 2, value: “one” is not a number"],
    ["time,count\n2026-01-01,1.5", "Line 2, count: “1.5” is not a whole number"],
    ["time,ok\n2026-01-01,maybe", "Line 2, ok: “maybe” is not true or false"],
    ["time,more\n2026-01-01,{", "Line 2, more: “{” is not JSON"],
    ["1,2,3,4,5,6,7", "Line 1 has 7 values, but there are 6 columns"],
  ])("reports the error in %j", (text, message) => {
    expect(() => parseRows(text, schema)).toThrow(message);
  });
});

describe("formatting rows", () => {
  // Up to about the year 9000, and a quarter as far before 1970: ISO text has no year before 0.
  test.each([
    ["Y", 7_000n],
    ["M", 80_000n],
    ["W", 360_000n],
    ["D", 2_500_000n],
    ["h", 60_000_000n],
    ["m", 3_600_000_000n],
    ["s", 220_000_000_000n],
    ["ms", 220_000_000_000_000n],
    ["us", 2n ** 53n],
    ["ns", 2n ** 63n - 1n],
  ])("keeps times in %s exact", async (unit, most) => {
    const schema: Schema = new Schema({ time: `M8[${unit}]*` });
    const repo = await openRepo("memory://");
    const series = (await repo.createCollection(schema, "c")).series("s");
    await fc.assert(
      fc.asyncProperty(fc.bigInt(-most / 4n, most), async (time) => {
        const data = BigInt64Array.of(time);
        const frame = new Frame([{ name: "time", type: `datetime64[${unit}]`, data }]);
        await series.write(parseRows(headerOf(schema) + formatRows(frame), schema).columns);
        expect((await series.read({ start: time, stop: time, closed: "both" })).get("time")).toEqual(data);
      }),
    );
    repo.close();
  });

  test("parsing restores every value", async () => {
    const repo = await openRepo("memory://");
    const series = (await repo.createCollection(schema, "c")).series("s");
    const rows = {
      time: ["2026-01-01T10:00:00.123Z", "2026-01-02"],
      value: [Number.NaN, -1e-300],
      count: [2n ** 63n - 1n, -5n],
      ok: [true, false],
      name: ['a "quoted", name', "ligne\u00e9"],
      more: [{ a: [1, null] }, "text"],
    };
    await series.write(rows);
    const first = await series.read();
    await series.write(parseRows(headerOf(schema) + formatRows(first), schema).columns);
    const second = await series.read();
    for (const { name } of schema.columns) expect(second.get(name)).toEqual(first.get(name));
    repo.close();
  });
});
