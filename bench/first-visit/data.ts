import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CompressionType,
  compressionRegistry,
  Field,
  Float64,
  Int64,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
} from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type Encoder, loadEncoder } from "numcodecs-wasm/encoder";
import { filesUnder } from "../../scripts/files.ts";
import { zarrFiles } from "../browser/zarr.ts";
import { makeIcechunk } from "./icechunk.ts";
import type { SeriesData } from "./series.ts";

const CACHE = fileURLToPath(new URL("../../.cache/first-visit", import.meta.url));
/** Part of the folder's name; a change of the files needs a new one. */
const VERSION = 2;
const ZARR = "zarr/";

/** Rows of a row group, and of a record batch. Chunks of Zarr have as many. */
const GROUP_ROWS = 500_000;
/** Bytes of a page before compression: 16,384 rows, so that a range of rows reads few others. */
const PAGE_BYTES = 128 * 1024;
const ZSTD_LEVEL = 5;

type Files = ReadonlyMap<string, Uint8Array>;

/**
 * Returns the files that the peers read, by path: `zarr/…`, `series.parquet`, `series.arrow`, `series-zstd.arrow`, and if
 * Icechunk is installed `icechunk/…`. They are made once for each name and kept in `.cache/first-visit/`.
 */
export async function peerFiles(name: string, data: SeriesData, icechunk: boolean): Promise<Files> {
  const files = await cached(`${name}/files`, () => makeFiles(data));
  if (!icechunk) return files;
  const zarr = [...files].filter(([path]) => path.startsWith(ZARR));
  const made = await cached(`${name}/icechunk`, () =>
    makeIcechunk(new Map(zarr.map(([path, bytes]) => [path.slice(ZARR.length), bytes]))),
  );
  return new Map([...files, ...below("icechunk/", made)]);
}

/** Returns the files of a folder of the cache. Makes them first if it does not exist. */
async function cached(name: string, make: () => Promise<Files>): Promise<Files> {
  const folder = join(CACHE, `data-${VERSION}`, name);
  if (!existsSync(folder)) write(folder, await make());
  const paths = filesUnder(folder, "");
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

/** Writes files to a folder that appears when it is complete. */
function write(folder: string, files: Files): void {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(unfinished, path)), { recursive: true });
    writeFileSync(join(unfinished, path), bytes);
  }
  renameSync(unfinished, folder);
}

const below = (folder: string, files: Files) =>
  [...files].map(([path, bytes]) => [folder + path, bytes] as const);

async function makeFiles(data: SeriesData): Promise<Files> {
  const encoder = await loadEncoder();
  return new Map([
    ...below(ZARR, await zarrFiles({ timestamp: data.t, value: data.v })),
    ["series.parquet", tunedParquet(data, encoder)],
    ["series.arrow", arrowStream(data)],
    ["series-zstd.arrow", arrowStream(data, encoder)],
  ]);
}

/** Encodings for numbers, zstd, and an index of pages that are small enough to read a few thousand rows. */
function tunedParquet({ t, v }: SeriesData, encoder: Encoder): Uint8Array {
  const index = { columnIndex: true, offsetIndex: true, nullable: false } as const;
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: "timestamp", data: t, type: "INT64", encoding: "DELTA_BINARY_PACKED", ...index },
        { name: "value", data: v, type: "DOUBLE", encoding: "BYTE_STREAM_SPLIT", ...index },
      ],
      codec: "ZSTD",
      compressors: { ZSTD: (bytes) => encoder.zstdEncode(bytes, ZSTD_LEVEL) },
      rowGroupSize: GROUP_ROWS,
      pageSize: PAGE_BYTES,
    }),
  );
}

/** Uncompressed without an encoder. */
function arrowStream({ t, v }: SeriesData, encoder?: Encoder): Uint8Array {
  const schema = new Schema([
    new Field("timestamp", new Int64(), false),
    new Field("value", new Float64(), false),
  ]);
  if (encoder)
    compressionRegistry.set(CompressionType.ZSTD, {
      encode: (bytes) => encoder.zstdEncode(bytes, ZSTD_LEVEL),
    });
  const writer = new RecordBatchStreamWriter({ compressionType: encoder ? CompressionType.ZSTD : null });
  for (let row = 0; row < t.length; row += GROUP_ROWS) {
    const [times, values] = [t.subarray(row, row + GROUP_ROWS), v.subarray(row, row + GROUP_ROWS)];
    const children = [
      makeData({ type: new Int64(), data: times, nullCount: 0 }),
      makeData({ type: new Float64(), data: values, nullCount: 0 }),
    ];
    const type = new Struct(schema.fields);
    writer.write(new RecordBatch(schema, makeData({ type, length: times.length, nullCount: 0, children })));
  }
  return writer.finish().toUint8Array(true);
}
