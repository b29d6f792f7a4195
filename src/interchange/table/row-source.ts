import type { CallOptions } from "../../model/api/options.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import type { Schema } from "../../model/schema.ts";

/** Rows of a file, and the schema that they have. */
export interface RowSource {
  /** What the rows are, inferred or told: ready for `createCollection`. */
  readonly schema: Schema;
  /** The same for people, by column: `timestamp*`, `float`, … Give it back as `types`, changed, to override it. */
  readonly types: Readonly<Record<string, string>>;
  /** Columns in which no value was seen, so that their type is a guess. */
  readonly empty: readonly string[];
  /**
   * The rows, in the order of the index, once. The file is read as far as frames are asked for. A frame has about
   * `pageLength` rows, more only where more have one key: rows of one key are never in two frames, so that each
   * frame can be written by itself.
   *
   * @throws `invalid-frame` or `unsorted`, naming the place in the file; `aborted`; what the file's own stream throws
   */
  frames(): AsyncGenerator<Frame>;
  /** Lets go of the file, where its rows are not wanted. */
  close(): Promise<void>;
}

/** How far reading has come. */
export interface SourceProgress {
  rows: number;
  /** Bytes of the file. */
  bytes: number;
}

/** What all forms can be read with. */
export interface TableOptions {
  /** Types of columns in place of those that were found, in Lakota's type text: `{ time: "M8[ms]*", price: "f4" }`. */
  types?: Readonly<Record<string, string>>;
  /** Names of the index columns. Default: those marked with `*` in `types`; else the first column of times, else the first. */
  index?: readonly string[];
  /** Columns to read. Default: all. */
  columns?: readonly string[];
  /** Read into this schema, that of a collection that is there: nothing is inferred. */
  schema?: Schema;
  /** Values where there are none, by column. By default floats become NaN, times NaT, text "", and others are refused. */
  fill?: Readonly<Record<string, unknown>>;
  /** Put rows in the order of the index. This takes all of them in memory; by default rows out of order are refused. */
  sort?: boolean;
}

/** What all files can be read with. */
export interface SourceOptions extends TableOptions, CallOptions {
  /** Rows a frame. Default 100,000. */
  pageLength?: number;
  /** What the file is called, for errors. */
  name?: string;
  onProgress?: (progress: SourceProgress) => void;
}

export const DEFAULT_PAGE_LENGTH = 100_000;

/** `error` with the name of the file before its message. */
export function withFileName(error: unknown, name: string | undefined): unknown {
  if (name === undefined || !(error instanceof LakotaError)) return error;
  return new LakotaError(error.code, `${name}: ${error.message}`, { cause: error.cause ?? error });
}

/** @throws `invalid-argument` for an option that names a column which the file lacks */
export function checkColumnNames(
  options: TableOptions & { formats?: object },
  found: readonly string[],
): void {
  const { types = {}, index = [], columns = [], fill = {}, formats = {} } = options;
  const given = {
    types: Object.keys(types),
    index,
    columns,
    fill: Object.keys(fill),
    formats: Object.keys(formats),
  };
  for (const [option, names] of Object.entries(given)) {
    const strange = names.find((name) => !found.includes(name));
    if (strange === undefined) continue;
    throw new LakotaError(
      "invalid-argument",
      `${option}: there is no column "${strange}". There are: ${found.join(", ")}.`,
    );
  }
}
