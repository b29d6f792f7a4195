import type { ImportFile } from "../../src/interchange.ts";
import type { Case } from "./conformance.ts";
import { type EntryPoint, expectError, expectSame } from "./helpers.ts";

const file = (path: string, text: string): ImportFile => ({ path, open: () => new Blob([text]) });

const FILES = [
  file("eu/Brussels.csv", "time,price,name\n2026-01-01,1.5,a\n2026-01-02,,b\n"),
  file("us/Boston.csv", "time,price,name\n2026-01-01,2.5,\n"),
  file("README.md", "about the files"),
];

/** Creates a folder in memory. */
function folder() {
  const files = new Map<string, string>();
  const sink = (path: string) => {
    const decoder = new TextDecoder();
    let text = "";
    return new WritableStream<Uint8Array>({
      write(piece) {
        text += decoder.decode(piece, { stream: true });
      },
      close() {
        files.set(path, text);
      },
    });
  };
  return { files, sink };
}

async function imported(entryPoint: EntryPoint) {
  const repo = await entryPoint.open("memory://");
  const report = await entryPoint.interchange.importFiles(repo, FILES, { collection: "prices" });
  return { repo, report, collection: await repo.collection("prices") };
}

export const cases: readonly Case[] = [
  {
    name: "import: files become series, in one revision",
    async run(entryPoint) {
      const { repo, report, collection } = await imported(entryPoint);
      expectSame(
        report.series.map(({ label, rows }) => [label, rows]),
        [
          ["eu/Brussels", 2],
          ["us/Boston", 1],
        ],
        "series",
      );
      expectSame(report.skipped, ["README.md"], "skipped");
      expectSame(report.types, { time: "date*", price: "float", name: "str" }, "types");
      expectSame(await collection.ls(), ["eu/Brussels", "us/Boston"], "labels");
      expectSame((await collection.log()).length, 1, "revisions");
      expectSame(
        (await collection.series("eu/Brussels").read()).get("price"),
        Float64Array.of(1.5, Number.NaN),
        "price",
      );
      const again = await entryPoint.interchange.importFiles(repo, FILES, {
        collection: "prices",
        revision: "each",
      });
      expectSame(again.series.length, 2, "series the second time");
      expectSame((await collection.log()).length, 1, "revisions, for nothing is new");
    },
  },
  {
    name: "import: a dry run returns types and changes nothing",
    async run(entryPoint) {
      const repo = await entryPoint.open("memory://");
      const plan = await entryPoint.interchange.importFiles(repo, FILES, {
        collection: "prices",
        types: { time: "timestamp*" },
        dryRun: true,
      });
      expectSame(plan.types, { time: "timestamp*", price: "float", name: "str" }, "types");
      const [first] = plan.series;
      expectSame(
        first,
        {
          path: "eu/Brussels.csv",
          label: "eu/Brussels",
          format: "csv",
          dialect: { delimiter: ",", decimal: ".", formats: {} },
          rows: undefined,
        },
        "series",
      );
      expectSame(await repo.ls(), [], "collections");
    },
  },
  {
    name: "import: takes the most precise type if files differ in precision",
    async run(entryPoint) {
      const repo = await entryPoint.open("memory://");
      const files = [
        file("a.csv", "time,price,size\n2026-01-01,1,1\n"),
        file("b.csv", "time,price,size\n2026-01-01T10:00:00.5,1.5,2\n"),
        file("c.csv", "time,price,size\n2026-01-01T10:00:00,,3\n"),
      ];
      const { types } = await entryPoint.interchange.importFiles(repo, files, { collection: "c" });
      expectSame(types, { time: "M8[ms]*", price: "float", size: "int" }, "types");
    },
  },
  {
    name: "import: writes nothing if files differ or one is invalid",
    async run(entryPoint) {
      const repo = await entryPoint.open("memory://");
      const { importFiles } = entryPoint.interchange;
      const options = { collection: "prices" };
      const other = file("z.csv", "time,price\n2026-01-01,x\n");
      await expectError(
        importFiles(repo, [...FILES, other], options),
        "invalid-schema",
        /Brussels\.csv and z\.csv .*time,price,name and time,price/,
      );
      const typed = file("z.csv", "time,price,name\n2026-01-01,true,x\n");
      await expectError(
        importFiles(repo, [...FILES, typed], options),
        "invalid-schema",
        /Brussels\.csv and z\.csv .*"price" is float in one, and bool in the other/,
      );
      const twin = file("us/Boston.csv.gz", "");
      await expectError(importFiles(repo, [...FILES, twin], options), "exists", /us\/Boston/);
      expectSame(await repo.ls(), [], "collections");
      const wrong = file("z.csv", "time,price,name\n2026-01-02,1,\n2026-01-01,1,\n");
      await expectError(importFiles(repo, [...FILES, wrong], options), "unsorted", /z\.csv.*line 3/);
      expectSame(await (await repo.collection("prices")).ls(), [], "series");
    },
  },
  {
    name: "import: a file replaces its whole range, also between its pages",
    async run(entryPoint) {
      const { repo, collection } = await imported(entryPoint);
      const series = collection.series("eu/Brussels");
      const days = (numbers: number[]) =>
        `time,price,name\n${numbers.map((day) => `2026-01-0${day},${day},x`).join("\n")}\n`;
      const { importFiles } = entryPoint.interchange;
      const options = { collection: "prices", pageLength: 1, revision: "each" as const };
      await importFiles(repo, [file("eu/Brussels.csv", days([1, 2, 3, 4, 5, 6, 7]))], options);
      await importFiles(repo, [file("eu/Brussels.csv", days([2, 4, 6]))], options);
      expectSame((await series.read()).get("price"), Float64Array.of(1, 2, 4, 6, 7), "days");
    },
  },
  {
    name: "export: one file per series, which can be imported again unchanged",
    async run(entryPoint) {
      const { collection } = await imported(entryPoint);
      const { files, sink } = folder();
      const report = await entryPoint.interchange.exportCollection(collection, sink);
      expectSame(
        [...files].filter(([path]) => path.endsWith(".csv")),
        [
          ["eu/Brussels.csv", "time,price,name\n2026-01-01,1.5,a\n2026-01-02,,b\n"],
          ["us/Boston.csv", "time,price,name\n2026-01-01,2.5,\n"],
        ],
        "files",
      );
      expectSame(
        report.series.map(({ rows }) => rows),
        [2, 1],
        "rows",
      );
      const schema: unknown = JSON.parse(files.get("_schema.json") ?? "");
      expectSame([schema, files.size], [collection.schema.dump(), 3], "the schema beside them");
      const { files: part, sink: partly } = folder();
      await entryPoint.interchange.exportCollection(collection, partly, {
        labels: ["us/Boston"],
        start: "2027-01-01",
        columns: ["time"],
      });
      expectSame([...part], [["us/Boston.csv", "time\n"]], "an empty range");
    },
  },
];
