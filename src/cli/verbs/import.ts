import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { MANY_SERIES } from "../../engine/write/many-series.ts";
import { detectFormat } from "../../interchange/files/file-names.ts";
import { filesIn } from "../../interchange/files/folder.ts";
import { type ImportFile, importFiles } from "../../interchange/files/import-files.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
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
import { parseDescription } from "../targets/description-json.ts";
import {
  DESCRIPTION_FILE,
  labelOfFolder,
  leftOutText,
  reportFolders,
  SCHEMA_FILE,
  totalRows,
} from "../targets/folders.ts";
import { localFolder } from "../targets/local-folder.ts";

export const importCommand = defineCommand({
  name: "import",
  summary: "Write a folder of CSV or Parquet files: one folder per collection, one file per series",
  description: [
    "The folder was written by `export` or Python Lakota, or by other means: `FOLDER/temperature/Brussels.csv` becomes the series temperature/Brussels. CSV may be gzipped. Links are followed. " +
      "A missing collection is created with the schema in `_schema.json`, if there is one, else with types inferred from its files, and described as `_description.json` says. Each collection gets one revision.",
    "To write a single file, use `lakota write COLLECTION/SERIES FILE --create`.",
  ],
  arguments: [{ name: "FOLDER", about: "a folder with one folder per collection", completes: "folder" }],
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
  ],
  async run(context, [uri], { collection: selected, ...options }) {
    const folder = localFolder(uri!);
    const reports = [];
    const { names, others } = await foldersIn(folder, selected);
    for (const name of names)
      reports.push(await importFolder(context, join(folder, name), labelOfFolder(name), options));
    await reportFolders(context, reports, {
      json: others.length > 0 ? { leftOut: others } : {},
      sentences: leftOutText(others, "not in a folder of a collection"),
    });
    return 0;
  },
});

interface Folders {
  /** Names of the folders to import. */
  names: string[];
  /** Names of what else is in the folder, hidden files apart. */
  others: string[];
}

/** Finds the folders to import. Links are followed. @throws `not-found` for a missing folder or collection */
async function foldersIn(folder: string, selected: readonly string[] | undefined): Promise<Folders> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new LakotaError("not-found", `There is no folder ${folder}.`);
  if (!info.isDirectory()) {
    const message = `${folder} is a file. Write it with \`lakota write COLLECTION/SERIES ${folder} --create\`.`;
    throw new LakotaError("invalid-argument", message);
  }
  const names: string[] = [];
  const others: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (name.startsWith(".")) continue;
    const isFolder = (await stat(join(folder, name)).catch(() => undefined))?.isDirectory();
    (isFolder && (await isCollection(join(folder, name))) ? names : others).push(name);
  }
  for (const label of selected ?? []) {
    if (!names.some((name) => labelOfFolder(name) === label))
      throw new LakotaError("not-found", `There is no folder for "${label}" in ${folder}.`);
  }
  if (names.length === 0) {
    const message = `${folder} has no folders of CSV or Parquet files: each becomes a collection.`;
    throw new LakotaError("not-found", message);
  }
  if (!selected) return { names, others };
  return { names: names.filter((name) => selected.includes(labelOfFolder(name))), others: [] };
}

const isCollection = async (folder: string): Promise<boolean> =>
  (await filesIn(folder)).some((file) => pathOf(file) === SCHEMA_FILE || detectFormat(pathOf(file)));

const pathOf = (file: ImportFile): string => ("path" in file ? file.path : file.name);

type ImportOptions = Values<typeof TABLE_OPTION> &
  Parameters<typeof toCsvOptions>[0] &
  Parameters<typeof toSchemaOptions>[0] &
  Parameters<typeof toNote>[0];

async function importFolder(context: Context, folder: string, label: string, options: ImportOptions) {
  const { signal, progress } = context;
  const repo = await context.repo();
  const exists = (await repo.ls({ signal })).includes(label);
  const stored = exists ? (await repo.collection(label, { signal })).schema : await schemaIn(folder);
  const table = options.table && { table: options.table };
  if (!exists && stored) await repo.createCollection(stored, label, { signal, ...table });
  const all = (await filesIn(folder)).filter(
    (file) => ![SCHEMA_FILE, DESCRIPTION_FILE].includes(pathOf(file)),
  );
  const isTable = (file: ImportFile) => detectFormat(pathOf(file)) !== undefined;
  const files = all.filter(isTable);
  const others = all.filter((file) => !isTable(file)).map(pathOf);
  const leftOut = others.length > 0 ? { leftOut: others } : {};
  if (files.length === 0) {
    await importDescription(context, folder, label);
    return { collection: label, series: 0, rows: 0, ...leftOut };
  }
  if (!exists && !table && files.length >= MANY_SERIES) {
    context.warn(
      `The collection "${label}" gets ${countText(files.length)} series. With --table tree, writes would cost the same whatever their number, ` +
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
  const { series } = await firstWrite(context, label, () => inWordsOfCommand(importAll), isCreated);
  await importDescription(context, folder, label);
  const detected = series.flatMap(({ dialect }) => (dialect && dialectText(dialect, csvOptions)) ?? []);
  return {
    collection: label,
    series: series.length,
    rows: totalRows(series),
    ...(detected.length > 0 && { detected: [...new Set(detected)] }),
    ...leftOut,
  };
}

/** Describes a collection as `export` has found it described. */
async function importDescription(context: Context, folder: string, label: string): Promise<void> {
  const path = join(folder, DESCRIPTION_FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return;
  const { signal } = context;
  const repo = await context.repo();
  if (!(await repo.ls({ signal })).includes(label)) return;
  await (await repo.collection(label, { signal })).describe(parseDescription(path, text), { signal });
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
