import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { AmbiguousTimes } from "../csv/ambiguous-times.ts";
import { type CsvDialect, dialectOf } from "../csv/dialect.ts";
import { type CsvOptions, type CsvSource, readCsv } from "../csv/read-csv.ts";
import { type ParquetOptions, readParquet } from "../parquet/read-parquet.ts";
import type { RowSource, SourceOptions } from "../table/row-source.ts";
import { widerType } from "../values/wider-type.ts";
import type { FileFormat } from "./file-names.ts";
import { type SettledFormat, TimeEvidence } from "./settle-times.ts";

/** The options of {@link readCsv} and {@link readParquet}. Each applies those of its format. */
export type FileOptions = Omit<CsvOptions & ParquetOptions, "schema" | "name" | "signal" | "onProgress">;

/** A file to import, and the label of its series. */
export interface SelectedFile {
  path: string;
  label: string;
  format: FileFormat;
  gzip: boolean;
  open(): Blob | Promise<Blob>;
}

/** What the heads of all files tell. */
export interface InspectedFiles {
  readonly schema: Schema;
  /** How each file is written; undefined for Parquet. */
  readonly dialects: readonly (CsvDialect | undefined)[];
  readonly settled: readonly SettledFormat[];
  /** The options with which each file is to be read: those of the caller, and the formats that others told. */
  readonly options: readonly FileOptions[];
}

/** What is kept of the head of a file. There may be a hundred thousand files. */
interface FileHead {
  readonly path: string;
  readonly types: Readonly<Record<string, string>>;
  readonly empty: readonly string[];
  readonly index: readonly string[];
  readonly dialect: CsvDialect | undefined;
}

/** Why the head of a file could not be read. */
interface Failure {
  readonly error: unknown;
}

const isHead = (head: FileHead | Failure): head is FileHead => !("error" in head);

/**
 * Reads the heads of all files. Returns the schema that represents all of them, and how each is written. A column takes the
 * widest type that it has in any file; files in which it is empty are ignored. Where a file leaves open which number is the
 * day, the others may tell.
 *
 * @param existing the schema of the collection, if there is one; the files must fit it
 * @param onInspected called after each file
 * @throws `invalid-schema`, naming two files that differ; `invalid-frame` for times whose format no file tells
 */
export async function inspectFiles(
  files: readonly SelectedFile[],
  existing: Schema | undefined,
  options: FileOptions,
  onInspected: (count: number, path: string) => void,
): Promise<InspectedFiles> {
  const inspect = async (file: SelectedFile, fileOptions: FileOptions): Promise<FileHead> => {
    const source = await openImportFile(file, existing, fileOptions);
    await source.close();
    return headOf(file.path, source);
  };
  const inspected: (FileHead | Failure)[] = [];
  for (const [i, file] of files.entries()) {
    const head = await inspect(file, options).catch((error) => {
      if (!AmbiguousTimes.in(error)) throw error;
      return { error };
    });
    inspected.push(head);
    onInspected(i + 1, file.path);
  }
  const evidence = new TimeEvidence(inspected.filter(isHead));
  const settled: SettledFormat[] = [];
  const heads: FileHead[] = [];
  const fileOptions: FileOptions[] = [];
  for (const [i, file] of files.entries()) {
    let head: FileHead | Failure = inspected[i]!;
    let own = options;
    // Each column that is left open is an error of its own.
    while (!isHead(head)) {
      const { error } = head;
      const ambiguous = AmbiguousTimes.in(error);
      if (!ambiguous) throw error;
      const found = evidence.settle(file.path, error, ambiguous);
      settled.push(found);
      own = { ...own, formats: { ...own.formats, [found.column]: found.format } };
      head = await inspect(file, own).catch((next) => ({ error: next }));
    }
    heads.push(head);
    fileOptions.push(own);
  }
  const dialects = heads.map(({ dialect }) => dialect);
  const schema = existing ?? (await schemaOf(files[0]!, heads, fileOptions[0]!));
  return { schema, dialects, settled, options: fileOptions };
}

async function schemaOf(
  firstFile: SelectedFile,
  heads: readonly FileHead[],
  options: FileOptions,
): Promise<Schema> {
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
  const source = await openImportFile(firstFile, undefined, {
    ...options,
    types: Object.fromEntries(merged),
    index,
  });
  await source.close();
  return source.schema;
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

/** Opens a file with the reader of its format. */
export async function openImportFile(
  file: SelectedFile,
  schema: Schema | undefined,
  options: FileOptions & Pick<SourceOptions, "signal">,
  onProgress?: SourceOptions["onProgress"],
): Promise<RowSource | CsvSource> {
  const readOptions = {
    ...options,
    name: file.path,
    ...(schema && { schema }),
    ...(onProgress && { onProgress }),
  };
  const blob = await file.open();
  if (file.format === "parquet") return readParquet(blob, readOptions);
  if (!file.gzip) return readCsv(blob, readOptions);
  return readCsv(blob.stream().pipeThrough(new DecompressionStream("gzip")), readOptions);
}
