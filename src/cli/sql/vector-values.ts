import type { DuckDBValue } from "@duckdb/node-api";
import { createCellFormatter } from "../../interchange/values/format-cell.ts";
import { isTextType } from "../../interchange/values/type-text.ts";
import { type DType, parseDType } from "../../model/dtype.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time-units.ts";

type NodeApi = Pick<
  typeof import("@duckdb/node-api"),
  "DuckDBDateValue" | "DuckDBTimestampValue" | "DuckDBTimestampNanosecondsValue"
>;

/** Microseconds in a unit whose times are TIMESTAMP. */
const MICROSECONDS: Readonly<Record<string, bigint>> = { s: 1_000_000n, ms: 1_000n, us: 1n };
/** Days in a unit whose times are DATE. */
const DAYS: Readonly<Record<string, number>> = { D: 1, W: 7 };

/** Returns a function that returns the value of a row for DuckDB, in the type that `sqlType` names: null where it is missing. */
export function valuesOf(column: NamedColumn, api: NodeApi): (row: number) => DuckDBValue {
  const { data } = column;
  const dtype = parseDType(column.type);
  if (data instanceof Strings && isTextType(dtype)) return (row) => data.at(row);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const toValue = dtype.kind === "datetime" ? timeValue(dtype, api) : (count: bigint) => count;
    if (toValue && dtype.unit === undefined) return (row) => toValue(data[row]!);
    if (toValue) return (row) => (data[row] === NAT ? null : toValue(data[row]!));
  } else if (!Array.isArray(data) && !(data instanceof Strings)) {
    const numbers: ArrayLike<number> = data;
    if (dtype.kind === "bool") return (row) => numbers[row] !== 0;
    if (dtype.kind === "int" || dtype.kind === "uint") return (row) => numbers[row]!;
    if (dtype.kind === "float") return (row) => (Number.isNaN(numbers[row]) ? null : numbers[row]!);
  }
  const textAt = createCellFormatter(column, { zone: undefined, times: "iso" });
  const missing = isTextType(dtype) ? "" : null;
  return (row) => textAt(row) || missing;
}

/** Undefined for units of which SQL has no type: see `sqlType`. */
function timeValue({ unit = "s" }: DType, api: NodeApi): ((count: bigint) => DuckDBValue) | undefined {
  if (unit === "ns") return (count) => new api.DuckDBTimestampNanosecondsValue(count);
  const days = DAYS[unit];
  if (days !== undefined) return (count) => new api.DuckDBDateValue(Number(count) * days);
  const micros = MICROSECONDS[unit];
  return micros === undefined ? undefined : (count) => new api.DuckDBTimestampValue(count * micros);
}
