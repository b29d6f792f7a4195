import type { Collection } from "../../src/model/api/collection.ts";
import type { ReadProgress } from "../../src/model/api/read.ts";
import type { Series } from "../../src/model/api/series.ts";
import type { Frame } from "../../src/model/frame.ts";
import { and, col, count, floor, gt, isin, lt, max, mean, min, quantile } from "../../src/query.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, ownsBuffer, START, weather } from "./helpers.ts";

/** More rows than two segments hold. */
const MANY = 300_000;
const time = (row: number) => new Date((START + 60 * row) * 1000);

async function filled(entryPoint: EntryPoint, rows: number): Promise<Series> {
  const { collection } = await weather(entryPoint);
  const series = collection.series("Brussels");
  await series.write(minutes(rows));
  return series;
}

/** Creates a series of numbers, times, text and objects. */
async function stations({ open, Schema }: EntryPoint): Promise<Collection> {
  const repo = await open("memory://");
  const schema = new Schema({ timestamp: "timestamp*", station: "str", n: "int", value: "float", note: "O" });
  const collection = await repo.createCollection(schema, "stations");
  await collection.series("s").write({
    timestamp: Float64Array.from({ length: 8 }, (_, i) => Date.UTC(2026, 2, 28, 6 * i)),
    station: ["Uccle", "Ghent", "Uccle", "Liège", "Ghent", "Uccle", "Liège", "Uccle"],
    n: [1, 2, 3, 4, 5, 6, 7, 8],
    value: [1.5, Number.NaN, 2.5, 0, -1, 4, Number.NaN, 7],
    note: ["a", null, { b: 1 }, 4, 5, 6, 7, 8],
  });
  return collection;
}

const rowsOf = (frame: Frame) => Array.from(frame.numbers("value"), (value) => value - 0.5);
const plain = (frame: Frame) =>
  frame.columns.map((name) => [
    name,
    ...Array.from(frame.get(name) as ArrayLike<unknown>, (value) =>
      typeof value === "bigint" ? Number(value) : value,
    ),
  ]);

export const cases: readonly Case[] = [
  {
    name: "where: rows that meet a condition, as a tree or as text",
    async run(entryPoint) {
      const series = await filled(entryPoint, 1_000);
      const tree = and(gt(col("value"), 10), lt(col("timestamp"), time(15)));
      const text = `(and (> self.value 10) (< self.timestamp "${time(15).toISOString()}"))`;
      for (const where of [tree, text])
        expectSame(rowsOf(await series.read({ where })), [10, 11, 12, 13, 14], "rows");
      const columns = await series.read({ where: tree, columns: ["timestamp"], numbers: true });
      expectSame(
        columns.columns,
        ["timestamp"],
        "columns that are only in the condition are not in the frame",
      );
      expectSame(
        columns.get("timestamp"),
        Float64Array.from([10, 11, 12, 13, 14], (row) => time(row).getTime()),
        "times",
      );
      expectSame(ownsBuffer(columns.get("timestamp")), true, "owns its buffer");
      const range = { start: time(2), stop: time(6), where: "(!= self.value 3.5)" };
      expectSame(rowsOf(await series.read(range)), [2, 4, 5], "within a range");
      expectSame((await series.read({ where: "(< self.value 0)" })).length, 0, "none");
    },
  },
  {
    name: "where: limit, offset, tail and pages count the rows that pass, over many segments",
    async run(entryPoint) {
      const series = await filled(entryPoint, MANY);
      const where = "(= (% (floor_divide self.value 1) 1000) 7)";
      const all = Array.from({ length: MANY / 1000 }, (_, i) => 1000 * i + 7);
      expectSame(rowsOf(await series.read({ where })), all, "all");
      expectSame(rowsOf(await series.read({ where, limit: 3 })), all.slice(0, 3), "limit");
      expectSame(rowsOf(await series.read({ where, offset: 250, limit: 20 })), all.slice(250, 270), "offset");
      expectSame(rowsOf(await series.read({ where, offset: 290 })), all.slice(290), "offset alone");
      expectSame(rowsOf(await series.read({ where, offset: 1000 })), [], "offset beyond the end");
      expectSame(rowsOf(await series.read({ where, limit: 0 })), [], "limit 0");
      expectSame(rowsOf(await series.tail(5, { where })), all.slice(-5), "tail");
      expectSame(
        rowsOf(await series.tail(150, { where, stop: time(290_000) })),
        all.slice(140, 290),
        "tail of a range",
      );
      expectSame(rowsOf(await series.tail(0, { where })), [], "tail of none");
      const pages: number[][] = [];
      for await (const page of series.pages({ where, pageLength: 80 })) pages.push(rowsOf(page));
      expectSame(
        pages.map(({ length }) => length),
        [80, 80, 80, 60],
        "lengths of pages",
      );
      expectSame(pages.flat(), all, "pages");
      const long: Frame[] = [];
      for await (const page of series.pages({ where: "true", pageLength: 70_000 })) long.push(page);
      expectSame(
        long.map(({ length }) => length),
        [70_000, 70_000, 70_000, 70_000, 20_000],
        "long pages",
      );
      for await (const page of series.pages({ where, pageLength: 10 })) {
        expectSame(rowsOf(page), all.slice(0, 10), "a page that is the last one looked at");
        break;
      }
    },
  },
  {
    name: "reduce: one value of all rows",
    async run(entryPoint) {
      const series = await filled(entryPoint, MANY);
      const columns = {
        rows: count(),
        low: min(col("value")),
        high: "(max self.value)",
        mean: mean(col("value")),
        median: quantile(col("value")),
        first: "(first self.timestamp)",
        spread: "(- (max self.value) (min self.value))",
      };
      const frame = await series.reduce({ columns });
      expectSame(frame.columns, Object.keys(columns), "columns");
      expectSame(
        plain(frame).map(([, value]) => value),
        [MANY, 0.5, MANY - 0.5, MANY / 2, MANY / 2, START, MANY - 1],
        "values",
      );
      expectSame([frame.type("rows"), frame.type("first")], ["int64", "datetime64[s]"], "types");
      const some = await series.reduce({
        columns: { rows: "(count)" },
        start: time(5),
        stop: time(9),
        closed: "both",
        where: "(> self.value 7)",
      });
      expectSame(plain(some), [["rows", 3]], "of a range, with a condition");
      const numbers = await series.reduce({
        columns: { rows: "(count)", first: "(first self.timestamp)" },
        numbers: true,
      });
      expectSame(
        [numbers.get("rows"), numbers.get("first")],
        [Float64Array.of(MANY), Float64Array.of(START * 1000)],
        "numbers",
      );
    },
  },
  {
    name: "reduce: groups that span segments",
    async run(entryPoint) {
      const series = await filled(entryPoint, MANY);
      const days = await series.reduce({
        columns: { day: floor(col("timestamp"), "day"), top: max(col("value")), rows: "(count)" },
        where: "(>= self.value 100)",
      });
      const wanted = Array.from({ length: Math.ceil(MANY / 1440) }, (_, day) => [
        START + 86_400 * day,
        Math.min(1440 * (day + 1), MANY) - 0.5,
        Math.min(1440, MANY - 1440 * day) - (day === 0 ? 100 : 0),
      ]);
      const found = plain(days);
      expectSame(
        found.map(([name]) => name),
        ["day", "top", "rows"],
        "columns",
      );
      expectSame(
        wanted.map((_, row) => found.map((column) => column[row + 1])),
        wanted,
        "groups",
      );
    },
  },
  {
    name: "reduce: groups by text, by local time, by several columns, and without aggregates",
    async run(entryPoint) {
      const series = (await stations(entryPoint)).series("s");
      const by = await series.reduce({
        columns: { station: "station", sum: "(sum self.value)", last: "(last self.value)", n: "(count)" },
      });
      expectSame(
        plain(by),
        [
          ["station", "Ghent", "Liège", "Uccle"],
          ["sum", -1, 0, 15],
          ["last", -1, 0, 7],
          ["n", 2, 2, 4],
        ],
        "by text; missing values are left out",
      );
      // Summer time began on 29 March at 01:00 UTC.
      const day = await series.reduce({
        columns: { day: '(floor self.timestamp "D" "Europe/Brussels")', n: "(sum self.n)" },
        numbers: true,
      });
      const days = ["2026-03-27T23:00Z", "2026-03-28T23:00Z"].map(Date.parse);
      expectSame(
        plain(day),
        [
          ["day", ...days],
          ["n", 10, 26],
        ],
        "by day",
      );
      const two = await series.reduce({
        columns: { late: "(>= (hour self.timestamp) 12)", station: "station", low: "(min self.n)" },
        where: isin(col("station"), ["Uccle", "Liège"]),
      });
      expectSame(
        plain(two),
        [
          ["late", 0, 1, 1],
          ["station", "Uccle", "Liège", "Uccle"],
          ["low", 1, 4, 3],
        ],
        "by two",
      );
      await expectError(
        series.reduce({ columns: { one: "1" } }),
        "invalid-argument",
        /no column "1".*station, n, value/,
      );
      const each = await series.reduce({
        columns: { note: "note", double: "(* self.n 2)", one: { op: "value", value: 1 } },
        where: "(> self.n 5)",
      });
      expectSame(
        plain(each),
        [
          ["note", 6, 7, 8],
          ["double", 12, 14, 16],
          ["one", 1, 1, 1],
        ],
        "row by row",
      );
    },
  },
  {
    name: "reduce: a series without rows, and a condition that no row meets",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const columns = { day: floor(col("timestamp"), "D"), mean: mean(col("value")) };
      const missing = "empty" as const;
      for (const label of ["nobody", "Brussels"]) {
        const frame = await collection.series(label).reduce({ columns, where: "(< self.value 0)", missing });
        expectSame([frame.length, frame.columns, frame.type("mean")], [0, ["day", "mean"], "float64"], label);
        const each = await collection
          .series(label)
          .reduce({ columns: { v: "value" }, where: "false", missing });
        expectSame([each.length, each.type("v")], [0, "float64"], "row by row");
        expectSame(
          (await collection.series(label).read({ where: "false", missing })).columns,
          ["timestamp", "value"],
          "a read",
        );
        await collection.series("Brussels").write(minutes(3));
      }
    },
  },
  {
    name: "reduce: sees earlier states with `before`, and overlapping writes once",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      await series.write(minutes(10));
      await series.write({ ...minutes(4, 3), value: new Float64Array(4).fill(100) });
      const log = await collection.log();
      const columns = { rows: "(count)", sum: "(sum self.value)" };
      expectSame(
        plain(await series.reduce({ columns })),
        [
          ["rows", 10],
          ["sum", 50 - 3.5 - 4.5 - 5.5 - 6.5 + 400],
        ],
        "now",
      );
      expectSame(
        plain(await series.reduce({ columns, before: log[1]! })),
        [
          ["rows", 10],
          ["sum", 50],
        ],
        "before",
      );
      expectSame(
        rowsOf(await series.read({ where: "(> self.value 50)", before: log[1]! })),
        [],
        "where, before",
      );
    },
  },
  {
    name: "where and reduce: progress, abort, and errors that are thrown before anything is read",
    async run(entryPoint) {
      const series = await filled(entryPoint, MANY);
      let last: ReadProgress | undefined;
      const onProgress = (progress: ReadProgress) => {
        last = progress;
      };
      await series.reduce({ columns: { top: "(max self.value)" }, onProgress });
      expectSame(
        last && last.totalChunks > 2 && last.chunks === last.totalChunks,
        true,
        "progress comes to its end",
      );
      last = undefined;
      await series.read({ where: "(< self.value 9)", onProgress });
      expectSame(last !== undefined, true, "progress of a read");
      const signal = AbortSignal.abort();
      await expectError(series.reduce({ columns: { n: "(count)" }, signal }), "aborted");
      await expectError(series.read({ where: "true", signal }), "aborted");
      const ending = new AbortController();
      const started = series.reduce({
        columns: { n: "(count)" },
        signal: ending.signal,
        onProgress: () => ending.abort(),
      });
      await expectError(started, "aborted");
      await expectError(
        series.reduce({ columns: { x: "(mean self.nope)" } }),
        "invalid-argument",
        /mean\(nope\).*no column "nope".*timestamp, value/,
      );
      await expectError(
        series.reduce({ columns: { x: "(mean self.timestamp)" } }),
        "invalid-argument",
        /timestamp is datetime64\[s\]/,
      );
      await expectError(
        series.reduce({ columns: { x: "(mean self.value" } }),
        "invalid-argument",
        /ends too early/,
      );
      await expectError(series.reduce({ columns: {} }), "invalid-argument");
      await expectError(series.read({ where: "self.value" }), "invalid-argument", /condition/);
      await expectError(series.read({ where: "true", columns: ["nope"] }), "invalid-argument", /"nope"/);
      await expectError(
        series.tail(3, { where: gt(col("value"), "x") }),
        "invalid-argument",
        /cannot be compared/,
      );
      await expectError(
        series.pages({ where: "foo(value)" }).next(),
        "invalid-argument",
        /Unknown function "foo"/,
      );
    },
  },
];
