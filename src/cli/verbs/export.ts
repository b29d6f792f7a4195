import type { EngineCollection } from "../../engine/collection/collection.ts";
import { DESCRIPTION_FILE, jsonText } from "../../interchange/files/collection-files.ts";
import { exportCollection } from "../../interchange/files/export-collection.ts";
import type { FileFormat } from "../../interchange/files/file-names.ts";
import { defineCommand } from "../command.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { plural } from "../output/units.ts";
import { labelsAt } from "../targets/earlier-labels.ts";
import { existingRepo } from "../targets/existing-repo.ts";
import { folderOf, reportFolders, totalRows } from "../targets/folders.ts";
import { openPlace } from "../targets/open-place.ts";
import { resolveMoment } from "../targets/revisions.ts";

const FORMATS: readonly FileFormat[] = ["csv", "parquet"];

export const exportCommand = defineCommand({
  name: "export",
  summary:
    "Write collections to a folder, or to S3, as CSV or Parquet files, which import and Python Lakota can read",
  description: [
    "`FOLDER/temperature/Brussels.csv` holds the series temperature/Brussels, and `FOLDER/temperature/_schema.json` the schema. Descriptions, if there are any, are in `_description.json`; a file of an earlier export becomes `{}` where there are none any more. Existing files are replaced, each one when its new content is complete. " +
      "Characters that are not allowed in file names are escaped as in URLs; a `/` in the label of a series becomes a folder.",
    "Parquet needs the package hyparquet-writer beside lakota (to import it: hyparquet).",
  ],
  arguments: [
    {
      name: "FOLDER",
      about:
        "a folder, created if it does not exist; or s3://bucket/prefix, to which files are sent in parts of 8 MB",
      completes: "folder",
    },
  ],
  options: {
    collection: {
      short: "c",
      value: "NAME",
      many: true,
      about: "only this collection (full name)",
      completes: "collection",
    },
    "file-type": {
      short: "T",
      value: "TYPE",
      parse: format,
      about: `one of ${FORMATS.join(", ")}. Default: csv`,
      completes: FORMATS,
    },
    ...MOMENT_OPTIONS,
  },
  examples: [
    { command: "lakota export data", about: "all collections" },
    { command: "lakota export data -c temperature -T parquet", about: "one collection, for pandas" },
    {
      command: "lakota export s3://bucket/files -T parquet",
      about: "for a query engine that reads from a bucket",
    },
  ],
  async run(context, [uri], { collection: selected, "file-type": format = "csv", ...moment }) {
    const { signal, progress } = context;
    const repo = await existingRepo(context);
    const { place, close } = await openPlace(context, uri!);
    const reports = [];
    try {
      const collections: EngineCollection[] = [];
      for (const label of selected ?? (await repo.ls({ signal })))
        collections.push(await repo.collection(label, { signal }));
      for (const collection of collections) {
        const { label } = collection;
        const folder = folderOf(label);
        const earlier = await resolveMoment(collection, moment, signal);
        const { series, isDescribed } = await exportCollection(collection, place.sink(folder), {
          format,
          signal,
          labels: await labelsAt(collection, earlier, signal),
          missing: "empty",
          ...earlier,
          onProgress: ({ series, totalSeries, rows }) =>
            progress.show(() => `${label}: ${series} of ${totalSeries} series, ${plural(rows, "row")}`),
        });
        // An older export may have left a file, which is not deleted: an import would take it.
        if (!isDescribed && (await place.read(folder, DESCRIPTION_FILE)) !== undefined)
          await place.write(folder, DESCRIPTION_FILE, jsonText({}));
        reports.push({ collection: label, series: series.length, rows: totalRows(series) });
      }
    } finally {
      close();
    }
    await reportFolders(context, reports);
    return 0;
  },
});

function format(text: string): FileFormat {
  const found = FORMATS.find((known) => known === text);
  if (found) return found;
  throw new UsageError(`"${text}" is not one of ${FORMATS.join(", ")}.`);
}
