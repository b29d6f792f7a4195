import { checkArguments } from "../../model/api/arguments.ts";
import type { Collection } from "../../model/api/collection.ts";
import type { DescriptionChange } from "../../model/api/description.ts";
import { editsOf } from "../../model/api/description-fields.ts";
import type { CallOptions, Note } from "../../model/api/options.ts";
import type { Repo } from "../../model/api/repo.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import { describeValue } from "../../model/cast-value.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import type { CsvDialect } from "../csv/dialect.ts";
import { typeTexts } from "../table/infer-schema.ts";
import { DESCRIPTION_FILE, parseDescription, parseSchema, SCHEMA_FILE } from "./collection-files.ts";
import { detectFormat, type FileFormat, pathToLabel } from "./file-names.ts";
import { type FileOptions, inspectFiles, openImportFile, type SelectedFile } from "./import-schema.ts";
import type { SettledFormat } from "./settle-times.ts";
import { writeFrames } from "./write-frames.ts";

/**
 * A file to import: a `File` of the browser, or a path with a function that opens the file when it is
 * imported.
 */
export type ImportFile = File | { readonly path: string; open(): Blob | Promise<Blob> };

/** Options of {@link importFiles}. */
export interface ImportOptions extends FileOptions, CallOptions {
  /**
   * Label of the collection. It is created if it does not exist; if it does, the files must have its columns.
   */
  collection: string;
  /** How the revisions of a collection that is created store its table. Default `flat`. */
  table?: TableKind;
  /**
   * Returns the label of a file's series, given its path without the extension. Default: that path,
   * unescaped.
   */
  label?: (path: string) => string;
  /**
   * `all`: one revision for all files, so that all are written or none. `each`: one per file, so that those
   * before an error remain. Default `all`.
   */
  revision?: "all" | "each";
  /** Inspects the files and reports what would be imported, without writing. Default false. */
  dryRun?: boolean;
  /** Stored with the revisions. */
  note?: Note;
  /** Called when files have been inspected, and when rows have been read. */
  onProgress?: (progress: ImportProgress) => void;
}

/** Progress of an import. */
export interface ImportProgress {
  /** Files written so far, of `totalFiles`. */
  files: number;
  /** Files to be written. */
  totalFiles: number;
  /** Files whose first rows were read so far. That comes before the first is written. */
  inspected: number;
  /** The file being read. */
  path: string;
  /** Rows read so far, of all files. */
  rows: number;
}

/** What {@link importFiles} has written; of a dry run, what it would write. */
export interface ImportReport {
  /** The schema of the collection. */
  readonly schema: Schema;
  /** The type text of each column, such as `timestamp*` or `float`. */
  readonly types: Readonly<Record<string, string>>;
  /** The series, in the order of the files. */
  readonly series: readonly ImportedSeries[];
  /**
   * What became of `_description.json`: it was `stored`; or the collection has a description already, which may be newer, so
   * that is `kept`; or storing it `failed`, after the rows were stored. Undefined where there is no such file, where it says the
   * same, and in a dry run.
   */
  readonly description: "stored" | "kept" | "failed" | undefined;
  /** Why storing the description failed; undefined if it did not. */
  readonly descriptionError: LakotaError | undefined;
  /** Paths of other files that are neither CSV nor Parquet, and were not imported. */
  readonly skipped: readonly string[];
  /**
   * Formats of times that files leave open, such as by 02/03/2026 alone, and others tell: where all files that tell the order
   * of day and month in a column agree.
   */
  readonly settled: readonly SettledFormat[];
  /** Ids of the revisions that were made, in the order of the files; none in a dry run, and where nothing changed. */
  readonly revisions: readonly string[];
}

/** A file that became a series. */
export interface ImportedSeries {
  /** Path of the file. */
  readonly path: string;
  /** Label of the series. */
  readonly label: string;
  /** `csv` or `parquet`. */
  readonly format: FileFormat;
  /** Rows written; undefined in a dry run. */
  readonly rows: number | undefined;
  /** How a CSV file is written; undefined for Parquet. */
  readonly dialect: CsvDialect | undefined;
}

/**
 * Imports CSV (also gzipped) and Parquet files as series of one collection. The heads of all files are read
 * first, and nothing is written unless their columns agree. In its series, a file replaces the range from its
 * first to its last row.
 *
 * A collection that does not exist is created with the schema in `_schema.json`, if there is that file and neither `types` nor
 * `index` is given, and without series if it is the only one. One that has no description gets that in `_description.json`.
 * `exportCollection` writes both.
 *
 * @throws `invalid-schema`, naming two files whose columns differ; `exists` for two files with the same
 *   label, or a collection whose table is of another kind than `table`; `invalid-argument` where no file is CSV or Parquet, or `_description.json` has what
 *   cannot be described; the errors of `readCsv`, `readParquet` and
 *   `Series.write`
 * @example
 * const plan = await importFiles(repo, input.files, { collection: "prices", dryRun: true });
 * show(plan.types); // { time: "timestamp*", price: "float" }
 * await importFiles(repo, input.files, { collection: "prices", types: { price: "f4" } });
 */
export async function importFiles(
  repo: Repo,
  files: Iterable<ImportFile>,
  options: ImportOptions,
): Promise<ImportReport> {
  checkArguments("importFiles", repo, files, options);
  const { collection: label, table, dryRun = false, revision = "all", note, signal, onProgress } = options;
  const { selected, skipped, schemaFile, descriptionFile } = selectFiles(files, options.label ?? pathToLabel);
  const call = signal ? { signal } : {};
  const existing = (await repo.ls(call)).includes(label) ? await repo.collection(label, call) : undefined;
  const isInferred = existing !== undefined || options.types !== undefined || options.index !== undefined;
  const given =
    schemaFile && !isInferred ? parseSchema(schemaFile.path, await textOf(schemaFile)) : undefined;
  const description =
    descriptionFile && parseDescription(descriptionFile.path, await textOf(descriptionFile));
  if (selected.length === 0 && !given && !(existing && (schemaFile || description)))
    throw new LakotaError("invalid-argument", "There is no CSV or Parquet file to import.");
  if (existing && table) await repo.createCollection(existing.schema, label, { ...call, table }); // fails if it has another
  // The readers ignore the options of the import itself, except its onProgress, which counts files.
  const { onProgress: _, ...fileOptions } = options;
  const onInspected = (inspected: number, path: string) =>
    onProgress?.({ files: 0, totalFiles: selected.length, inspected, path, rows: 0 });
  const inspectedFiles = await inspectFiles(selected, existing?.schema ?? given, fileOptions, onInspected);
  const { schema, dialects, settled } = inspectedFiles;
  if (descriptionFile && description) checkDescription(descriptionFile.path, description, schema);
  const revisions: string[] = [];
  const report = (rows: readonly number[] | undefined, described: Described = {}): ImportReport => ({
    schema,
    types: typeTexts(schema),
    series: selected.map(({ path, label, format }, i) => ({
      path,
      label,
      format,
      rows: rows?.[i],
      dialect: dialects[i],
    })),
    description: described.description,
    descriptionError: described.error,
    skipped,
    settled,
    revisions,
  });
  if (dryRun) return report(undefined);

  const collection =
    existing ?? (await repo.createCollection(schema, label, { ...call, ...(table && { table }) }));
  const inspected = selected.length;
  const progress = { files: 0, totalFiles: selected.length, inspected, path: "", rows: 0 };
  const optionsOf = new Map(selected.map((file, i) => [file, inspectedFiles.options[i]!]));
  const write = async (file: SelectedFile, series: Parameters<typeof writeFrames>[0]) => {
    const before = progress.rows;
    const source = await openImportFile(file, schema, optionsOf.get(file)!, ({ rows }) => {
      progress.rows = before + rows;
      onProgress?.({ ...progress, path: file.path });
    });
    const rows = await writeFrames(series, schema, source.frames(), call);
    progress.files++;
    onProgress?.({ ...progress, path: file.path });
    return rows;
  };
  const batchOptions = { ...call, ...(note && { note }) };
  const rows: number[] = [];
  const batches = revision === "all" ? [selected] : selected.map((file) => [file]);
  for (const batch of batches) {
    const stored = await collection.batch(async (writer) => {
      for (const file of batch) rows.push(await write(file, writer.series(file.label)));
    }, batchOptions);
    if (stored) revisions.push(stored.revision);
  }
  return report(rows, description && (await tryDescription(collection, description, batchOptions)));
}

/** @throws `invalid-argument`, naming the file and the field */
function checkDescription(path: string, description: DescriptionChange, schema: Schema): void {
  try {
    editsOf(description, schema);
  } catch (cause) {
    const { code, message } = asLakotaError(cause);
    throw new LakotaError(code, `${path}: ${message}`, { cause });
  }
}

interface Described {
  readonly description?: ImportReport["description"];
  readonly error?: LakotaError;
}

/** Describes a collection whose rows are stored. So an error is part of the report, unless the caller ended the import. */
async function tryDescription(...args: Parameters<typeof importDescription>): Promise<Described> {
  try {
    return { description: await importDescription(...args) };
  } catch (cause) {
    const error = asLakotaError(cause);
    if (error.code === "aborted" || error.code === "closed") throw error;
    return { description: "failed", error };
  }
}

/** Describes a collection that has no description. */
async function importDescription(
  collection: Collection,
  description: DescriptionChange,
  options: CallOptions & { note?: Note },
): Promise<ImportReport["description"]> {
  const { signal } = options;
  await collection.refresh({ signal });
  const known = await collection.info({ series: "all", signal });
  if (JSON.stringify(known) === JSON.stringify(description)) return undefined;
  if (Object.keys(known).length > 0) return "kept";
  return (await collection.describe(description, options)) && "stored";
}

const textOf = async (file: FileToRead): Promise<string> => (await file.open()).text();

/** A file that is read as a whole. */
interface FileToRead {
  readonly path: string;
  open(): Blob | Promise<Blob>;
}

/** Returns the files to import, in the order of their paths, and the paths of the others. @throws `exists` */
function selectFiles(files: Iterable<ImportFile>, labelOfPath: (path: string) => string) {
  const selected: SelectedFile[] = [];
  const skipped: string[] = [];
  const about = new Map<string, FileToRead[]>([
    [SCHEMA_FILE, []],
    [DESCRIPTION_FILE, []],
  ]);
  for (const file of files) {
    const path = file instanceof File ? file.webkitRelativePath || file.name : file?.path;
    if (typeof path !== "string")
      throw new LakotaError(
        "invalid-argument",
        `files: ${describeValue(file)} is neither a File nor has a path.`,
      );
    const open = file instanceof File ? () => file : () => file.open();
    const detected = detectFormat(path);
    if (!detected) {
      const found = about.get(path.slice(path.lastIndexOf("/") + 1));
      if (found) found.push({ path, open });
      else skipped.push(path);
      continue;
    }
    const { stem, format, gzip } = detected;
    selected.push({ path, label: labelOfPath(stem), format, gzip, open });
  }
  selected.sort((a, b) => (a.path < b.path ? -1 : 1));
  const paths = new Map<string, string>();
  for (const { label, path } of selected) {
    const first = paths.get(label) ?? path;
    paths.set(label, first);
    if (first === path) continue;
    throw new LakotaError(
      "exists",
      `${first} and ${path} would both be the series "${label}". Rename one, or import them separately.`,
    );
  }
  // Of several, it is not known which folder is that of the collection.
  const [schemaFile, descriptionFile] = [...about.values()].map((found) => {
    if (found.length > 1) skipped.push(...found.map(({ path }) => path));
    return found.length === 1 ? found[0] : undefined;
  });
  return { selected, skipped, schemaFile, descriptionFile };
}
