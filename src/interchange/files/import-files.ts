import { checkArguments } from "../../model/api/arguments.ts";
import type { CallOptions, Note } from "../../model/api/options.ts";
import type { Repo } from "../../model/api/repo.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import { describeValue } from "../../model/cast-value.ts";
import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { type CsvDialect, dialectOf } from "../csv/dialect.ts";
import { type CsvOptions, type CsvSource, readCsv } from "../csv/read-csv.ts";
import { type ParquetOptions, readParquet } from "../parquet/read-parquet.ts";
import { typeTexts } from "../table/infer-schema.ts";
import type { RowSource, SourceOptions } from "../table/row-source.ts";
import { widerType } from "../values/wider-type.ts";
import { detectFormat, type FileFormat, pathToLabel } from "./file-names.ts";
import { writeFrames } from "./write-frames.ts";

/**
 * A file to import: a `File` of the browser, or a path with a function that opens the file when it is
 * imported.
 */
export type ImportFile = File | { readonly path: string; open(): Blob | Promise<Blob> };

/** The options of {@link readCsv} and {@link readParquet}. Each applies those of its format. */
type FileOptions = Omit<CsvOptions & ParquetOptions, "schema" | "name" | "signal" | "onProgress">;

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
  note?: Note;
  onProgress?: (progress: ImportProgress) => void;
}

/** Progress of an import. */
export interface ImportProgress {
  /** Files written so far, of `totalFiles`. */
  files: number;
  totalFiles: number;
  /** Files whose first rows were read so far. That comes before the first is written. */
  inspected: number;
  /** The file being read. */
  path: string;
  /** Rows read so far, of all files. */
  rows: number;
}

export interface ImportReport {
  /** The schema of the collection. */
  readonly schema: Schema;
  /** The type text of each column, such as `timestamp*` or `float`. */
  readonly types: Readonly<Record<string, string>>;
  readonly series: readonly ImportedSeries[];
  /** Paths of files that are neither CSV nor Parquet, and were not imported. */
  readonly skipped: readonly string[];
}

export interface ImportedSeries {
  readonly path: string;
  readonly label: string;
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
 * @throws `invalid-schema`, naming two files whose columns differ; `exists` for two files with the same
 *   label, or a collection whose table is of another kind than `table`; `invalid-argument` where no file is CSV or Parquet; the errors of `readCsv`, `readParquet` and
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
  const { selected, skipped } = selectFiles(files, options.label ?? pathToLabel);
  const call = signal ? { signal } : {};
  const existing = (await repo.ls(call)).includes(label) ? await repo.collection(label, call) : undefined;
  if (selected.length === 0)
    throw new LakotaError("invalid-argument", "There is no CSV or Parquet file to import.");
  if (existing && table) await repo.createCollection(existing.schema, label, { ...call, table }); // fails if it has another
  const { schema, dialects } = await commonSchema(selected, existing?.schema, options);
  const report = (rows: readonly number[] | undefined): ImportReport => ({
    schema,
    types: typeTexts(schema),
    series: selected.map(({ path, label, format }, i) => ({
      path,
      label,
      format,
      rows: rows?.[i],
      dialect: dialects[i],
    })),
    skipped,
  });
  if (dryRun) return report(undefined);

  const collection =
    existing ?? (await repo.createCollection(schema, label, { ...call, ...(table && { table }) }));
  const inspected = selected.length;
  const progress = { files: 0, totalFiles: selected.length, inspected, path: "", rows: 0 };
  const write = async (file: SelectedFile, series: Parameters<typeof writeFrames>[0]) => {
    const before = progress.rows;
    const source = await openFile(file, schema, options, ({ rows }) => {
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
    await collection.batch(async (writer) => {
      for (const file of batch) rows.push(await write(file, writer.series(file.label)));
    }, batchOptions);
  }
  return report(rows);
}

interface SelectedFile {
  path: string;
  label: string;
  format: FileFormat;
  gzip: boolean;
  open(): Blob | Promise<Blob>;
}

/** Returns the files to import, in the order of their paths, and the paths of the others. @throws `exists` */
function selectFiles(files: Iterable<ImportFile>, labelOfPath: (path: string) => string) {
  const selected: SelectedFile[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const path = file instanceof File ? file.webkitRelativePath || file.name : file?.path;
    if (typeof path !== "string")
      throw new LakotaError(
        "invalid-argument",
        `files: ${describeValue(file)} is neither a File nor has a path.`,
      );
    const detected = detectFormat(path);
    if (!detected) {
      skipped.push(path);
      continue;
    }
    const { stem, format, gzip } = detected;
    const open = file instanceof File ? () => file : () => file.open();
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
  return { selected, skipped };
}

/**
 * Returns the schema that represents all files, inferred from their heads, and how each of them is written. A column takes the widest type
 * that it has in any file; files in which it is empty are ignored.
 *
 * @param existing the schema of the collection, if there is one; the files must fit it
 * @throws `invalid-schema`, naming two files that differ
 */
async function commonSchema(
  files: readonly SelectedFile[],
  existing: Schema | undefined,
  options: ImportOptions,
): Promise<{ schema: Schema; dialects: readonly (CsvDialect | undefined)[] }> {
  const heads: FileHead[] = [];
  for (const [i, file] of files.entries()) {
    const source = await openFile(file, existing, options);
    await source.close();
    heads.push(headOf(file.path, source));
    options.onProgress?.({
      files: 0,
      totalFiles: files.length,
      inspected: i + 1,
      path: file.path,
      rows: 0,
    });
  }
  const dialects = heads.map(({ dialect }) => dialect);
  if (existing) return { schema: existing, dialects };
  const first = heads[0]!;
  const names = Object.keys(first.types);
  const differing = heads.find(({ types }) => String(Object.keys(types)) !== String(names));
  if (differing)
    throw schemaMismatch(first, differing, `${String(names)} and ${String(Object.keys(differing.types))}`);
  const merged = names.map((name): [string, string] => {
    const withValues = heads.filter(({ empty }) => !empty.includes(name));
    let type = (withValues[0] ?? first).types[name]!;
    for (const head of withValues) {
      const wider = widerType(type, head.types[name]!);
      if (wider === undefined)
        throw schemaMismatch(
          withValues[0]!,
          head,
          `"${name}" is ${type} in one, and ${head.types[name]} in the other`,
        );
      type = wider;
    }
    return [name, ownEntry(options.types ?? {}, name) ?? type];
  });
  const { index } = first;
  const source = await openFile(files[0]!, undefined, {
    ...options,
    types: Object.fromEntries(merged),
    index,
  });
  await source.close();
  return { schema: source.schema, dialects };
}

/** What is kept of the head of a file. There may be a hundred thousand files. */
interface FileHead {
  readonly path: string;
  readonly types: Readonly<Record<string, string>>;
  readonly empty: readonly string[];
  readonly index: readonly string[];
  readonly dialect: CsvDialect | undefined;
}

function headOf(path: string, source: RowSource | CsvSource): FileHead {
  const { types, empty, schema } = source;
  return { path, types, empty, index: schema.index.map(({ name }) => name), dialect: dialectOf(source) };
}

function schemaMismatch(a: FileHead, b: FileHead, difference: string): LakotaError {
  return new LakotaError(
    "invalid-schema",
    `${a.path} and ${b.path} have different columns: ${difference}. ` +
      'Set the types for all files, as in types: { price: "float" }, choose columns, or import them separately.',
  );
}

async function openFile(
  file: SelectedFile,
  schema: Schema | undefined,
  options: ImportOptions,
  onProgress?: SourceOptions["onProgress"],
): Promise<RowSource | CsvSource> {
  // The readers ignore the options of the import itself, except its onProgress, which counts files.
  const { onProgress: _, ...fileOptions } = options;
  const readOptions = {
    ...fileOptions,
    name: file.path,
    ...(schema && { schema }),
    ...(onProgress && { onProgress }),
  };
  const blob = await file.open();
  if (file.format === "parquet") return readParquet(blob, readOptions);
  if (!file.gzip) return readCsv(blob, readOptions);
  return readCsv(blob.stream().pipeThrough(new DecompressionStream("gzip")), readOptions);
}
