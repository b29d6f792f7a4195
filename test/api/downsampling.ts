import type { Downsampled, DownsampleMethod, ReadProgress } from "../../src/model/api/read.ts";
import type { Series } from "../../src/model/api/series.ts";
import type { PublishProgress } from "../../src/model/api/sync.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame, minutes, START, weather } from "./helpers.ts";

/** Enough for several segments, and for summaries of them. */
const MANY = 400_000;
const METHODS: readonly DownsampleMethod[] = ["minmax", "m4", "mean", "lttb"];
const time = (row: number) => (START + 60 * row) * 1000;

/** A sawtooth with one spike up and one down, and an hour without values. */
const wave = (row: number) => {
  if (row === 123_456) return 1e6;
  if (row === 234_567) return -1e6;
  return row >= 300_000 && row < 300_060 ? Number.NaN : row % 1000;
};

async function filled(entryPoint: EntryPoint): Promise<Series> {
  const { collection } = await weather(entryPoint);
  const series = collection.series("Brussels");
  const { timestamp } = minutes(MANY);
  await series.write({ timestamp, value: Float64Array.from(timestamp, (_, row) => wave(row)) });
  return series;
}

const points = ({ columns }: Downsampled) => columns.value!;
const extremes = (found: Downsampled) => {
  const { y, low = y, high = y } = points(found);
  return [
    Math.min(...low.filter((v) => !Number.isNaN(v))),
    Math.max(...high.filter((v) => !Number.isNaN(v))),
  ];
};

export const cases: readonly Case[] = [
  {
    name: "downsample: keeps extremes within the number of points, with and without summaries",
    async run(entryPoint) {
      const series = await filled(entryPoint);
      for (const method of METHODS) {
        const found = await series.downsample({ points: 400, method, columns: ["value"] });
        expectSame(found.rows, MANY, `${method}: rows`);
        const { x, y } = points(found);
        expectSame(
          x.length <= 400 && x.length > 90 && y.length === x.length,
          true,
          `${method}: ${x.length} points`,
        );
        expectSame(
          x.every((at, i) => i === 0 || at >= x[i - 1]!),
          true,
          `${method}: in order`,
        );
        expectSame(extremes(found), [-1e6, 1e6], `${method}: extremes`);
        expectSame(
          await series.downsample({ points: 400, method, columns: ["value"] }),
          found,
          `${method}: again`,
        );
      }
      const { x, y } = points(await series.downsample({ points: 400, columns: ["value"] }));
      expectSame(x[y.indexOf(1e6)], time(123_456), "the spike keeps its position");
    },
  },
  {
    name: "downsample: a zoomed range, down to single rows",
    async run(entryPoint) {
      const series = await filled(entryPoint);
      const start = new Date(time(299_990));
      const near = await series.downsample({ start, stop: new Date(time(300_070)), points: 100 });
      expectSame(near.rows, 80, "rows");
      expectSame(
        Array.from(points(near).x),
        Array.from({ length: 80 }, (_, i) => time(299_990 + i)),
        "x",
      );
      expectSame(
        points(near).y,
        Float64Array.from({ length: 80 }, (_, i) => wave(299_990 + i)),
        "y",
      );
      // Rows too many for a plain read, slices too narrow for blocks.
      const options = { start: new Date(time(1_001)), stop: new Date(time(351_003)), points: 20_000 };
      const found = await series.downsample(options);
      expectSame(found.rows, 350_002, "rows of a wide range");
      expectSame(points(found).x[0]! >= time(1_001), true, "begins at the start");
      expectSame(points(found).x.at(-1)! < time(351_003), true, "ends before the stop");
      expectSame(points(found).y.some(Number.isNaN), true, "a gap is shown");
      const gap = points(found).x[points(found).y.findIndex(Number.isNaN)]!;
      expectSame(gap >= time(300_000) && gap < time(300_060), true, "where it is");
    },
  },
  {
    name: "downsample: a range that begins and ends within blocks has exactly its rows",
    async run(entryPoint) {
      const series = await filled(entryPoint);
      await series.downsample({ points: 40 }); // creates the summaries
      // A spike is the first row or just before it, the last row or just after it; also ranges of whole blocks.
      const ranges = [
        [123_456, 234_567],
        [123_457, 234_568],
        [1_001, 299_999],
        [128, 128 * 2_000],
        [127, 128 * 2_000 + 1],
      ] as const;
      for (const [from, to] of ranges) {
        const values = Array.from({ length: to - from }, (_, i) => wave(from + i));
        const sorted = Float64Array.from(values).sort();
        const expected = [to - from, sorted[0], sorted.at(-1)];
        const options = { start: new Date(time(from)), stop: new Date(time(to)), columns: ["value"] };
        for (const method of ["minmax", "m4", "mean"] as const) {
          const found = await series.downsample({ ...options, points: 60, method });
          expectSame([found.rows, ...extremes(found)], expected, `${method}, rows ${from} to ${to}`);
        }
        const { x, y } = points(await series.downsample({ ...options, points: 60, method: "m4" }));
        expectSame([x[0], x.at(-1)], [time(from), time(to - 1)], `ends of rows ${from} to ${to}`);
        expectSame(
          [y[0], y.at(-1)],
          [wave(from), wave(to - 1)],
          `values at the ends of rows ${from} to ${to}`,
        );
      }
    },
  },
  {
    name: "downsample: sees changes, and earlier states with `before`",
    async run(entryPoint) {
      const series = await filled(entryPoint);
      await series.downsample({ points: 200 });
      await series.write({ timestamp: [time(100_000), time(100_001)], value: [3e6, 3e6] });
      expectSame(extremes(await series.downsample({ points: 200 })), [-1e6, 3e6], "after a write");
      await series.delete({ start: new Date(time(100_000)), stop: new Date(time(234_568)) });
      const found = await series.downsample({ points: 200 });
      expectSame([found.rows, ...extremes(found)], [MANY - 134_568, 0, 999], "after a deletion");
    },
  },
  {
    name: "downsample: is the same from overviews",
    async run(entryPoint) {
      const { repo, collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      const { timestamp } = minutes(MANY);
      await series.write({ timestamp, value: Float64Array.from(timestamp, (_, row) => wave(row)) });
      const charts = METHODS.map((method) => ({ method, points: 100 }));
      const draw = () => Promise.all(charts.map((chart) => series.downsample(chart)));
      const before = await draw();
      let last: PublishProgress | undefined;
      const published = await repo.publish({
        overviews: true,
        onProgress: (progress) => {
          last = progress;
        },
      });
      const { files = 0, bytes = 0, failed } = published.overviews ?? {};
      expectSame([files > 0, bytes > 0, failed], [true, true, 0], "what was made");
      expectSame(last, { files, totalFiles: files, bytes, label: "weather" }, "progress");
      expectSame(await draw(), before, "pictures");
      expectSame((await repo.verify()).overviews, files, "verified");
      await expectError(repo.publish({ overviews: true, signal: AbortSignal.abort() }), "aborted");
    },
  },
  {
    name: "downsample: progress, abort and invalid options",
    async run(entryPoint) {
      const { collection } = await weather(entryPoint);
      const series = collection.series("Brussels");
      expectSame(
        await series.downsample({ missing: "empty" }),
        { rows: 0, columns: { value: { x: new Float64Array(), y: new Float64Array() } } },
        "none",
      );
      await series.write(minutes(MANY));
      let last: ReadProgress | undefined;
      await series.downsample({
        onProgress: (progress) => {
          last = progress;
        },
      });
      expectSame(
        last && last.totalChunks > 0 && last.chunks === last.totalChunks,
        true,
        "progress comes to its end",
      );
      await expectError(series.downsample({ signal: AbortSignal.abort() }), "aborted");
      await expectError(series.downsample({ points: 1 }), "invalid-argument", /points: 1 /);
      await expectError(series.downsample({ columns: ["timestamp"] }), "invalid-argument", /x axis/);
      await expectError(series.downsample({ columns: ["nothing"] }), "invalid-argument", /nothing/);
      // @ts-expect-error: not one of the methods
      await expectError(series.downsample({ method: "best" }), "invalid-argument", /minmax, m4, mean, lttb/);
    },
  },
  {
    name: "downsample: all numeric types, and no others",
    async run(entryPoint) {
      const repo = await entryPoint.open("memory://");
      const schema = new entryPoint.Schema({
        at: "i8*",
        b: "bool",
        i: "int",
        u: "u2",
        h: "f4",
        d: "m8[s]",
        s: "str",
      });
      const series = (await repo.createCollection(schema, "c")).series("s");
      const at = [1n, 2n, 5n];
      await series.write({
        at,
        b: [true, false, true],
        i: [1, 2, 3],
        u: [4, 5, 6],
        h: [0.5, 1, 2],
        d: at,
        s: ["", "", ""],
      });
      const { columns } = await series.downsample();
      const shown = Object.entries(columns).map(([name, { x, y }]) => [name, Array.from(x), Array.from(y)]);
      const x = [1, 2, 5];
      expectSame(
        shown,
        [
          ["b", x, [1, 0, 1]],
          ["i", x, [1, 2, 3]],
          ["u", x, [4, 5, 6]],
          ["h", x, [0.5, 1, 2]],
          ["d", x, [1000, 2000, 5000]],
        ],
        "columns",
      );
      // @ts-expect-error: text cannot be drawn
      await expectError(series.downsample({ columns: ["s"] }), "invalid-argument", /"s" .* holds no numbers/);
      const words = (
        await repo.createCollection(new entryPoint.Schema({ k: "str*", v: "float" }), "w")
      ).series("s");
      await expectError(words.downsample({ missing: "empty" }), "invalid-argument", /index starts with "k"/);
    },
  },
];
