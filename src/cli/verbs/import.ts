import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { readCsv } from "../../interchange/csv-read.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../../repo/collection.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { CSV_OPTIONS, toCsvOptions } from "../csv-options.ts";
import { toLabel } from "../file-names.ts";
import { localFolder } from "../local-folder.ts";
import { NOTE_OPTIONS, toNote } from "../shared-options.ts";
import { plural } from "../units.ts";
import { pageLengthOf, writeFrames } from "../write-frames.ts";

export const SCHEMA_FILE = "_schema.json";
const TYPE = ".csv";
/** Rows of one revision, more or less: short series wait in memory for their commit. */
const ROWS_A_REVISION = 4_000_000;

export const importCommand = defineCommand({
  name: "import",
  summary: "Write a folder of CSV files: a folder a collection, a file a series",
  description: [
    "The folder is one that `export` or Python Lakota has written, or one of your own: `FOLDER/temperature/Brussels.csv` becomes the series temperature/Brussels. " +
      "A collection that is not there is made with the schema in `_schema.json`, if there is one, else with the types that its first file suggests. Each collection is one revision (a very large one, several).",
    "A single file is written with `lakota write COLLECTION/SERIES FILE --create`.",
  ],
  arguments: [{ name: "FOLDER", about: "a folder of folders", completes: "folder" }],
  options: {
    collection: {
      short: "c",
      value: "NAME",
      many: true,
      about: "only this one",
    },
    ...CSV_OPTIONS,
    ...NOTE_OPTIONS,
  },
  examples: [
    { command: "lakota import data", about: "all of data/*/*.csv" },
    { command: "lakota import data -c temperature", about: "data/temperature/*.csv" },
  ],
  async run(context, [uri], { collection: wanted, ...options }) {
    const folder = localFolder(uri!);
    const names = await foldersIn(folder, wanted);
    const reports = [];
    for (const name of names) {
      reports.push(await importCollection(context, join(folder, name), toLabel(name), options));
    }
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

/** @throws `not-found` for a folder, or a collection, that is not there */
async function foldersIn(folder: string, wanted: readonly string[] | undefined): Promise<string[]> {
  const info = await stat(folder).catch(() => undefined);
  if (!info) throw new LakotaError("not-found", `There is no folder ${folder}.`);
  if (!info.isDirectory()) {
    const message = `${folder} is a file. Write it with \`lakota write COLLECTION/SERIES ${folder} --create\`.`;
    throw new LakotaError("invalid-argument", message);
  }
  const entries = await readdir(folder, { withFileTypes: true });
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory() && !entry.name.startsWith(".") && (await isCollection(join(folder, entry.name))))
      names.push(entry.name);
  }
  names.sort();
  for (const label of wanted ?? []) {
    if (!names.some((name) => toLabel(name) === label))
      throw new LakotaError("not-found", `There is no folder for "${label}" in ${folder}.`);
  }
  const chosen = names.filter((name) => wanted?.includes(toLabel(name)) ?? true);
  if (chosen.length > 0) return chosen;
  throw new LakotaError("not-found", `${folder} has no folders of ${TYPE} files: each becomes a collection.`);
}

const isCollection = async (folder: string): Promise<boolean> =>
  (await readdir(folder)).some((name) => name === SCHEMA_FILE || name.endsWith(TYPE));

type ImportOptions = Parameters<typeof toCsvOptions>[0] & Parameters<typeof toNote>[0];

async function importCollection(context: Context, folder: string, label: string, options: ImportOptions) {
  const { signal } = context;
  const repo = await context.repo();
  const there = (await repo.ls({ signal })).includes(label);
  let collection = there
    ? await repo.collection(label, { signal })
    : await fromSchemaFile(context, folder, label);
  const files = (await readdir(folder)).filter((name) => !/^[_.]/.test(name)).sort();
  const strange = files.find((name) => !name.endsWith(TYPE));
  if (strange !== undefined)
    throw new LakotaError("unsupported", `${join(folder, strange)} is no ${TYPE} file.`);
  let rows = 0;
  for (let at = 0; at < files.length; ) {
    collection ??= await fromFirstFile(context, join(folder, files[at]!), label, options);
    const open = collection;
    await open.batch(
      async (batch) => {
        for (let own = 0; at < files.length && own < ROWS_A_REVISION; at++) {
          const series = toLabel(files[at]!.slice(0, -TYPE.length));
          const source = await openFile(context, join(folder, files[at]!), options, open.schema);
          own += await writeFrames(batch.series(series), open.schema, source.frames(), { signal });
          context.progress.show(
            () => `${label}: ${at} of ${plural(files.length, "file")}, ${plural(rows + own, "row")}`,
          );
          if (own >= ROWS_A_REVISION || at === files.length - 1) rows += own;
        }
      },
      { ...toNote(options), signal },
    );
  }
  return { collection: label, series: files.length, rows };
}

function openFile(context: Context, file: string, options: ImportOptions, schema?: Schema) {
  return readCsv(context.input(file), {
    ...toCsvOptions(options),
    ...(schema && { schema }),
    pageLength: pageLengthOf(schema),
    name: file,
    signal: context.signal,
  });
}

async function fromSchemaFile(
  context: Context,
  folder: string,
  label: string,
): Promise<EngineCollection | undefined> {
  const path = join(folder, SCHEMA_FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const schema = parseSchema(text, path);
  return (await context.repo()).createCollection(schema, label, { signal: context.signal });
}

function parseSchema(text: string, path: string): Schema {
  try {
    return Schema.load(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("invalid-schema", `${path} holds no schema: ${why}`, { cause });
  }
}

async function fromFirstFile(
  context: Context,
  file: string,
  label: string,
  options: ImportOptions,
): Promise<EngineCollection> {
  const source = await openFile(context, file, options);
  await source.close();
  return (await context.repo()).createCollection(source.schema, label, { signal: context.signal });
}
