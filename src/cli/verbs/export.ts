import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineCollection } from "../../engine/collection/collection.ts";
import { exportCollection } from "../../interchange/files/export-collection.ts";
import type { FileFormat } from "../../interchange/files/file-names.ts";
import { folderSink } from "../../interchange/files/folder.ts";
import { defineCommand } from "../command.ts";
import { BEFORE } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { plural } from "../output/units.ts";
import { folderOf, reportFolders, SCHEMA_FILE, totalRows } from "../targets/folders.ts";
import { localFolder } from "../targets/local-folder.ts";

const FORMATS: readonly FileFormat[] = ["csv", "parquet"];

export const exportCommand = defineCommand({
  name: "export",
  summary: "Write collections into a folder of CSV or Parquet files, which import and Python Lakota read",
  description: [
    "`FOLDER/temperature/Brussels.csv` holds the series temperature/Brussels, and `FOLDER/temperature/_schema.json` the schema. Files that are there are replaced, each once it is whole. " +
      "Characters that no file name can hold are escaped as in URLs; a `/` in the label of a series makes a folder.",
    "Parquet needs the package hyparquet-writer beside lakota (to import it: hyparquet).",
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
      parse: format,
      about: `one of ${FORMATS.join(", ")}. Default: csv`,
      completes: FORMATS,
    },
    ...BEFORE,
  },
  examples: [
    { command: "lakota export data", about: "all of it" },
    { command: "lakota export data -c temperature -T parquet", about: "one collection, for pandas" },
  ],
  async run(context, [uri], { collection: wanted, before, "file-type": format = "csv" }) {
    const { signal, progress } = context;
    const folder = localFolder(uri!);
    const repo = await context.repo();
    const collections: EngineCollection[] = [];
    for (const label of wanted ?? (await repo.ls({ signal })))
      collections.push(await repo.collection(label, { signal }));
    const reports = [];
    for (const collection of collections) {
      const { label, schema } = collection;
      const own = join(folder, folderOf(label));
      await mkdir(own, { recursive: true });
      await writeFile(join(own, SCHEMA_FILE), `${JSON.stringify(schema.dump(), undefined, 2)}\n`);
      const { series } = await exportCollection(collection, folderSink(own), {
        format,
        signal,
        ...(before !== undefined && { before }),
        onProgress: ({ series, totalSeries, rows }) =>
          progress.show(() => `${label}: ${series} of ${totalSeries} series, ${plural(rows, "row")}`),
      });
      reports.push({ collection: label, series: series.length, rows: totalRows(series) });
    }
    await reportFolders(context, reports);
    return 0;
  },
});

function format(text: string): FileFormat {
  const found = FORMATS.find((one) => one === text);
  if (found) return found;
  throw new UsageError(`"${text}" is none of ${FORMATS.join(", ")}.`);
}
