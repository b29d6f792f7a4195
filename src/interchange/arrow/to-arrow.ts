import {
  Bool,
  type Data,
  DateDay,
  Duration,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from "apache-arrow";
import { checkArguments } from "../../model/api/arguments.ts";
import type { TypedColumn } from "../../model/column.ts";
import { type DType, lanes, parseDType } from "../../model/dtype.ts";
import { encodeStrings } from "../../model/encode-strings.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame, NamedColumn } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { createCellFormatter } from "../values/format-cell.ts";
import { rescale } from "../values/rescale-time.ts";
import { restoreDType } from "../values/restore-dtype.ts";
import { typeText } from "../values/type-text.ts";

/** Key in a field's metadata under which Lakota's type text is stored. */
export const TYPE_METADATA_KEY = "lakota";

/**
 * Converts a frame to a table of Apache Arrow. Columns of numbers (complex ones too), of times in s, ms, us
 * and ns, and of text share the frame's memory; booleans (as bits), times in other units, and objects (as
 * JSON) are copied. Missing times become null, missing floats stay NaN. The 64-bit columns of a frame that
 * was read with `numbers: true` are converted back to their own types, which copies them.
 *
 * @throws `invalid-frame` for a time that Arrow cannot represent
 * @example
 * const table = toArrow(await series.read());
 * const db = await connection.insertArrowTable(table, { name: "prices" }); // DuckDB
 */
export function toArrow(frame: Frame): Table {
  checkArguments("toArrow", frame);
  const columns = frame.parts().map((part) => {
    const data = toData(part);
    const metadata = new Map([[TYPE_METADATA_KEY, typeText(part.type)]]);
    return { data, field: new Field(part.name, data.type, data.nullable, metadata) };
  });
  const fields = columns.map(({ field }) => field);
  const schema = new Schema(fields);
  const children = columns.map(({ data }) => data);
  const struct = makeData({ type: new Struct(fields), length: frame.length, nullCount: 0, children });
  return new Table(schema, new RecordBatch(schema, struct));
}

function toData(part: NamedColumn): Data {
  const dtype = parseDType(part.type);
  const data = restoreDType(part);
  if (data instanceof Strings) return toTextData(data);
  if (data instanceof BigInt64Array && dtype.unit) return toTimeData(part.name, dtype, data);
  if (Array.isArray(data)) {
    const text = createCellFormatter(part, { zone: undefined, times: "iso" });
    return toTextData(encodeStrings(Array.from(data, (_, row) => text(row))));
  }
  if (dtype.kind === "bool") return toBoolData(data);
  const items = toNumberData(data);
  if (dtype.kind !== "complex") return items;
  const type = new FixedSizeList(2, new Field("item", items.type, false));
  return makeData({ type, length: data.length / lanes(dtype), nullCount: 0, child: items });
}

function toTextData({ bytes, offsets }: Strings): Data {
  if (bytes.length > 0x7fff_ffff) {
    throw new LakotaError(
      "invalid-frame",
      "Arrow's Utf8 holds at most 2 GiB of text per column. Convert fewer rows at a time.",
    );
  }
  const valueOffsets = new Int32Array(offsets.buffer, offsets.byteOffset, offsets.length);
  return makeData({ type: new Utf8(), length: offsets.length - 1, nullCount: 0, valueOffsets, data: bytes });
}

function toNumberData(data: TypedColumn): Data {
  const common = { length: data.length, nullCount: 0 };
  if (data instanceof Float64Array) return makeData({ ...common, type: new Float64(), data });
  if (data instanceof Float32Array) return makeData({ ...common, type: new Float32(), data });
  if (data instanceof BigInt64Array) return makeData({ ...common, type: new Int64(), data });
  if (data instanceof BigUint64Array) return makeData({ ...common, type: new Uint64(), data });
  if (data instanceof Int32Array) return makeData({ ...common, type: new Int32(), data });
  if (data instanceof Int16Array) return makeData({ ...common, type: new Int16(), data });
  if (data instanceof Int8Array) return makeData({ ...common, type: new Int8(), data });
  if (data instanceof Uint32Array) return makeData({ ...common, type: new Uint32(), data });
  if (data instanceof Uint16Array) return makeData({ ...common, type: new Uint16(), data });
  return makeData({ ...common, type: new Uint8(), data });
}

function toBoolData(data: TypedColumn): Data {
  const packed = new Uint8Array(Math.ceil(data.length / 8));
  for (let row = 0; row < data.length; row++) if (data[row]) packed[row >> 3]! |= 1 << (row & 7);
  return makeData({ type: new Bool(), length: data.length, nullCount: 0, data: packed });
}

const UNITS = {
  s: TimeUnit.SECOND,
  ms: TimeUnit.MILLISECOND,
  us: TimeUnit.MICROSECOND,
  ns: TimeUnit.NANOSECOND,
};

function toTimeData(name: string, dtype: DType, counts: BigInt64Array<ArrayBuffer>): Data {
  const rangeError = (_: number, count: bigint) =>
    new LakotaError(
      "invalid-frame",
      `Column "${name}": Arrow cannot represent the time ${count} (${dtype.name}).`,
    );
  const unit = dtype.unit!;
  const validity = nullBitmapOf(counts);
  const isDuration = dtype.kind === "timedelta";
  // Months have no fixed length, so durations in them stay integers.
  if (isDuration && (unit === "Y" || unit === "M"))
    return makeData({ type: new Int64(), data: counts, ...validity });
  if (!isDuration && (unit === "Y" || unit === "M" || unit === "W" || unit === "D")) {
    const days = rescale(counts, unit, "D", rangeError);
    const data = Int32Array.from(days, (count) => (count === NAT ? 0 : Number(count)));
    const wrong = days.findIndex((count, row) => count !== NAT && BigInt(data[row]!) !== count);
    if (wrong >= 0) throw rangeError(wrong, counts[wrong]!);
    return makeData({ type: new DateDay(), data, ...validity });
  }
  const to = unit === "ms" || unit === "us" || unit === "ns" ? unit : "s";
  const data = rescale(counts, unit, to, rangeError);
  return isDuration
    ? makeData({ type: new Duration(UNITS[to]), data, ...validity })
    : makeData({ type: new Timestamp(UNITS[to], "UTC"), data, ...validity });
}

/** Returns the bitmap that marks NaT as null; none where there is no NaT. */
function nullBitmapOf(counts: BigInt64Array): { length: number; nullCount: number; nullBitmap?: Uint8Array } {
  const { length } = counts;
  if (!counts.includes(NAT)) return { length, nullCount: 0 };
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  for (let row = 0; row < length; row++) {
    if (counts[row] === NAT) nullCount++;
    else nullBitmap[row >> 3]! |= 1 << (row & 7);
  }
  return { length, nullCount, nullBitmap };
}
