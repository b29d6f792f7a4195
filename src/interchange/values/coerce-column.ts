import { type ColumnInput, castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { concatRows } from "../../model/column-rows.ts";
import { type DType, lanes } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";
import { Strings } from "../../model/strings.ts";
import { takeRows } from "../../model/take-rows.ts";
import { NAT } from "../../model/time.ts";
import { createCellParser, fillColumn, PLAIN_CELLS } from "./cell-parsers.ts";
import { createCellFormatter } from "./format-cell.ts";
import { missingValueError } from "./missing-value.ts";
import { rescale } from "./rescale-time.ts";
import { isTextType } from "./type-text.ts";

export interface CoerceOptions {
  /** Replaces missing values. Undefined: the type's own missing value, if it has one. */
  fill: unknown;
  /** Whether the type is that of an existing collection, so that no other can be chosen. */
  isFixed: boolean;
  /** Returns the location of a row for error messages, such as `row 17`. */
  location(row: number): string;
}

/**
 * Returns values of another library as a column of the schema. They are converted to its type where it
 * represents them exactly; only floats may be rounded, to a shorter float.
 *
 * @param source the type of the values
 * @param values null or undefined where missing
 * @throws `invalid-frame`, naming row and column
 */
export function coerceColumn(
  column: Column,
  source: DType,
  values: ColumnInput,
  options: CoerceOptions,
): ColumnData {
  const rows = values instanceof Strings || ArrayBuffer.isView(values) ? undefined : presentRows(values);
  if (!rows || values instanceof Strings) return convert(column, source, values, options.location);
  const present = Array.from(rows, (row) => values[row]);
  const dense = convert(column, source, present, (i) => options.location(rows[i]!));
  const missing = missingRow(column, options, firstMissing(rows));
  // The missing value is appended once, and every row without a value refers to it.
  const order = new Uint32Array(values.length).fill(rows.length);
  for (const [i, row] of rows.entries()) order[row] = i;
  return takeRows(concatRows([dense, missing], column.dtype), column.dtype, order);
}

/** Returns the rows that have a value; undefined where all have. */
function presentRows(values: ArrayLike<unknown>): Uint32Array | undefined {
  const rows = new Uint32Array(values.length);
  let count = 0;
  for (let row = 0; row < values.length; row++) {
    if (values[row] !== null && values[row] !== undefined) rows[count++] = row;
  }
  return count === values.length ? undefined : rows.subarray(0, count);
}

function firstMissing(present: Uint32Array): number {
  const at = present.findIndex((row, i) => row !== i);
  return at < 0 ? present.length : at;
}

/** Returns a column of one row, the missing value. @param row the first row without a value, for the error */
function missingRow(column: Column, { fill, isFixed, location }: CoerceOptions, row: number): ColumnData {
  const { dtype, index } = column;
  if (fill !== undefined) return fillColumn(column, fill);
  if (isTextType(dtype)) return castColumn(column, [""]);
  if (index) throw missingValueError(column, `At ${location(row)}`, isFixed);
  switch (dtype.kind) {
    case "complex":
      return castColumn(column, [Number.NaN, Number.NaN]);
    case "float":
    case "object":
    case "datetime":
    case "timedelta":
      return castColumn(column, [null]);
    default:
      throw missingValueError(column, `At ${location(row)}`, isFixed);
  }
}

function convert(
  column: Column,
  source: DType,
  values: ColumnInput,
  location: (row: number) => string,
): ColumnData {
  const { name, dtype } = column;
  const data = castColumn({ ...column, dtype: source }, values);
  if (dtype.name === source.name) return data;
  if (source.unit && dtype.unit && source.kind === dtype.kind && data instanceof BigInt64Array) {
    return rescale(data, source.unit, dtype.unit, (row, count) =>
      conversionError(column, location(row), count),
    );
  }
  // Values are converted between types by way of their text.
  const format = createCellFormatter({ name, type: source.name, data }, { zone: undefined, times: "iso" });
  const parser = createCellParser(column, PLAIN_CELLS);
  for (let row = 0; row < values.length / lanes(source); row++) {
    const text = format(row);
    const bytes = encoder.encode(text);
    if (text === "" ? parser.addMissing() : parser.addCell(bytes, 0, bytes.length)) continue;
    throw conversionError(column, location(row), text === "" ? "no value" : text, parser.expected(text));
  }
  return parser.take();
}

const encoder = new TextEncoder();

function conversionError(
  { name, dtype }: Column,
  location: string,
  value: unknown,
  expected = `a time that ${dtype.name} holds exactly`,
): LakotaError {
  const shown = value === NAT ? "NaT" : String(value).slice(0, 60);
  return new LakotaError(
    "invalid-frame",
    `At ${location}, column "${name}": ${shown} is not ${expected}. Choose another type.`,
  );
}
