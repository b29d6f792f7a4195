import { openAsBlob } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { type CsvOptions, type CsvSource, readCsv } from "../../interchange/csv/read-csv.ts";
import { detectFormat } from "../../interchange/files/file-names.ts";
import { readParquet } from "../../interchange/parquet/read-parquet.ts";
import type { RowSource } from "../../interchange/table/row-source.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Context } from "../context.ts";

/**
 * Opens a file by its extension, or CSV from standard input if there is no file.
 *
 * @throws `not-found`; `invalid-argument` for a folder
 */
export async function openRows(
  context: Context,
  file: string | undefined,
  options: CsvOptions,
): Promise<RowSource | CsvSource> {
  if (file === undefined) return readCsv(context.input(undefined), options);
  const info = await stat(file).catch((cause) => {
    throw new LakotaError("not-found", `File ${file} does not exist or cannot be read.`, { cause });
  });
  if (info.isDirectory())
    throw new LakotaError("invalid-argument", `${file} is a folder. Import folders with \`lakota import\`.`);
  const named = { ...options, name: file };
  const { format = "csv", gzip = false } = detectFormat(file) ?? {};
  if (format === "parquet") return readParquet(await openAsBlob(file), named);
  const bytes = context.input(file);
  return readCsv(gzip ? pipeline(bytes, createGunzip(), () => undefined) : bytes, named);
}
