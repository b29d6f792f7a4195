import { casterOf, describeValue, expectedItem, setItem } from "./cast-value.ts";
import type { ColumnData, IndexValue, TypedColumn } from "./column.ts";
import { zeros } from "./column-rows.ts";
import { lanes } from "./dtype.ts";
import { encodeStrings } from "./encode-strings.ts";
import { LakotaError } from "./errors.ts";
import type { Column } from "./schema.ts";
import { Strings } from "./strings.ts";
import { isTypedColumn } from "./typed-column.ts";

/**
 * The values of a column to write: a typed array, or an array of numbers, bigints, strings, dates, booleans,
 * or null for a missing number or time. Times are taken as described at `TimeInput`.
 */
export type ColumnInput = ArrayLike<unknown> | Strings;

/**
 * Converts `input` to the column's type. A typed array of the right class is returned as it is, not copied.
 *
 * @throws `invalid-frame`, naming column, row and value
 */
export function castColumn(column: Column, input: ColumnInput): ColumnData {
  const { dtype, name } = column;
  if (input instanceof Strings) return dtype.kind === "str" ? input : castColumn(column, input.toArray());
  if (typeof input !== "object" || !Number.isInteger(input?.length)) {
    throw new LakotaError(
      "invalid-frame",
      `Column "${name}": ${describeValue(input)} is not a column. Pass a typed array or an array.`,
    );
  }
  switch (dtype.kind) {
    case "object":
      return Array.from(input);
    case "str":
    case "fixed-str":
    case "bytes":
      return castStrings(column, input);
    default: {
      const out = zeros(dtype, 0) as TypedColumn;
      if (isTypedColumn(input) && input.constructor === out.constructor && dtype.kind !== "bool") {
        checkLanes(column, input);
        return input;
      }
      return castNumbers(column, input);
    }
  }
}

function checkLanes({ name, dtype }: Column, input: ArrayLike<unknown>): void {
  if (input.length % lanes(dtype) === 0) return;
  throw new LakotaError(
    "invalid-frame",
    `Column "${name}": ${input.length} numbers are not pairs (real, imaginary), as ${dtype.name} takes them.`,
  );
}

function castStrings(column: Column, input: ArrayLike<unknown>): Strings {
  const castItem = itemCaster(column);
  return encodeStrings(Array.from(input, (value, i) => String(castItem(value, i))));
}

function castNumbers(column: Column, input: ArrayLike<unknown>): ColumnData {
  checkLanes(column, input);
  const castItem = itemCaster(column);
  const out = zeros(column.dtype, input.length / lanes(column.dtype));
  for (let i = 0; i < input.length; i++) setItem(out, i, castItem(input[i], i));
  return out;
}

/** Returns a function that converts the value at a position of the input. It throws `invalid-frame`. */
function itemCaster({ name, dtype }: Column): (value: unknown, i: number) => IndexValue {
  const cast = casterOf(dtype);
  return (value, i) => {
    const item = cast(value);
    if (item !== undefined) return item;
    const row = Math.floor(i / lanes(dtype));
    throw new LakotaError(
      "invalid-frame",
      `Column "${name}", row ${row}: ${describeValue(value)} is not ${expectedItem(dtype, value)}.`,
    );
  };
}
