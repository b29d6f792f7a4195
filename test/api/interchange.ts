import type { ImportFile } from "../../src/interchange.ts";
import type { Case } from "./conformance.ts";
import { type Door, fails, same } from "./tools.ts";

const file = (path: string, text: string): ImportFile => ({ path, open: () => new Blob([text]) });

const FILES = [
  file("eu/Brussels.csv", "time,price,name\n2026-01-01,1.5,a\n2026-01-02,,b\n"),
  file("us/Boston.csv", "time,price,name\n2026-01-01,2.5,\n"),
  file("README.md", "about the files"),
];

/** A folder in memory. */
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

async function imported(door: Door) {
  const repo = await door.open("memory://");
  const report = await door.interchange.importFiles(repo, FILES, { collection: "prices" });
  return { repo, report, collection: await repo.collection("prices") };
}

export const cases: readonly Case[] = [
  {
    name: "import: files become series of one revision",
    async run(door) {
      const { repo, report, collection } = await imported(door);
      same(
        report.series.map(({ label, rows }) => [label, rows]),
        [
          ["eu/Brussels", 2],
          ["us/Boston", 1],
        ],
        "series",
      );
      same(report.skipped, ["README.md"], "skipped");
      same(report.types, { time: "date*", price: "float", name: "str" }, "types");
      same(await collection.ls(), ["eu/Brussels", "us/Boston"], "labels");
      same((await collection.log()).length, 1, "revisions");
      same(
        (await collection.series("eu/Brussels").read()).get("price"),
        Float64Array.of(1.5, Number.NaN),
        "price",
      );
      const again = await door.interchange.importFiles(repo, FILES, {
        collection: "prices",
        revision: "each",
      });
      same(again.series.length, 2, "series the second time");
      same((await collection.log()).length, 1, "revisions, for nothing is new");
    },
  },
  {
    name: "import: a dry run tells types and changes nothing",
    async run(door) {
      const repo = await door.open("memory://");
      const plan = await door.interchange.importFiles(repo, FILES, {
        collection: "prices",
        types: { time: "timestamp*" },
        dryRun: true,
      });
      same(plan.types, { time: "timestamp*", price: "float", name: "str" }, "types");
      const [first] = plan.series;
      same(
        first,
        { path: "eu/Brussels.csv", label: "eu/Brussels", format: "csv", rows: undefined },
        "series",
      );
      same(await repo.ls(), [], "collections");
    },
  },
  {
    name: "import: files whose types differ by how fine they are have the finest",
    async run(door) {
      const repo = await door.open("memory://");
      const files = [
        file("a.csv", "time,price,size\n2026-01-01,1,1\n"),
        file("b.csv", "time,price,size\n2026-01-01T10:00:00.5,1.5,2\n"),
        file("c.csv", "time,price,size\n2026-01-01T10:00:00,,3\n"),
      ];
      const { types } = await door.interchange.importFiles(repo, files, { collection: "c" });
      same(types, { time: "M8[ms]*", price: "float", size: "int" }, "types");
    },
  },
  {
    name: "import: nothing is written where files differ, or one of them is wrong",
    async run(door) {
      const repo = await door.open("memory://");
      const { importFiles } = door.interchange;
      const options = { collection: "prices" };
      const other = file("z.csv", "time,price\n2026-01-01,x\n");
      await fails(
        importFiles(repo, [...FILES, other], options),
        "invalid-schema",
        /Brussels\.csv and z\.csv .*time,price,name and time,price/,
      );
      const typed = file("z.csv", "time,price,name\n2026-01-01,true,x\n");
      await fails(
        importFiles(repo, [...FILES, typed], options),
        "invalid-schema",
        /Brussels\.csv and z\.csv .*"price" is float in one, and bool in the other/,
      );
      const twin = file("us/Boston.csv.gz", "");
      await fails(importFiles(repo, [...FILES, twin], options), "exists", /us\/Boston/);
      same(await repo.ls(), [], "collections");
      const wrong = file("z.csv", "time,price,name\n2026-01-02,1,\n2026-01-01,1,\n");
      await fails(importFiles(repo, [...FILES, wrong], options), "unsorted", /z\.csv.*line 3/);
      same(await (await repo.collection("prices")).ls(), [], "series");
    },
  },
  {
    name: "import: a file replaces its range, and what lies between its pages",
    async run(door) {
      const { repo, collection } = await imported(door);
      const series = collection.series("eu/Brussels");
      const days = (numbers: number[]) =>
        `time,price,name\n${numbers.map((day) => `2026-01-0${day},${day},x`).join("\n")}\n`;
      const { importFiles } = door.interchange;
      const options = { collection: "prices", pageLength: 1, revision: "each" as const };
      await importFiles(repo, [file("eu/Brussels.csv", days([1, 2, 3, 4, 5, 6, 7]))], options);
      await importFiles(repo, [file("eu/Brussels.csv", days([2, 4, 6]))], options);
      same((await series.read()).get("price"), Float64Array.of(1, 2, 4, 6, 7), "days");
    },
  },
  {
    name: "export: a file a series, which is imported again as it was",
    async run(door) {
      const { collection } = await imported(door);
      const { files, sink } = folder();
      const report = await door.interchange.exportCollection(collection, sink);
      same(
        [...files],
        [
          ["eu/Brussels.csv", "time,price,name\n2026-01-01,1.5,a\n2026-01-02,,b\n"],
          ["us/Boston.csv", "time,price,name\n2026-01-01,2.5,\n"],
        ],
        "files",
      );
      same(
        report.series.map(({ rows }) => rows),
        [2, 1],
        "rows",
      );
      const { files: part, sink: partly } = folder();
      await door.interchange.exportCollection(collection, partly, {
        labels: ["us/Boston"],
        start: "2027-01-01",
        columns: ["time"],
      });
      same([...part], [["us/Boston.csv", "time\n"]], "an empty range");
    },
  },
];
