import type { CallOptions, Note } from "../../model/api/options.ts";
import type { Repo } from "../../model/api/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import { type CsvOptions, readCsv } from "../csv/read-csv.ts";
import { type ParquetOptions, readParquet } from "../parquet/read-parquet.ts";
import { typeTexts } from "../table/infer-schema.ts";
import type { RowSource, SourceOptions } from "../table/row-source.ts";
import { widerType } from "../values/wider-type.ts";
import { detectFormat, type FileFormat, pathToLabel } from "./file-names.ts";
import { writeFrames } from "./write-frames.ts";

/** A file to import: of the page (`File`), or with a path of its own and bytes that are opened when it is its turn. */
export type ImportFile = File | { readonly path: string; open(): Blob | Promise<Blob> };

/** How files are read: what {@link readCsv} and {@link readParquet} take; each takes what it knows. */
type FileOptions = Omit<CsvOptions & ParquetOptions, "schema" | "name" | "signal" | "onProgress">;

export interface ImportOptions extends FileOptions, CallOptions {
  /** The collection. It is made where it is not there; where it is, files have to have its columns. */
  collection: string;
  /** The label of a file's series. Default: its path without the ending. */
  label?: (path: string) => string;
  /** One revision for `all` files, so that all are written or none; or one `each`, so that those before an error stay. Default `all`. */
  revision?: "all" | "each";
  /** Only look at the files, and say what would be done. */
  dryRun?: boolean;
  note?: Note;
  onProgress?: (progress: ImportProgress) => void;
}

/** How far an import has come. */
export interface ImportProgress {
  /** Files that are written, of `totalFiles`. */
  files: number;
  totalFiles: number;
  /** The file that is being read. */
  path: string;
  /** Rows read so far, of all files. */
  rows: number;
}

export interface ImportReport {
  /** Of the collection. */
  readonly schema: Schema;
  /** The same for people, by column: `timestamp*`, `float`, … */
  readonly types: Readonly<Record<string, string>>;
  readonly series: readonly ImportedSeries[];
  /** Paths of files that are neither CSV nor Parquet, and were left alone. */
  readonly skipped: readonly string[];
}

export interface ImportedSeries {
  readonly path: string;
  readonly label: string;
  readonly format: FileFormat;
  /** Rows written; undefined in a dry run. */
  readonly rows: number | undefined;
}

/**
 * Imports CSV (also gzipped) and Parquet files as series of one collection. The heads of all files are looked at first, and nothing is
 * written unless they have the same columns of the same types. A file replaces the range from its first row to
 * its last in its series.
 *
 * @throws `invalid-schema` for files of different columns, naming them; `exists` for two files of one label; as `readCsv`
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
  const { collection: label, dryRun = false, revision = "all", note, signal, onProgress } = options;
  const { found, skipped } = listFiles(files, options.label ?? pathToLabel);
  const call = signal ? { signal } : {};
  const existing = (await repo.ls(call)).includes(label) ? await repo.collection(label, call) : undefined;
  if (found.length === 0)
    throw new LakotaError("invalid-argument", "There is no CSV or Parquet file to import.");
  const schema = await commonSchema(found, existing?.schema, options);
  const report = (rows: readonly number[] | undefined): ImportReport => ({
    schema,
    types: typeTexts(schema),
    series: found.map(({ path, label, format }, i) => ({ path, label, format, rows: rows?.[i] })),
    skipped,
  });
  if (dryRun) return report(undefined);

  const collection = existing ?? (await repo.createCollection(schema, label, call));
  const progress = { files: 0, totalFiles: found.length, path: "", rows: 0 };
  const write = async (file: FoundFile, series: Parameters<typeof writeFrames>[0]) => {
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
  const change = { ...call, ...(note && { note }) };
  const rows: number[] = [];
  const batches = revision === "all" ? [found] : found.map((file) => [file]);
  for (const batch of batches) {
    await collection.batch(async (writer) => {
      for (const file of batch) rows.push(await write(file, writer.series(file.label)));
    }, change);
  }
  return report(rows);
}

interface FoundFile {
  path: string;
  label: string;
  format: FileFormat;
  gzip: boolean;
  open(): Blob | Promise<Blob>;
}

/** @throws `exists` */
function listFiles(files: Iterable<ImportFile>, labelOfPath: (path: string) => string) {
  const found: FoundFile[] = [];
  const skipped: string[] = [];
  for (const file of files) {
    const path = file instanceof File ? file.webkitRelativePath || file.name : file.path;
    const known = detectFormat(path);
    if (!known) {
      skipped.push(path);
      continue;
    }
    const { stem, format, gzip } = known;
    const open = file instanceof File ? () => file : () => file.open();
    found.push({ path, label: labelOfPath(stem), format, gzip, open });
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { label, path } of found) {
    const first = found.find((file) => file.label === label)!;
    if (first.path === path) continue;
    const message = `${first.path} and ${path} would both be the series "${label}". Rename one, or import them apart.`;
    throw new LakotaError("exists", message);
  }
  return { found, skipped };
}

/**
 * The schema that all files have, by their heads. A column without values in a file takes the type that it has in others, and
 * where some have whole numbers or coarser times, that of the finest.
 *
 * @throws `invalid-schema`, naming two files that differ
 */
async function commonSchema(
  found: readonly FoundFile[],
  given: Schema | undefined,
  options: ImportOptions,
): Promise<Schema> {
  const heads: FileHead[] = [];
  for (const file of found) {
    const source = await openFile(file, given, options);
    await source.close();
    heads.push({ path: file.path, source });
  }
  const [first] = heads;
  if (given) return given;
  const { types, schema } = first!.source;
  const names = Object.keys(types);
  const differing = heads.find(({ source }) => String(Object.keys(source.types)) !== String(names));
  if (differing)
    throw schemaMismatch(
      first!,
      differing,
      `${String(names)} and ${String(Object.keys(differing.source.types))}`,
    );
  const told = names.map((name): [string, string] => {
    const having = heads.filter(({ source }) => !source.empty.includes(name));
    let type = (having[0] ?? first!).source.types[name]!;
    for (const head of having) {
      const wider = widerType(type, head.source.types[name]!);
      if (wider === undefined)
        throw schemaMismatch(
          having[0]!,
          head,
          `"${name}" is ${type} in one, ${head.source.types[name]} in the other`,
        );
      type = wider;
    }
    return [name, options.types?.[name] ?? type];
  });
  const index = schema.index.map(({ name }) => name);
  const source = await openFile(found[0]!, undefined, { ...options, types: Object.fromEntries(told), index });
  await source.close();
  return source.schema;
}

interface FileHead {
  path: string;
  source: RowSource;
}

function schemaMismatch(a: FileHead, b: FileHead, how: string): LakotaError {
  return new LakotaError(
    "invalid-schema",
    `${a.path} and ${b.path} have different columns: ${how}. ` +
      'Tell the types for all files, as in types: { price: "float" }, choose columns, or import them apart.',
  );
}

async function openFile(
  file: FoundFile,
  schema: Schema | undefined,
  options: ImportOptions,
  onProgress?: SourceOptions["onProgress"],
): Promise<RowSource> {
  // What belongs to the import as a whole means nothing to the readers, but for its progress.
  const { onProgress: _, ...reading } = options;
  const given = { ...reading, name: file.path, ...(schema && { schema }), ...(onProgress && { onProgress }) };
  const blob = await file.open();
  if (file.format === "parquet") return readParquet(blob, given);
  const gunzip = new DecompressionStream("gzip");
  return readCsv(file.gzip ? blob.stream().pipeThrough(gunzip) : blob, given);
}
