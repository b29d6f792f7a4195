import { MINUTE } from "../../model/calendar.ts";
import { type DType, parseDType, type TimeUnit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { fromHalf, toHalf } from "../../model/half.ts";
import { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { hasClock, isoText, splitCount } from "../../model/time-units.ts";
import type { TimeZone } from "../../model/time-zone.ts";
import { restoreDType } from "./restore-dtype.ts";

export interface FormatOptions {
  /** Zone in which times are written. Undefined: UTC. */
  zone: TimeZone | undefined;
  /** ISO 8601, or the count of the column's unit since 1970. */
  times: "iso" | "count";
}

/** Returns the text of a row; "" for a missing value. */
export type CellFormatter = (row: number) => string;

/**
 * Returns a function that formats the rows of a column.
 *
 * @throws `invalid-frame`, from that function, for a time that ISO text cannot represent, or an object that
 *   JSON cannot
 */
export function createCellFormatter(column: NamedColumn, options: FormatOptions): CellFormatter {
  const dtype = parseDType(column.type);
  const data = restoreDType(column);
  if (data instanceof Strings) return (row) => data.at(row);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const format =
      dtype.kind === "datetime" && options.times === "iso"
        ? isoFormatter(dtype.unit!, options.zone, column.name)
        : String;
    return dtype.unit === undefined
      ? (row) => String(data[row])
      : (row) => (data[row] === NAT ? "" : format(data[row]!));
  }
  if (Array.isArray(data)) return (row) => formatJson(data[row], column.name);
  const numbers: ArrayLike<unknown> = data;
  const format = floatFormatter(dtype);
  const formatItem = (i: number) => format(Number(numbers[i]));
  switch (dtype.kind) {
    case "bool":
      return (row) => (numbers[row] ? "true" : "false");
    case "complex":
      return (row) => formatComplex(formatItem(2 * row), formatItem(2 * row + 1));
    case "float":
      return formatItem;
    default:
      return (row) => String(numbers[row]);
  }
}

/** Returns a function that writes the fewest digits from which the same number is parsed; "" for NaN. */
function floatFormatter({ size, kind }: DType): (value: number) => string {
  const bytes = kind === "complex" ? size / 2 : size;
  if (bytes === 8) return formatDouble;
  const round = bytes === 4 ? Math.fround : (value: number) => fromHalf(toHalf(value));
  return (value) => {
    if (!Number.isFinite(value) || Object.is(value, -0)) return formatDouble(value);
    for (let digits = bytes === 4 ? 6 : 3; digits < 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (round(short) === value) return String(short);
    }
    return String(Number(value.toPrecision(9)));
  };
}

function formatDouble(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return Number.isNaN(value) ? "" : value > 0 ? "inf" : "-inf";
}

function formatComplex(re: string, im: string): string {
  if (re === "" && im === "") return "";
  const imaginary = im === "" ? "nan" : im;
  return `(${re === "" ? "nan" : re}${imaginary.startsWith("-") ? "" : "+"}${imaginary}j)`;
}

function formatJson(value: unknown, name: string): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : cause;
    const message = `Column "${name}": an object cannot be written as JSON (${reason}).`;
    throw new LakotaError("invalid-frame", message, { cause });
  }
}

/** Returns a function that formats counts of `unit` other than NaT. @param name of the column, for errors */
function isoFormatter(unit: TimeUnit, zone: TimeZone | undefined, name: string): (count: bigint) => string {
  const zoned = hasClock(unit) ? zone : undefined;
  return (count) => {
    const [ms, digits] = splitCount(count, unit);
    const offset = zoned?.offsetAt(ms) ?? 0;
    const shift = offset % MINUTE === 0 ? offset : 0; // before standard time, offsets had seconds: written as UTC
    const text = isoText(ms + shift, unit, digits);
    if (text === undefined) {
      throw new LakotaError(
        "invalid-frame",
        `Column "${name}": ISO 8601 cannot represent the time ${count} (${unit}). Write it with times: "count".`,
      );
    }
    return hasClock(unit) ? text + formatOffset(zone && shift === offset ? shift : undefined) : text;
  };
}

/** Returns `Z`, or an offset such as `+01:00`. */
function formatOffset(offset: number | undefined): string {
  if (offset === undefined) return "Z";
  const minutes = Math.abs(offset) / MINUTE;
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}
