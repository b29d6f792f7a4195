import { MANY_SERIES } from "../../engine/write/many-series.ts";
import { DESCRIPTION_FILE, parseSchema, SCHEMA_FILE } from "../../interchange/files/collection-files.ts";
import { detectFormat } from "../../interchange/files/file-names.ts";
import { type ImportFile, importFiles } from "../../interchange/files/import-files.ts";
import type { SettledFormat } from "../../interchange/files/settle-times.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { CSV_OPTIONS, SCHEMA_OPTIONS, toCsvOptions, toSchemaOptions } from "../options/csv-options.ts";
import type { Values } from "../options/options.ts";
import { pageLengthOf } from "../options/page-length.ts";
import { NOTE_OPTIONS, TABLE_OPTION, toNote } from "../options/shared-options.ts";
import { inWordsOfCommand } from "../output/command-words.ts";
import { dialectText } from "../output/dialect-text.ts";
import { countText, plural } from "../output/units.ts";
import { firstWrite } from "../targets/created-collection.ts";
import type { FilePlace } from "../targets/file-place.ts";
import { labelOfFolder, leftOutText, reportFolders, totalRows } from "../targets/folders.ts";
import { openPlace } from "../targets/open-place.ts";

export const importCommand = defineCommand({
  name: "import",
  summary:
    "Write a folder, or a part of a bucket, of CSV or Parquet files: one folder per collection, one file per series",
  description: [
    "The folder was written by `export` or Python Lakota, or by other means: `FOLDER/temperature/Brussels.csv` becomes the series temperature/Brussels. CSV may be gzipped. Links are followed. " +
      "A missing collection is created with the schema in `_schema.json`, if there is one, else with types inferred from its files. One that is created, or has no description yet, is described as `_description.json` says. Each collection gets one revision.",
    "To write a single file, use `lakota write COLLECTION/SERIES FILE --create`.",
  ],
  arguments: [
    {
      name: "FOLDER",
      about:
        "a folder with one folder per collection; or s3://bucket/prefix, of which files are read in parts of 8 MB",
      completes: "folder",
    },
  ],
  options: {
    collection: { short: "c", value: "NAME", many: true, about: "only this collection" },
    ...TABLE_OPTION,
    ...SCHEMA_OPTIONS,
    ...CSV_OPTIONS,
    ...NOTE_OPTIONS,
  },
  examples: [
    { command: "lakota import data", about: "all of data/*/*.csv" },
    { command: "lakota import data -c temperature", about: "data/temperature/*.csv" },
    { command: "lakota import data --table tree", about: "a hundred thousand files, each a series" },
    { command: "lakota import s3://bucket/files", about: "files of a bucket" },
  ],
  async run(context, [uri], { collection: selected, ...options }) {
    const { place, close } = await openPlace(context, uri!);
    const reports = [];
    let others: string[];
    try {
      const found = await foldersIn(place, selected);
      others = found.others;
      for (const name of found.folders) reports.push(await importFolder(context, place, name, options));
    } finally {
      close();
    }
    await reportFolders(context, reports, {
      json: others.length > 0 ? { leftOut: others } : {},
      sentences: leftOutText(others, "not in a folder of a collection"),
    });
    return 0;
  },
});

interface Folders {
  /** Names of the folders to import. */
  folders: string[];
  /** Names of what else is there, hidden files apart. */
  others: string[];
}

/** Finds the folders to import. Links are followed. @throws `not-found` for a missing folder or collection */
async function foldersIn(place: FilePlace, selected: readonly string[] | undefined): Promise<Folders> {
  const listed = await place.list();
  const folders: string[] = [];
  const others: string[] = [...listed.files];
  for (const name of listed.folders) ((await isCollection(place, name)) ? folders : others).push(name);
  for (const label of selected ?? []) {
    if (!folders.some((name) => labelOfFolder(name) === label))
      throw new LakotaError("not-found", `There is no folder for "${label}" in ${place.name}.`);
  }
  if (folders.length === 0) {
    const message = `${place.name} has no folders of CSV or Parquet files: each becomes a collection.`;
    throw new LakotaError("not-found", message);
  }
  if (!selected) return { folders, others: others.sort() };
  return { folders: folders.filter((name) => selected.includes(labelOfFolder(name))), others: [] };
}

const isCollection = async (place: FilePlace, folder: string): Promise<boolean> =>
  (await place.filesIn(folder)).some((file) => pathOf(file) === SCHEMA_FILE || detectFormat(pathOf(file)));

const pathOf = (file: ImportFile): string => ("path" in file ? file.path : file.name);

type ImportOptions = Values<typeof TABLE_OPTION> &
  Parameters<typeof toCsvOptions>[0] &
  Parameters<typeof toSchemaOptions>[0] &
  Parameters<typeof toNote>[0];

async function importFolder(context: Context, place: FilePlace, folder: string, options: ImportOptions) {
  const { signal, progress } = context;
  const label = labelOfFolder(folder);
  const repo = await context.repo();
  const exists = (await repo.ls({ signal })).includes(label);
  const stored = exists ? (await repo.collection(label, { signal })).schema : await schemaIn(place, folder);
  const table = options.table && { table: options.table };
  const files = await place.filesIn(folder);
  const tables = files.filter((file) => detectFormat(pathOf(file)));
  if (!exists && !table && tables.length >= MANY_SERIES) {
    context.warn(
      `The collection "${label}" gets ${countText(tables.length)} series. With --table tree, writes would cost the same whatever their number, ` +
        "but Python Lakota could not read it.",
    );
  }
  const csvOptions = toCsvOptions(options);
  const importAll = () =>
    importFiles(repo, files, {
      collection: label,
      ...csvOptions,
      ...(!stored && toSchemaOptions(options)),
      ...table,
      ...toNote(options),
      pageLength: pageLengthOf(stored),
      signal,
      onProgress: ({ files, totalFiles, inspected, rows }) =>
        progress.show(() =>
          inspected < totalFiles
            ? `${label}: looked at ${inspected} of ${plural(totalFiles, "file")}`
            : `${label}: ${files} of ${plural(totalFiles, "file")}, ${plural(rows, "row")}`,
        ),
    });
  const isCreated = async () => !exists && (await repo.ls()).includes(label);
  const report = await firstWrite(context, label, () => inWordsOfCommand(importAll), isCreated);
  const { series, types, revisions, settled, skipped, description, descriptionError } = report;
  if (description === "kept") {
    context.warn(
      `The collection "${label}" keeps its description, from which ${place.name}/${folder}/${DESCRIPTION_FILE} differs. ` +
        "To take that: lakota describe with --file.",
    );
  }
  if (descriptionError) {
    context.warn(
      `The rows of "${label}" are stored, but not its description: ${descriptionError.message} ` +
        "To store it: lakota describe with --file.",
    );
  }
  for (const text of settledTexts(settled)) context.warn(text);
  const detected = series.flatMap(({ dialect }) => (dialect && dialectText(dialect, csvOptions)) ?? []);
  const [revision] = revisions;
  return {
    collection: label,
    series: series.length,
    rows: totalRows(series),
    ...(revision !== undefined && { revision }),
    ...(!exists && { types }),
    ...(detected.length > 0 && { detected: [...new Set(detected)] }),
    ...(settled.length > 0 && { settled }),
    ...(skipped.length > 0 && { leftOut: skipped }),
  };
}

/** Files named in one sentence. */
const MAX_NAMED = 5;

/** Says which files left open how their times are written, and which file told it. */
function settledTexts(settled: readonly SettledFormat[]): string[] {
  const groups = new Map<string, SettledFormat[]>();
  for (const one of settled) {
    const key = JSON.stringify([one.column, one.format, one.by]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((files) => {
    const { column, format, by } = files[0]!;
    const names = files.slice(0, MAX_NAMED).map(({ path }) => path);
    const more = files.length > MAX_NAMED ? ` and ${countText(files.length - MAX_NAMED)} more` : "";
    return `${names.join(", ")}${more}: ${column} was read as ${format}, as ${by} tells. If that is wrong, set --format.`;
  });
}

async function schemaIn(place: FilePlace, folder: string): Promise<Schema | undefined> {
  const text = await place.read(folder, SCHEMA_FILE);
  return text === undefined ? undefined : parseSchema(`${folder}/${SCHEMA_FILE}`, text);
}
