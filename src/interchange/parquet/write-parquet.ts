import type { DecodedArray } from "hyparquet";
import { checkArguments } from "../../model/api/arguments.ts";
import type { CallOptions } from "../../model/api/options.ts";
import { type DType, lanes, parseDType } from "../../model/dtype.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { type Frames, iterateFrames, SameColumnsCheck } from "../table/frames.ts";
import { loadOptionalPackage } from "../table/optional-package.ts";
import { createCellFormatter } from "../values/format-cell.ts";
import { rescale } from "../values/rescale-time.ts";
import { restoreDType } from "../values/restore-dtype.ts";
import { typeText } from "../values/type-text.ts";
import { parquetTimeUnit, TYPES_METADATA_KEY, toParquetType } from "./types.ts";

export interface ParquetWriteOptions extends CallOptions {
  /** Compression. Default `SNAPPY`, which all readers support. */
  codec?: "SNAPPY" | "UNCOMPRESSED";
}

/**
 * Writes frames as Parquet, each as a row group, and yields the bytes in chunks. Types that Parquet lacks are
 * stored in the file's metadata, so that `readParquet` returns the same values. Requires the package
 * `hyparquet-writer`.
 *
 * @throws `unsupported` where the package is missing; `invalid-frame` for frames with different columns, for
 *   no frame at all, and for a time that Parquet cannot represent; `aborted`
 * @example
 * for await (const bytes of writeParquet(series.pages())) await file.write(bytes);
 */
export async function* writeParquet(
  frames: Frames,
  options: ParquetWriteOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  checkArguments("writeParquet", frames, options);
  const { codec = "SNAPPY", signal } = options;
  if (codec !== "SNAPPY" && codec !== "UNCOMPRESSED")
    throw new LakotaError("invalid-argument", `codec: "${String(codec)}" is not SNAPPY or UNCOMPRESSED.`);
  const { ByteWriter, ParquetWriter } = await loadOptionalPackage(
    "hyparquet-writer",
    () => import("hyparquet-writer"),
  );
  const writer = new ByteWriter();
  const sameColumns = new SameColumnsCheck();
  let parquet: InstanceType<typeof ParquetWriter> | undefined;
  const flush = () => {
    const bytes = writer.getBytes().slice();
    writer.index = 0; // empties the buffer; the writer tracks its offset in the file separately
    return bytes;
  };
  for await (const frame of iterateFrames(frames)) {
    throwIfAborted(signal);
    sameColumns.check(frame);
    const parts = frame.parts();
    parquet ??= new ParquetWriter({
      writer,
      codec,
      schema: [
        { name: "root", num_children: parts.length },
        ...parts.map(({ name, type }) => toParquetType(name, parseDType(type))),
      ],
      kvMetadata: [
        {
          key: TYPES_METADATA_KEY,
          value: JSON.stringify(Object.fromEntries(parts.map((p) => [p.name, typeText(p.type)]))),
        },
      ],
      createdBy: "lakota",
    });
    if (frame.length === 0) continue;
    await parquet.write({
      columnData: parts.map((part) => ({ name: part.name, ...toColumnSource(part) })),
      rowGroupSize: frame.length,
    });
    yield flush();
  }
  if (!parquet)
    throw new LakotaError(
      "invalid-frame",
      "There is no frame to write. A Parquet file needs one, if without rows, for its columns.",
    );
  await parquet.finish();
  yield flush();
}

/** Converts a column to what hyparquet-writer accepts. */
function toColumnSource(part: NamedColumn): { data: DecodedArray; encoding?: "PLAIN" } {
  const dtype = parseDType(part.type);
  const data = restoreDType(part);
  if (data instanceof Strings) return { data: data.toArray() };
  if (data instanceof BigUint64Array) return { data };
  if (data instanceof BigInt64Array) return { data: dtype.unit ? toTimes(part.name, dtype, data) : data };
  if (Array.isArray(data) || dtype.kind === "complex") {
    const text = createCellFormatter(part, { zone: undefined, times: "iso" });
    return { data: Array.from({ length: data.length / lanes(dtype) }, (_, row) => text(row)) };
  }
  if (dtype.kind === "bool") return { data: Array.from(data, (item) => item === 1) };
  // A dictionary encoding would merge -0 and 0.
  if (data instanceof Float64Array || data instanceof Float32Array) return { data, encoding: "PLAIN" };
  // Parquet stores smaller integers in 32 bits. Values of uint32 exceed Int32Array, so the writer converts
  // them itself.
  return { data: dtype.name === "uint32" ? Array.from(data) : Int32Array.from(data) };
}

/** Converts times and durations to the stored unit, and NaT to null. */
function toTimes(name: string, dtype: DType, counts: BigInt64Array<ArrayBuffer>): DecodedArray {
  const unit = parquetTimeUnit(dtype);
  const stored =
    dtype.kind === "datetime"
      ? rescale(counts, dtype.unit!, unit, (_, count) => rangeError(name, dtype, count))
      : counts;
  if (dtype.kind === "timedelta" || unit !== "D")
    return Array.from(stored, (count) => (count === NAT ? null : count));
  return Array.from(stored, (days) => {
    if (days === NAT) return null;
    if (BigInt.asIntN(32, days) !== days) throw rangeError(name, dtype, days);
    return Number(days);
  });
}

function rangeError(name: string, { name: type }: DType, count: bigint): LakotaError {
  return new LakotaError(
    "invalid-frame",
    `Column "${name}": Parquet cannot represent the time ${count} (${type}).`,
  );
}
