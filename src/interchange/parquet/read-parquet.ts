import type { FileMetaData } from "hyparquet";
import { checkArguments } from "../../model/api/arguments.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { Schema } from "../../model/schema.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { inferSchema, typeTexts } from "../table/infer-schema.ts";
import { paginate, type RowBatch } from "../table/paging.ts";
import {
  checkColumnNames,
  DEFAULT_PAGE_LENGTH,
  type RowSource,
  type SourceOptions,
  withFileName,
} from "../table/row-source.ts";
import { coerceColumn } from "../values/coerce-column.ts";
import { fromLocal, type ZoneOptions } from "../values/local-times.ts";
import { isTypeText } from "../values/type-text.ts";
import { toFloat } from "./decimals.ts";
import { inferTypes } from "./infer-types.ts";
import type { RandomAccess } from "./random-access.ts";
import { hyparquet, readGroups, SourceFile } from "./row-groups.ts";
import { fromParquetType, type ParquetColumn, TYPES_METADATA_KEY } from "./types.ts";

export interface ParquetOptions extends SourceOptions, ZoneOptions {}

/**
 * Opens a Parquet file. Its rows are then read one row group at a time. Requires the package `hyparquet`, and
 * `hyparquet-compressors` for files with compression other than Snappy.
 *
 * @throws `unsupported` where a package is missing; `invalid-frame` for a file that is not Parquet;
 *   `invalid-schema` for nested columns, and for columns that differ from `schema`; `invalid-argument` for
 *   options that name unknown columns
 * @example
 * const parquet = await readParquet(file, { index: ["time"] });
 * for await (const frame of parquet.frames()) await series.write(frame);
 */
export async function readParquet(source: RandomAccess, options: ParquetOptions = {}): Promise<RowSource> {
  checkArguments("readParquet", source, options);
  const { name } = options;
  try {
    const { parquetMetadataAsync, parquetSchema } = await hyparquet();
    const file = new SourceFile(source);
    const metadata = await file.parse("This is not a Parquet file", () =>
      parquetMetadataAsync(file, { geoparquet: false }),
    );
    const elements = await file.parse("The schema of this Parquet file is damaged", async () =>
      parquetSchema(metadata).children.map(({ element }) => element),
    );
    checkColumnNames(
      options,
      elements.map((element) => element.name),
    );
    const { columns: selected = elements.map((element) => element.name) } = options;
    const columns = elements.filter((element) => selected.includes(element.name)).map(fromParquetType);
    const stored = storedTypes(metadata);
    const { types, empty } = await inferTypes(file, metadata, columns, stored, options);
    const schema = inferSchema(
      columns.map(({ name }) => ({ name, inferType: () => types.get(name)! })),
      options,
    );
    const { pageLength = DEFAULT_PAGE_LENGTH, sort = false } = options;
    return {
      schema,
      types: typeTexts(schema),
      empty,
      async *frames() {
        try {
          yield* paginate(schema, readBatches(file, metadata, schema, columns, options), {
            pageLength,
            sort,
          });
        } catch (error) {
          throw withFileName(error, name);
        }
      },
      close: async () => {},
    };
  } catch (error) {
    throw withFileName(error, name);
  }
}

/** Returns the types that `writeParquet` stored in the file's metadata. */
function storedTypes({ key_value_metadata: entries = [] }: FileMetaData): Record<string, string> {
  try {
    const types: unknown = JSON.parse(entries.find(({ key }) => key === TYPES_METADATA_KEY)?.value ?? "{}");
    return Object.fromEntries(
      Object.entries(types ?? {}).filter(([, type]) => typeof type === "string" && isTypeText(type)),
    );
  } catch {
    return {}; // written by another program
  }
}

async function* readBatches(
  file: SourceFile,
  metadata: FileMetaData,
  schema: Schema,
  columns: readonly ParquetColumn[],
  options: ParquetOptions,
): AsyncGenerator<RowBatch> {
  const {
    signal,
    onProgress,
    fill = {},
    pageLength = DEFAULT_PAGE_LENGTH,
    clock = "reject",
    timeZone,
  } = options;
  const zone = timeZone === undefined ? undefined : TimeZone.named(timeZone);
  const progress = { rows: 0, bytes: 0 };
  const names = schema.columns.map((column) => column.name);
  for await (const { start, rows, bytes, read } of readGroups(file, metadata, names, columns, signal)) {
    for (let from = 0; from < rows; from += pageLength) {
      const to = Math.min(rows, from + pageLength);
      const location = (row: number) => `row ${start + from + row}`;
      const data = schema.columns.map((column, i) => {
        const source = columns.find(({ name }) => name === column.name)!;
        const dtype = parseDType(source.type);
        const stored = toCastInput(read[i]!.slice(from, to), source, dtype);
        const values =
          zone && source.isLocal && dtype.unit
            ? fromLocal(stored, dtype.unit, zone, clock, location)
            : stored;
        return coerceColumn(column, dtype, values, {
          fill: ownEntry(fill, column.name),
          isFixed: options.schema !== undefined,
          location,
        });
      });
      yield { length: to - from, data, location };
    }
    progress.rows += rows;
    progress.bytes += bytes;
    onProgress?.({ ...progress });
  }
}

/** Converts stored values to what `castColumn` accepts for their type. */
function toCastInput(values: ArrayLike<unknown>, { scale }: ParquetColumn, dtype: DType): ArrayLike<unknown> {
  if (scale !== undefined) return Array.from(values, (value) => toFloat(value, scale));
  // Times of day in milliseconds are stored as 32-bit integers.
  if (dtype.unit && !(values instanceof BigInt64Array)) {
    return Array.from(values, (value) => (typeof value === "number" ? BigInt(value) : value));
  }
  return values;
}
