import { checkArguments } from "../../model/api/arguments.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import type { Frame, NamedColumn } from "../../model/frame.ts";
import type { Row } from "../../model/frame-rows.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { Strings } from "../../model/strings.ts";
import { NAT, unitToMs } from "../../model/time.ts";
import { inferSchema } from "../table/infer-schema.ts";
import { checkColumnNames, type TableOptions } from "../table/row-source.ts";
import { type Table, toTable } from "../table/table.ts";
import { coerceColumn } from "../values/coerce-column.ts";
import { createCellFormatter } from "../values/format-cell.ts";
import { inferTime } from "../values/infer-types.ts";
import { restoreDType } from "../values/restore-dtype.ts";
import { isTextType } from "../values/type-text.ts";

export interface ToRowsOptions {
  /**
   * Whether to return 64-bit integers as numbers, rounded beyond 2^53, and times as epoch milliseconds.
   * Default false: bigints and ISO text, which are exact.
   */
  numbers?: boolean;
}

/**
 * Returns the rows of a frame as plain objects. Times become ISO text in UTC, 64-bit integers and durations
 * bigints, booleans `true` or `false`, and complex numbers pairs; NaN and NaT become null.
 *
 * @throws `invalid-frame` for a time that ISO text cannot represent
 * @example
 * toRows(await series.tail(1)); // [ { timestamp: "2026-03-01T00:00:00Z", value: 4.5 } ]
 */
export function toRows(frame: Frame, options: ToRowsOptions = {}): Row[] {
  checkArguments("toRows", frame, options);
  const { numbers = false } = options;
  const columns = frame.parts().map((part) => ({ name: part.name, get: valueGetter(part, numbers) }));
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(columns.map(({ name, get }) => [name, get(row)])),
  );
}

function valueGetter(part: NamedColumn, numbers: boolean): (row: number) => unknown {
  const dtype = parseDType(part.type);
  const data = restoreDType(part);
  const orNull = (value: unknown) => (Number.isNaN(value) ? null : value);
  if (data instanceof Strings) return (row) => data.at(row);
  if (Array.isArray(data)) return (row) => data[row];
  if (data instanceof BigInt64Array && dtype.kind === "datetime") {
    if (numbers) return (row) => orNull(unitToMs(data[row]!, dtype.unit!));
    const text = createCellFormatter(part, { zone: undefined, times: "iso" });
    return (row) => text(row) || null;
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const convert = numbers ? Number : (value: bigint) => value;
    return (row) => (dtype.kind === "timedelta" && data[row] === NAT ? null : convert(data[row]!));
  }
  if (dtype.kind === "bool") return (row) => data[row] === 1;
  if (dtype.kind === "complex") return (row) => [data[2 * row], data[2 * row + 1]];
  return (row) => orNull(data[row]);
}

/**
 * Converts plain objects to a frame, and returns it with its schema. By default numbers become `float`,
 * bigints `int`, `Date` and ISO text times, other text `str`, and all else objects. Null, undefined and
 * absent properties are missing values. Columns with a type set by `types` or `schema` accept what
 * `series.write` accepts.
 *
 * @throws `invalid-schema`, or `invalid-frame`, naming row and column; `unsorted` for rows out of order,
 *   unless `sort` is set; `invalid-argument` for options that name unknown columns
 * @example
 * const { schema, frame } = fromRows([{ time: "2026-03-01", value: 4.5, count: 3n }]);
 */
export function fromRows(rows: readonly Readonly<Row>[], options: TableOptions = {}): Table {
  checkArguments("fromRows", rows, options);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  checkColumnNames(options, names);
  const valuesOf = (name: string) => rows.map((row) => row[name]);
  const schema = inferSchema(
    names.map((name) => ({ name, inferType: () => inferValueType(valuesOf(name)) })),
    options,
  );
  const { fill = {} } = options;
  const data = schema.columns.map((column) => {
    const values = valuesOf(column.name);
    const coercion = {
      fill: ownEntry(fill, column.name),
      isFixed: options.schema !== undefined,
      location: (row: number) => `row ${row}`,
    };
    if (column.dtype.kind === "complex")
      return coerceColumn(column, column.dtype, flattenPairs(values), coercion);
    return coerceColumn(column, inputType(values, column.dtype), values, coercion);
  });
  return toTable(schema, data, options);
}

const isMissing = (value: unknown) => value === null || value === undefined;

function inferValueType(values: readonly unknown[]): string {
  const present = values.filter((value) => !isMissing(value));
  const all = (test: (value: unknown) => boolean) => present.every(test);
  if (all((value) => typeof value === "number")) return "float";
  if (all((value) => typeof value === "bigint")) return "int";
  if (all((value) => typeof value === "boolean")) return "bool";
  if (all((value) => value instanceof Date)) return "M8[ms]";
  const texts = present.filter((value) => typeof value === "string");
  return texts.length === present.length ? (inferTime(texts) ?? "str") : "O";
}

/**
 * Returns the type from which values are converted to `target`: that of text, which is parsed, else `target`
 * itself.
 */
function inputType(values: readonly unknown[], target: DType): DType {
  if (isTextType(target) || target.kind === "object") return target;
  const allText = values.every((value) => typeof value === "string" || isMissing(value));
  return allText ? parseDType(inferValueType(values)) : target;
}

const flattenPairs = (values: readonly unknown[]): unknown[] =>
  values.flatMap((value) => (isMissing(value) ? [Number.NaN, Number.NaN] : value));
