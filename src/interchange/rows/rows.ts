import { type DType, parseDType } from "../../model/dtype.ts";
import type { Frame, NamedColumn } from "../../model/frame.ts";
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

/** One row: values by name of the column. */
export type Row = Record<string, unknown>;

export interface ToRowsOptions {
  /** 64-bit integers as numbers, and times as epoch milliseconds. By default bigints, and ISO text, which lose nothing. */
  numbers?: boolean;
}

/**
 * The rows of a frame as plain objects. Times are ISO text in UTC, 64-bit integers bigints, booleans true or false, complex numbers
 * pairs; NaN and NaT are null.
 *
 * @throws `invalid-frame` for a time that ISO text cannot hold
 */
export function toRows(frame: Frame, { numbers = false }: ToRowsOptions = {}): Row[] {
  const columns = frame.parts().map((part) => ({ name: part.name, at: valueGetter(part, numbers) }));
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(columns.map(({ name, at }) => [name, at(row)])),
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
    const number = numbers ? Number : (value: bigint) => value;
    return (row) => (dtype.kind === "timedelta" && data[row] === NAT ? null : number(data[row]!));
  }
  if (dtype.kind === "bool") return (row) => data[row] === 1;
  if (dtype.kind === "complex") return (row) => [data[2 * row], data[2 * row + 1]];
  return (row) => orNull(data[row]);
}

/**
 * Plain objects as a frame, and the schema that they have: numbers are floats, bigints ints, `Date` and ISO text times, other
 * text str, and all else objects. Null, undefined and what a row lacks are missing values. Types that are told take what
 * `series.write` takes.
 *
 * @throws `invalid-schema`, `invalid-frame`, naming row and column; `unsorted`
 * @example
 * const { schema, frame } = fromRows([{ time: "2026-03-01", value: 4.5, count: 3n }]);
 */
export function fromRows(rows: readonly Readonly<Row>[], options: TableOptions = {}): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  checkColumnNames(options, names);
  const valuesOf = (name: string) => rows.map((row) => row[name]);
  const schema = inferSchema(
    names.map((name) => ({ name, type: () => inferValueType(valuesOf(name)) })),
    options,
  );
  const { fill = {} } = options;
  const data = schema.columns.map((column) => {
    const values = valuesOf(column.name);
    const rules = { fill: fill[column.name], where: (row: number) => `row ${row}` };
    if (column.dtype.kind === "complex")
      return coerceColumn(column, column.dtype, flattenPairs(values), rules);
    return coerceColumn(column, inputType(values, column.dtype), values, rules);
  });
  return toTable(schema, data, options);
}

const isMissing = (value: unknown) => value === null || value === undefined;

function inferValueType(values: readonly unknown[]): string {
  const told = values.filter((value) => !isMissing(value));
  const all = (is: (value: unknown) => boolean) => told.every(is);
  if (all((value) => typeof value === "number")) return "float";
  if (all((value) => typeof value === "bigint")) return "int";
  if (all((value) => typeof value === "boolean")) return "bool";
  if (all((value) => value instanceof Date)) return "M8[ms]";
  const texts = told.filter((value) => typeof value === "string");
  return texts.length === told.length ? (inferTime(texts) ?? "str") : "O";
}

/** Text has to be read; of other values, what a cast to `wanted` makes is what was meant. */
function inputType(values: readonly unknown[], wanted: DType): DType {
  if (isTextType(wanted) || wanted.kind === "object") return wanted;
  const allText = values.every((value) => typeof value === "string" || isMissing(value));
  return allText ? parseDType(inferValueType(values)) : wanted;
}

const flattenPairs = (values: readonly unknown[]): unknown[] =>
  values.flatMap((value) => (isMissing(value) ? [Number.NaN, Number.NaN] : value));
