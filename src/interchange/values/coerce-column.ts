import { type ColumnInput, castColumn } from "../../model/cast.ts";
import type { ColumnData } from "../../model/column.ts";
import { concatRows } from "../../model/column-rows.ts";
import type { DType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Column } from "../../model/schema.ts";
import { Strings } from "../../model/strings.ts";
import { takeRows } from "../../model/take-rows.ts";
import { NAT } from "../../model/time.ts";
import { type CellParserOptions, createCellParser } from "./cell-parsers.ts";
import { createCellFormatter } from "./format-cell.ts";
import { rescale } from "./rescale-time.ts";
import { isTextType } from "./type-text.ts";

export interface CoerceOptions {
  /** What stands in for missing values; undefined for what the type has for that. */
  fill: unknown;
  /** Names a row of the source. */
  where(row: number): string;
}

/** As columns of another library are read as text, where a type is told that is not theirs. */
const CELL_PARSER_OPTIONS: CellParserOptions = {
  format: "iso",
  zone: undefined,
  clock: "reject",
  decimal: ".",
  fill: undefined,
};

/**
 * Values of type `found`, null or undefined where there are none, as a column of the schema. Values change their type only
 * where the new one holds them exactly; a float may become a shorter one.
 *
 * @throws `invalid-frame`, naming row and column
 */
export function coerceColumn(
  column: Column,
  found: DType,
  values: ColumnInput,
  rules: CoerceOptions,
): ColumnData {
  const rows = values instanceof Strings || ArrayBuffer.isView(values) ? undefined : presentRows(values);
  if (!rows || values instanceof Strings) return convert(column, found, values, rules.where);
  const present = Array.from(rows, (row) => values[row]);
  const dense = convert(column, found, present, (i) => rules.where(rows[i]!));
  const gap = missingValue(column, rules, firstMissing(rows));
  const order = new Uint32Array(values.length).fill(rows.length);
  for (const [i, row] of rows.entries()) order[row] = i;
  return takeRows(concatRows([dense, gap], column.dtype), column.dtype, order);
}

/** Rows that have a value; undefined where all have. */
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

/** One row that stands for a missing value. */
function missingValue(column: Column, { fill, where }: CoerceOptions, row: number): ColumnData {
  const { name, dtype, index } = column;
  if (fill !== undefined) return castColumn(column, dtype.kind === "complex" ? [fill].flat() : [fill]);
  if (isTextType(dtype)) return castColumn(column, [""]);
  const say = (why: string) =>
    new LakotaError(
      "invalid-frame",
      `At ${where(row)}, column "${name}": there is no value, and ${why}. Tell what to fill in, as in fill: { ${name}: … }, or choose another type or index.`,
    );
  if (index) throw say("the index needs one in every row");
  switch (dtype.kind) {
    case "complex":
      return castColumn(column, [Number.NaN, Number.NaN]);
    case "float":
    case "object":
    case "datetime":
    case "timedelta":
      return castColumn(column, [null]);
    default:
      throw say(`${dtype.name} has nothing that says so`);
  }
}

function convert(
  column: Column,
  found: DType,
  values: ColumnInput,
  where: (row: number) => string,
): ColumnData {
  const { name, dtype } = column;
  const own: Column = { ...column, dtype: found };
  const data = castColumn(own, values);
  if (dtype.name === found.name) return data;
  if (found.unit && dtype.unit && found.kind === dtype.kind && data instanceof BigInt64Array) {
    return rescale(data, found.unit, dtype.unit, (row, count) => conversionError(column, where(row), count));
  }
  const text = createCellFormatter({ name, type: found.name, data }, { zone: undefined, times: "iso" });
  const cells = createCellParser(column, CELL_PARSER_OPTIONS);
  for (let row = 0; row < values.length / (found.kind === "complex" ? 2 : 1); row++) {
    const cell = text(row);
    const bytes = encoder.encode(cell);
    if (cell === "" ? cells.addMissing() : cells.addCell(bytes, 0, bytes.length)) continue;
    throw conversionError(column, where(row), cell === "" ? "no value" : cell, cells.expected(cell));
  }
  return cells.take();
}

const encoder = new TextEncoder();

function conversionError(
  { name, dtype }: Column,
  where: string,
  value: unknown,
  wanted?: string,
): LakotaError {
  const shown = value === NAT ? "NaT" : String(value).slice(0, 60);
  return new LakotaError(
    "invalid-frame",
    `At ${where}, column "${name}": ${shown} is not ${wanted ?? `a time that ${dtype.name} holds exactly`}. Choose another type.`,
  );
}
