import {
  type Table as ArrowTable,
  type Data,
  DataType,
  type Field,
  type FixedSizeList,
  Precision,
  TimeUnit,
  type Utf8,
  type Vector,
} from "apache-arrow";
import { checkArguments } from "../../model/api/arguments.ts";
import type { ColumnInput } from "../../model/cast.ts";
import type { TypedColumn } from "../../model/column.ts";
import { parseDType, type TimeUnit as Unit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { Strings } from "../../model/strings.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { inferSchema } from "../table/infer-schema.ts";
import { checkColumnNames, type TableOptions } from "../table/row-source.ts";
import { type Table, toTable } from "../table/table.ts";
import { coerceColumn } from "../values/coerce-column.ts";
import { fromLocal, type ZoneOptions } from "../values/local-times.ts";
import { lacksMissing, nullableType } from "../values/nullable-type.ts";
import { isTypeText } from "../values/type-text.ts";
import { TYPE_METADATA_KEY } from "./to-arrow.ts";

export interface ArrowOptions extends TableOptions, ZoneOptions {}

/**
 * Converts a table of Apache Arrow to a frame, and returns it with its schema. Columns of numbers, times and
 * text share the memory of the table where they consist of one chunk without nulls in memory that is not
 * shared between threads; all others are copied.
 *
 * @throws `invalid-schema` for a column of an unsupported type; `invalid-frame` for a null that the type
 *   cannot represent; `unsorted` for rows out of order, unless `sort` is set
 * @example
 * const { schema, frame } = fromArrow(tableFromIPC(bytes), { index: ["time"] });
 */
export function fromArrow(table: ArrowTable, options: ArrowOptions = {}): Table {
  checkArguments("fromArrow", table, options);
  const { fill = {} } = options;
  const fields: readonly Field[] = table.schema.fields;
  checkColumnNames(
    options,
    fields.map(({ name }) => name),
  );
  const schema = inferSchema(
    fields.map((field, i) => ({
      name: field.name,
      inferType: () =>
        storedType(field) ?? typeOf(field, table.getChildAt(i)!, Object.hasOwn(fill, field.name)),
    })),
    options,
  );
  const { clock = "reject", timeZone } = options;
  const zone = timeZone === undefined ? undefined : TimeZone.named(timeZone);
  const location = (row: number) => `row ${row}`;
  const data = schema.columns.map((column) => {
    const at = fields.findIndex(({ name }) => name === column.name);
    const field = fields[at]!;
    const dtype = parseDType(toTypeText(field));
    const stored = columnValues(table.getChildAt(at)!);
    const isLocal = DataType.isTimestamp(field.type) && !field.type.timezone;
    const values =
      zone && isLocal && dtype.unit && !(stored instanceof Strings)
        ? fromLocal(stored, dtype.unit, zone, clock, location)
        : stored;
    return coerceColumn(column, dtype, values, {
      fill: ownEntry(fill, column.name),
      isFixed: options.schema !== undefined,
      location,
    });
  });
  return toTable(schema, data, options);
}

/** Returns the type that {@link toArrow} stored in the field's metadata. */
function storedType({ metadata }: Field): string | undefined {
  const text = metadata.get(TYPE_METADATA_KEY);
  return text !== undefined && isTypeText(text) ? text : undefined;
}

const UNITS: Readonly<Record<TimeUnit, Unit>> = {
  [TimeUnit.SECOND]: "s",
  [TimeUnit.MILLISECOND]: "ms",
  [TimeUnit.MICROSECOND]: "us",
  [TimeUnit.NANOSECOND]: "ns",
};

/** Returns the type of a column. Where values are missing it may be wider than that of the values. */
function typeOf(field: Field, vector: Vector, isFilled: boolean): string {
  const type = toTypeText(field);
  const { length: rows, nullCount: missing } = vector;
  if (isFilled || missing === 0 || !lacksMissing(type)) return type;
  const isSafe = Array.from(vector).every(
    (value) => typeof value !== "bigint" || Number.isSafeInteger(Number(value)),
  );
  return nullableType({ type, rows, missing, isSafe });
}

/** Returns the type of a column's values, as Lakota's type text. */
function toTypeText({ name, type }: Field): string {
  const value: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  if (DataType.isInt(value)) return `${value.isSigned ? "int" : "uint"}${value.bitWidth}`;
  if (DataType.isFloat(value)) return `float${16 << value.precision}`;
  if (DataType.isBool(value)) return "bool";
  if (DataType.isNull(value)) return "float";
  if (DataType.isUtf8(value) || DataType.isLargeUtf8(value) || DataType.isUtf8View(value)) return "str";
  // The types below are read from their stored values, which dictionaries do not have.
  if (value === type) {
    if (DataType.isTimestamp(type)) return `M8[${UNITS[type.unit]}]`;
    if (DataType.isDecimal(type)) return "float";
    if (DataType.isDuration(type) || DataType.isTime(type)) return `m8[${UNITS[type.unit]}]`;
    if (DataType.isDate(type)) return type.ArrayType === Int32Array ? "date" : "M8[ms]";
    if (DataType.isFixedSizeList(type) && type.listSize === 2 && DataType.isFloat(type.valueType)) {
      return `complex${32 << type.valueType.precision}`;
    }
  }
  throw new LakotaError(
    "invalid-schema",
    `Column "${name}": the type ${type} is not supported. Leave the column out with columns: [...].`,
  );
}

/** Returns the values of a column in one array, its own where possible; null where missing. */
function columnValues(vector: Vector): ColumnInput {
  const { type, data } = vector;
  if (DataType.isFixedSizeList(type)) return complexPairs(vector);
  if (DataType.isDecimal(type)) return Array.from(vector, (value) => toFloat(value, type.scale));
  const [chunk] = data;
  const whole = data.length === 1 && vector.nullCount === 0 ? chunk : undefined;
  if (whole && DataType.isUtf8(type)) return sharedText(whole);
  // The vector's own getters round times to numbers, so times are read as they are stored.
  const isTime =
    DataType.isTimestamp(type) || DataType.isDuration(type) || DataType.isTime(type) || DataType.isDate(type);
  const isNumber = DataType.isInt(type) || (DataType.isFloat(type) && type.precision !== Precision.HALF);
  if (whole && (isTime || isNumber)) {
    const values: TypedColumn = whole.values.subarray(0, whole.length);
    return isTime && values instanceof Int32Array ? BigInt64Array.from(values, BigInt) : values;
  }
  if (DataType.isUtf8(type)) return data.flatMap(textOrNull);
  if (!isTime) return [...vector];
  return data.flatMap((part) =>
    Array.from({ length: part.length }, (_, row) => (part.getValid(row) ? BigInt(part.values[row]) : null)),
  );
}

/** Converts a decimal, little-endian words of 32 bits in two's complement, to the nearest float. */
function toFloat(words: Uint32Array | null, scale: number): number | null {
  if (!words) return null;
  const unsigned = words.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
  return Number(`${BigInt.asIntN(32 * words.length, unsigned)}e${-scale}`);
}

/** The vector's own getter strips a byte order mark. */
function textOrNull(part: Data<Utf8>): (string | null)[] {
  const text = sharedText(part);
  return Array.from({ length: part.length }, (_, row) => (part.getValid(row) ? text.at(row) : null));
}

/** Returns the text of a column in its own memory. */
function sharedText({ values, valueOffsets, length }: Data<Utf8>): Strings {
  const first = valueOffsets[0] ?? 0;
  const bytes = unsharedBytes(values.subarray(first, valueOffsets[length] ?? 0));
  const offsets = valueOffsets.subarray(0, length + 1);
  if (first === 0 && length > 0 && offsets.buffer instanceof ArrayBuffer) {
    return new Strings(bytes, new Uint32Array(offsets.buffer, offsets.byteOffset, offsets.length));
  }
  return new Strings(
    bytes,
    Uint32Array.from({ length: length + 1 }, (_, i) => (offsets[i] ?? 0) - first),
  );
}

/** Copies memory that is shared between threads, which can be neither transferred nor hashed. */
function unsharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer)) return Uint8Array.from(bytes);
  return new Uint8Array(buffer, bytes.byteOffset, bytes.length);
}

/** Returns complex numbers as two consecutive items per row; NaN where missing. */
function complexPairs(vector: Vector<FixedSizeList>): number[] {
  return Array.from(vector, (pair) => [pair?.get(0) ?? Number.NaN, pair?.get(1) ?? Number.NaN]).flat();
}
