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
import type { ColumnInput } from "../../model/cast.ts";
import type { TypedColumn } from "../../model/column.ts";
import { parseDType, type TimeUnit as Unit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { Strings } from "../../model/strings.ts";
import { TimeZone } from "../../model/time-zone.ts";
import { inferSchema } from "../table/infer-schema.ts";
import { checkColumnNames, type TableOptions } from "../table/row-source.ts";
import { type Table, toTable } from "../table/table.ts";
import { coerceColumn } from "../values/coerce-column.ts";
import { fromLocal, type ZoneOptions } from "../values/local-times.ts";
import { isTypeText } from "../values/type-text.ts";
import { TYPE_METADATA_KEY } from "./to-arrow.ts";

export interface ArrowOptions extends TableOptions, ZoneOptions {}

/**
 * A table of Apache Arrow as a frame, and the schema that it has. A column of numbers, times or text that is in one
 * piece, without nulls and in memory of its own shares that memory; all others are copied.
 *
 * @throws `invalid-schema` for columns that have no counterpart; `invalid-frame` for nulls that the type cannot say;
 *   `unsorted`
 * @example
 * const { schema, frame } = fromArrow(tableFromIPC(bytes), { index: ["time"] });
 */
export function fromArrow(table: ArrowTable, options: ArrowOptions = {}): Table {
  const fields: readonly Field[] = table.schema.fields;
  checkColumnNames(
    options,
    fields.map(({ name }) => name),
  );
  const schema = inferSchema(
    fields.map((field) => ({ name: field.name, type: () => storedType(field) ?? toTypeText(field) })),
    options,
  );
  const { fill = {}, clock = "reject", timeZone } = options;
  const zone = timeZone === undefined ? undefined : TimeZone.named(timeZone);
  const where = (row: number) => `row ${row}`;
  const data = schema.columns.map((column) => {
    const at = fields.findIndex(({ name }) => name === column.name);
    const field = fields[at]!;
    const found = parseDType(toTypeText(field));
    const stored = columnValues(table.getChildAt(at)!);
    const local = DataType.isTimestamp(field.type) && !field.type.timezone;
    const values =
      zone && local && found.unit && !(stored instanceof Strings)
        ? fromLocal(stored, found.unit, zone, clock, where)
        : stored;
    return coerceColumn(column, found, values, { fill: fill[column.name], where });
  });
  return toTable(schema, data, options);
}

/** The type that {@link toArrow} noted. */
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

/** What a column's values are to Lakota. */
function toTypeText({ name, type }: Field): string {
  const value: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  if (DataType.isInt(value)) return `${value.isSigned ? "int" : "uint"}${value.bitWidth}`;
  if (DataType.isFloat(value)) return `float${16 << value.precision}`;
  if (DataType.isBool(value)) return "bool";
  if (DataType.isUtf8(value) || DataType.isLargeUtf8(value) || DataType.isUtf8View(value)) return "str";
  // Of the others, dictionaries would have to be looked up in their own way.
  if (value === type) {
    if (DataType.isTimestamp(type)) return `M8[${UNITS[type.unit]}]`;
    if (DataType.isDuration(type) || DataType.isTime(type)) return `m8[${UNITS[type.unit]}]`;
    if (DataType.isDate(type)) return type.ArrayType === Int32Array ? "date" : "M8[ms]";
    if (DataType.isFixedSizeList(type) && type.listSize === 2 && DataType.isFloat(type.valueType)) {
      return `complex${32 << type.valueType.precision}`;
    }
  }
  throw new LakotaError(
    "invalid-schema",
    `Column "${name}" of type ${type} has no counterpart here. Leave it out with columns: [...].`,
  );
}

/** The values of a column, null where there are none: in one array, that of the column itself where possible. */
function columnValues(vector: Vector): ColumnInput {
  const { type, data } = vector;
  if (DataType.isFixedSizeList(type)) return complexPairs(vector);
  const [chunk] = data;
  const whole = data.length === 1 && vector.nullCount === 0 ? chunk : undefined;
  if (whole && DataType.isUtf8(type)) return sharedText(whole);
  // The library would give times as inexact numbers: these are taken as they are stored.
  const stored =
    DataType.isTimestamp(type) || DataType.isDuration(type) || DataType.isTime(type) || DataType.isDate(type);
  const isNumber = DataType.isInt(type) || (DataType.isFloat(type) && type.precision !== Precision.HALF);
  if (whole && (stored || isNumber)) {
    const values: TypedColumn = whole.values.subarray(0, whole.length);
    return stored && values instanceof Int32Array ? BigInt64Array.from(values, BigInt) : values;
  }
  if (DataType.isUtf8(type)) return data.flatMap(textOrNull);
  if (!stored) return [...vector];
  return data.flatMap((part) =>
    Array.from({ length: part.length }, (_, row) => (part.getValid(row) ? BigInt(part.values[row]) : null)),
  );
}

/** The library itself would take away a byte order mark. */
function textOrNull(part: Data<Utf8>): (string | null)[] {
  const text = sharedText(part);
  return Array.from({ length: part.length }, (_, row) => (part.getValid(row) ? text.at(row) : null));
}

/** Text in the memory of the column. */
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

/** Shared memory can be neither transferred nor hashed. */
function unsharedBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  if (!(buffer instanceof ArrayBuffer)) return Uint8Array.from(bytes);
  return new Uint8Array(buffer, bytes.byteOffset, bytes.length);
}

/** Complex numbers: two neighbours a row. */
function complexPairs(vector: Vector<FixedSizeList>): number[] {
  return Array.from(vector, (pair) => [pair?.get(0) ?? Number.NaN, pair?.get(1) ?? Number.NaN]).flat();
}
