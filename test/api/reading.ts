import type { ReadProgress } from "../../src/model/api/read.ts";
import type { Frame } from "../../src/model/frame.ts";
import type { Row } from "../../src/model/frame-rows.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, ownsBuffer, START, weather } from "./helpers.ts";

/** More rows than two segments hold. */
const MANY = 300_000;

async function filled(entryPoint: EntryPoint, rows: number) {
  const { repo, collection } = await weather(entryPoint);
  const series = collection.series("Brussels");
  await series.write(minutes(rows));
  return { repo, collection, series };
}

const rowsOf = (frame: Frame) => Array.from(frame.numbers("value"), (value) => value - 0.5);
const time = (row: number) => new Date((START + 60 * row) * 1000);
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

export const cases: readonly Case[] = [
  {
    name: "read: everything, exact or as numbers",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 5);
      const frame = await series.read();
      expectSame(frame.length, 5, "rows");
      expectSame(frame.columns, ["timestamp", "value"], "columns");
      expectSame(frame.type("timestamp"), "datetime64[s]", "type");
      expectSame(frame.get("timestamp"), minutes(5).timestamp, "times");
      expectSame(frame.get("value"), minutes(5).value, "values");
      const numbers = await series.read({ numbers: true });
      expectSame(
        numbers.get("timestamp"),
        Float64Array.from(range(0, 5), (row) => time(row).getTime()),
        "numbers",
      );
    },
  },
  {
    name: "read: start, stop and each value of `closed`",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 10);
      const bounds = { start: time(2), stop: time(5) };
      expectSame(rowsOf(await series.read(bounds)), [2, 3, 4], "left is the default");
      expectSame(rowsOf(await series.read({ ...bounds, closed: "left" })), [2, 3, 4], "left");
      expectSame(rowsOf(await series.read({ ...bounds, closed: "right" })), [3, 4, 5], "right");
      expectSame(rowsOf(await series.read({ ...bounds, closed: "both" })), [2, 3, 4, 5], "both");
      expectSame(rowsOf(await series.read({ ...bounds, closed: "none" })), [3, 4], "none");
      expectSame(rowsOf(await series.read({ start: time(8) })), [8, 9], "no stop");
      expectSame(rowsOf(await series.read({ stop: time(2) })), [0, 1], "no start");
      expectSame(rowsOf(await series.read({ start: time(20) })), [], "beyond the end");
    },
  },
  {
    name: "read: bounds as text, Date, milliseconds, bigint, array",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 5);
      const row2 = time(2);
      for (const start of [row2.toISOString(), row2, row2.getTime(), BigInt(row2.getTime() / 1000), [row2]])
        expectSame(rowsOf(await series.read({ start })), [2, 3, 4], `start ${String(start)}`);
    },
  },
  {
    name: "read: limit, offset, columns",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 10);
      expectSame(rowsOf(await series.read({ limit: 3 })), [0, 1, 2], "limit");
      expectSame(rowsOf(await series.read({ offset: 8 })), [8, 9], "offset");
      expectSame(
        rowsOf(await series.read({ offset: 2, limit: 2, start: time(3) })),
        [5, 6],
        "within a range",
      );
      expectSame((await series.read({ limit: 0 })).length, 0, "none");
      const frame = await series.read({ columns: ["value"] });
      expectSame(frame.columns, ["value"], "columns");
      await expectError(series.read({ columns: ["vlaue"] }), "invalid-argument", /vlaue/);
    },
  },
  {
    name: "read: rows as objects, parts of a frame, and JSON",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      await collection.series("s").write({ ...minutes(3), value: [1, Number.NaN, 3] });
      const frame = await collection.series("s").read();
      const entries = (rows: Iterable<Row>) => Array.from(rows, (row) => Object.entries(row));
      const last = [
        ["timestamp", BigInt(START + 120)],
        ["value", 3],
      ];
      expectSame(Object.entries(frame.row(-1)!), last, "the last row");
      expectSame([frame.row(3), frame.row(-4)], [undefined, undefined], "no row");
      expectSame(entries(frame.slice(1)), entries(frame.toArray().slice(1)), "rows of a part");
      expectSame(
        JSON.parse(JSON.stringify(await collection.series("s").tail(2, { numbers: true }))),
        [
          { timestamp: "2020-01-01T00:01:00Z", value: null },
          { timestamp: "2020-01-01T00:02:00Z", value: 3 },
        ],
        "JSON",
      );
      const copy = collection.series("copy");
      await copy.write(frame.slice(1));
      expectSame(entries(await copy.read()), entries(frame.slice(1)), "a part that was written");
    },
  },
  {
    name: "tail and length",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 10);
      expectSame(rowsOf(await series.tail(3)), [7, 8, 9], "tail");
      expectSame(rowsOf(await series.tail(2, { stop: time(5) })), [3, 4], "tail of a range");
      expectSame(rowsOf(await series.tail(99)), range(0, 10), "tail of more than there is");
      expectSame(await series.length(), 10, "length");
      expectSame(
        await series.length({ start: time(4), stop: time(7), closed: "both" }),
        4,
        "length of a range",
      );
    },
  },
  {
    name: "pages: in order to the end, and stopped early",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 25);
      const pages: number[][] = [];
      for await (const page of series.pages({ pageLength: 10 })) pages.push(rowsOf(page));
      expectSame(pages, [range(0, 10), range(10, 20), range(20, 25)], "pages");
      for await (const page of series.pages({ pageLength: 10 })) {
        expectSame(rowsOf(page), range(0, 10), "first page");
        break;
      }
      const iterator = series.pages({ pageLength: 10 });
      await iterator.next();
      expectSame((await iterator.return?.())?.done, true, "return");
      expectSame((await iterator.next()).done, true, "after return");
      await expectError(series.pages({ pageLength: 0 }).next(), "invalid-argument", /pageLength/);
    },
  },
  {
    name: "pages: all show the state at the first page",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 20);
      const pages = series.pages({ pageLength: 10 });
      await pages.next();
      await series.write(minutes(20, 20));
      expectSame(rowsOf((await pages.next()).value), range(10, 20), "second page");
      expectSame((await pages.next()).done, true, "end");
    },
  },
  {
    name: "read: many rows of several segments",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, MANY);
      const frame = await series.read();
      expectSame(frame.length, MANY, "rows");
      const value = frame.numbers("value");
      const wrong = range(0, MANY).findIndex((row) => value[row] !== row + 0.5);
      expectSame(wrong, -1, "first wrong row");
      expectSame(rowsOf(await series.tail(2)), [MANY - 2, MANY - 1], "tail");
      let rows = 0;
      for await (const page of series.pages({ pageLength: 70_000 })) rows += page.length;
      expectSame(rows, MANY, "rows of all pages");
    },
  },
  {
    name: "read: each column owns its buffer",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, MANY);
      for (const options of [{}, { start: time(3), limit: 10 }, { numbers: true }]) {
        const frame = await series.read(options);
        const [timestamp, value] = [frame.get("timestamp"), frame.get("value")];
        expectSame([ownsBuffer(timestamp), ownsBuffer(value)], [true, true], "own buffers");
        if (Array.isArray(value)) throw new Error("Numbers came as a plain array.");
        structuredClone(value, { transfer: [value.buffer] });
      }
      expectSame(
        rowsOf(await series.read({ limit: 2 })),
        [0, 1],
        "read after the buffers of others were taken",
      );
    },
  },
  {
    name: "progress: known totals, never decreases, reaches the end",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, MANY);
      const told: ReadProgress[] = [];
      await series.read({ onProgress: (progress) => told.push(progress) });
      const last = told.at(-1);
      if (!last) throw new Error("Nothing was told.");
      expectSame(last.chunks, last.totalChunks, "chunks at the end");
      expectSame(last.bytes, last.totalBytes, "bytes at the end");
      expectSame(last.totalBytes, 16 * MANY, "total bytes");
      for (const [i, { totalChunks, totalBytes, chunks, bytes }] of told.entries()) {
        expectSame([totalChunks, totalBytes], [last.totalChunks, last.totalBytes], "totals");
        const before = told[i - 1];
        if (before && (chunks < before.chunks || bytes < before.bytes)) throw new Error("It went back.");
      }
    },
  },
  {
    name: "a signal that has fired already, and one that fires during a read",
    async run(entryPoint) {
      const { repo, collection, series } = await filled(entryPoint, MANY);
      const signal = AbortSignal.abort();
      await expectError(series.read({ signal }), "aborted");
      await expectError(series.tail(1, { signal }), "aborted");
      await expectError(series.length({ signal }), "aborted");
      await expectError(series.pages({ signal }).next(), "aborted");
      await expectError(repo.collection("weather", { signal }), "aborted");
      await expectError(collection.ls({ signal }), "aborted");
      const controller = new AbortController();
      const reading = series.read({ signal: controller.signal });
      controller.abort();
      await expectError(reading, "aborted");
      expectSame(await series.length(), MANY, "read after an abort");
    },
  },
  {
    name: "many concurrent reads",
    async run(entryPoint) {
      const { series } = await filled(entryPoint, 1_000);
      const frames = await Promise.all(range(0, 50).map((row) => series.read({ offset: row, limit: 2 })));
      expectSame(
        frames.map(rowsOf),
        range(0, 50).map((row) => [row, row + 1]),
        "rows",
      );
    },
  },
  {
    name: "read: the state before a time, a revision, an epoch",
    async run(entryPoint) {
      const { collection, series } = await filled(entryPoint, 3);
      await series.write(minutes(1, 3));
      const [first, second] = await collection.log();
      if (!first || !second) throw new Error("Two revisions were expected.");
      for (const before of [second, second.epoch, second.time, second.time.getTime()])
        expectSame(rowsOf(await series.read({ before })), [0, 1, 2], `before ${String(before)}`);
      expectSame(await series.length({ before: first, missing: "empty" }), 0, "before all");
    },
  },
];
