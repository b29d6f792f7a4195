import type { CallOptions } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";

/** An opened file: its schema, and its rows, which are read on demand. */
export interface RowSource {
  /** The schema of the rows, inferred or set by the options: ready for `createCollection`. */
  readonly schema: Schema;
  /**
   * The type text of each column, such as `timestamp*` or `float`. Pass it back, changed, as `types` to
   * override it.
   */
  readonly types: Readonly<Record<string, string>>;
  /** Columns without any value in the sample, whose types are therefore guesses. */
  readonly empty: readonly string[];
  /**
   * Reads the rows, in the order of the index. Can be called once. The file is read only as far as frames are
   * pulled. A frame has about `pageLength` rows, and more only where more rows have the same key: rows of one
   * key are never split between frames, so each frame can be written separately.
   *
   * @throws `invalid-frame` or `unsorted`, naming the location in the file; `aborted`; errors of the source
   *   itself
   */
  frames(): AsyncGenerator<Frame>;
  /** Releases the file, for callers that do not read its rows. */
  close(): Promise<void>;
}

/** Progress of reading a file. */
export interface SourceProgress {
  /** Rows read so far. */
  rows: number;
  /** Bytes of the file read so far. */
  bytes: number;
}

/** Options shared by all formats, files and tables in memory. */
export interface TableOptions {
  /** Types that override the inferred ones, in Lakota's type text: `{ time: "M8[ms]*", price: "f4" }`. */
  types?: Readonly<Record<string, string>>;
  /**
   * Names of the index columns. Default: those marked with `*` in `types`; else the first column of times,
   * else the first column.
   */
  index?: readonly string[];
  /** Columns to read. Default: all. */
  columns?: readonly string[];
  /** The schema to read into, such as that of an existing collection. Nothing is inferred then. */
  schema?: Schema;
  /**
   * Values that replace missing ones, by column. By default missing floats and complex numbers become NaN,
   * times and durations NaT, text "", and objects null; for other types, and for index columns other than
   * text, they throw.
   */
  fill?: Readonly<Record<string, unknown>>;
  /**
   * Sorts the rows by the index, which buffers all of them in memory. Default false: rows out of order throw.
   */
  sort?: boolean;
}

/** Options shared by all file formats. */
export interface SourceOptions extends TableOptions, CallOptions {
  /** Rows per frame. Default 100,000. */
  pageLength?: number;
  /** Name of the file, for error messages. */
  name?: string;
  /** Called when rows have been read. */
  onProgress?: (progress: SourceProgress) => void;
}

export const DEFAULT_PAGE_LENGTH = 100_000;

/** Returns `error` with the name of the file in front of its message. */
export function withFileName(error: unknown, name: string | undefined): unknown {
  if (name === undefined || !(error instanceof LakotaError)) return error;
  return new LakotaError(error.code, `${name}: ${error.message}`, { cause: error.cause ?? error });
}

/** Returns the first name that an earlier column has too. */
export function firstDuplicate(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/**
 * Checks the names of a source's columns, and those in the options.
 *
 * @throws `invalid-frame` for two columns of one name; `invalid-argument` for an option that names a column which the
 *   source does not have
 */
export function checkColumnNames(
  options: TableOptions & { formats?: object },
  columnNames: readonly string[],
): void {
  const twice = firstDuplicate(columnNames);
  if (twice !== undefined) {
    throw new LakotaError(
      "invalid-frame",
      `Two columns are named "${twice}". Rename one of them before the file is read.`,
    );
  }
  const { types = {}, index = [], columns = [], fill = {}, formats = {} } = options;
  const named = {
    types: Object.keys(types),
    index,
    columns,
    fill: Object.keys(fill),
    formats: Object.keys(formats),
  };
  for (const [option, names] of Object.entries(named)) {
    const unknown = names.find((name) => !columnNames.includes(name));
    if (unknown === undefined) continue;
    throw new LakotaError(
      "invalid-argument",
      `${option}: there is no column "${unknown}". There are: ${columnNames.join(", ")}.`,
    );
  }
}
