import { join } from "node:path";
import { writeCsv } from "../../interchange/csv-write.ts";
import type { EngineCollection } from "../../repo/collection.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { toFileName } from "../file-names.ts";
import { localFolder } from "../local-folder.ts";
import { readFrames } from "../read-frames.ts";
import { BEFORE } from "../shared-options.ts";
import { plural } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { writeWhole } from "../whole-file.ts";
import { SCHEMA_FILE } from "./import.ts";

const FILE_TYPES = ["csv"] as const;

export const exportCommand = defineCommand({
  name: "export",
  summary: "Write collections into a folder of CSV files, which import and Python Lakota read",
  description: [
    "`FOLDER/temperature/Brussels.csv` holds the series temperature/Brussels, and `FOLDER/temperature/_schema.json` the schema. Files that are there are replaced, each once it is whole. " +
      "Characters that no file name can hold are escaped as in URLs.",
  ],
  arguments: [{ name: "FOLDER", about: "made, if it is not there", completes: "folder" }],
  options: {
    collection: {
      short: "c",
      value: "NAME",
      many: true,
      about: "only this one, in full",
      completes: "collection",
    },
    "file-type": {
      short: "T",
      value: "TYPE",
      parse: fileType,
      about: `one of ${FILE_TYPES.join(", ")}. Default: csv`,
      completes: FILE_TYPES,
    },
    ...BEFORE,
  },
  examples: [
    { command: "lakota export data", about: "all of it" },
    { command: "lakota export data -c temperature", about: "one collection" },
  ],
  async run(context, [uri], { collection: wanted, before }) {
    const folder = localFolder(uri!);
    const repo = await context.repo();
    const { signal } = context;
    const labels = wanted ?? (await repo.ls({ signal }));
    const collections: EngineCollection[] = [];
    for (const label of labels) collections.push(await repo.collection(label, { signal }));
    const reports = [];
    for (const collection of collections)
      reports.push(await exportCollection(context, collection, folder, before));
    context.progress.clear();
    await context.report(
      { collections: reports },
      reports.map(
        ({ collection, series, rows }) =>
          `${collection}: ${plural(series, "series", "series")}, ${plural(rows, "row")}.`,
      ),
    );
    return 0;
  },
});

async function exportCollection(
  context: Context,
  collection: EngineCollection,
  root: string,
  before: string | undefined,
) {
  const { signal, progress } = context;
  const { label, schema } = collection;
  const folder = join(root, toFileName(label));
  await writeWhole(join(folder, SCHEMA_FILE), [`${JSON.stringify(schema.dump(), undefined, 2)}\n`], signal);
  const labels = await collection.ls({ signal });
  let rows = 0;
  for (const series of labels) {
    const frames = readFrames(collection.series(series), { ...(before !== undefined && { before }), signal });
    const counted = async function* () {
      for await (const frame of frames) {
        yield frame;
        rows += frame.length;
        progress.show(() => `${label}/${series}: ${plural(rows, "row")}`);
      }
    };
    await writeWhole(join(folder, `${toFileName(series)}.csv`), writeCsv(counted()), signal);
  }
  return { collection: label, series: labels.length, rows };
}

function fileType(text: string): (typeof FILE_TYPES)[number] {
  const found = FILE_TYPES.find((type) => type === text);
  if (found) return found;
  throw new UsageError(`"${text}" is none of ${FILE_TYPES.join(", ")}.`);
}
