import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { detectFormat } from "../../interchange/files/file-names.ts";
import { filesIn } from "../../interchange/files/folder.ts";
import { importFiles } from "../../interchange/files/import-files.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { CSV_OPTIONS, SCHEMA_OPTIONS, toCsvOptions, toSchemaOptions } from "../options/csv-options.ts";
import { pageLengthOf } from "../options/page-length.ts";
import { NOTE_OPTIONS, toNote } from "../options/shared-options.ts";
import { plural } from "../output/units.ts";
import { firstWrite } from "../targets/created-collection.ts";
import { labelOfFolder, reportFolders, SCHEMA_FILE, totalRows } from "../targets/folders.ts";
import { localFolder } from "../targets/local-folder.ts";

export const importCommand = defineCommand({
  name: "import",
  summary: "Write a folder of CSV or Parquet files: one folder per collection, one file per series",
  description: [
    "The folder was written by `export` or Python Lakota, or by other means: `FOLDER/temperature/Brussels.csv` becomes the series temperature/Brussels. CSV may be gzipped. " +
      "A missing collection is created with the schema in `_schema.json`, if there is one, else with types inferred from its files. Each collection gets one revision.",
    "To write a single file, use `lakota write COLLECTION/SERIES FILE --create`.",
  ],
  arguments: [{ name: "FOLDER", about: "a folder with one folder per collection", completes: "folder" }],
  options: {
    collection: { short: "c", value: "NAME", many: true, about: "only this collection" },
    ...SCHEMA_OPTIONS,
    ...CSV_OPTIONS,
    ...NOTE_OPTIONS,
  },
  examples: [
    { command: "lakota import data", about: "all of data/*/*.csv" },
    { command: "lakota import data -c temperature", about: "data/temperature/*.csv" },
  ],
  async run(context, [uri], { collection: selected, ...options }) {
    const folder = localFolder(uri!);
    const reports = [];
    for (const name of await foldersIn(folder, selected))
      reports.push(await importFolder(context, join(folder, name), labelOfFolder(name), options));
    await reportFolders(context, reports);
    return 0;
  },
});

/** Returns the names of the folders to import. @throws `not-found` for a missing folder or collection */
async function foldersIn(folder: string, selected: readonly string[] | undefined): Promise<string[]> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new LakotaError("not-found", `There is no folder ${folder}.`);
  if (!info.isDirectory()) {
    const message = `${folder} is a file. Write it with \`lakota write COLLECTION/SERIES ${folder} --create\`.`;
    throw new LakotaError("invalid-argument", message);
  }
  const names: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory() && !entry.name.startsWith(".") && (await isCollection(join(folder, entry.name))))
      names.push(entry.name);
  }
  for (const label of selected ?? []) {
    if (!names.some((name) => labelOfFolder(name) === label))
      throw new LakotaError("not-found", `There is no folder for "${label}" in ${folder}.`);
  }
  if (names.length === 0) {
    const message = `${folder} has no folders of CSV or Parquet files: each becomes a collection.`;
    throw new LakotaError("not-found", message);
  }
  return names.filter((name) => selected?.includes(labelOfFolder(name)) ?? true).sort();
}

const isCollection = async (folder: string): Promise<boolean> =>
  (await readdir(folder, { recursive: true })).some((name) => name === SCHEMA_FILE || detectFormat(name));

type ImportOptions = Parameters<typeof toCsvOptions>[0] &
  Parameters<typeof toSchemaOptions>[0] &
  Parameters<typeof toNote>[0];

async function importFolder(context: Context, folder: string, label: string, options: ImportOptions) {
  const { signal, progress } = context;
  const repo = await context.repo();
  const exists = (await repo.ls({ signal })).includes(label);
  const stored = exists ? (await repo.collection(label, { signal })).schema : await schemaIn(folder);
  if (!exists && stored) await repo.createCollection(stored, label, { signal });
  const files = (await filesIn(folder)).filter((file) => "path" in file && detectFormat(file.path));
  if (files.length === 0) return { collection: label, series: 0, rows: 0 };
  const importAll = () =>
    importFiles(repo, files, {
      collection: label,
      ...toCsvOptions(options),
      ...(!stored && toSchemaOptions(options)),
      ...toNote(options),
      pageLength: pageLengthOf(stored),
      signal,
      onProgress: ({ files, totalFiles, rows }) =>
        progress.show(() => `${label}: ${files} of ${plural(totalFiles, "file")}, ${plural(rows, "row")}`),
    });
  const isCreated = async () => !exists && (await repo.ls()).includes(label);
  const { series } = await firstWrite(context, label, importAll, isCreated);
  return { collection: label, series: series.length, rows: totalRows(series) };
}

async function schemaIn(folder: string): Promise<Schema | undefined> {
  const path = join(folder, SCHEMA_FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return Schema.load(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("invalid-schema", `${path} is not a valid schema: ${reason}`, { cause });
  }
}
