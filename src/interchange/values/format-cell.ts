import { type DType, parseDType, type TimeUnit } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import type { NamedColumn } from "../../model/frame.ts";
import { fromHalf, toHalf } from "../../model/half.ts";
import { Strings } from "../../model/strings.ts";
import { floorDivide, msPerUnit, NAT, unitToMs } from "../../model/time.ts";
import type { TimeZone } from "../../model/time-zone.ts";
import { restoreDType } from "./restore-dtype.ts";

export interface FormatOptions {
  zone: TimeZone | undefined;
  times: "iso" | "count";
}

/** Text of the rows of a column; "" where there is no value. */
export type CellFormatter = (row: number) => string;

/** @throws `invalid-frame`, when a row is asked for whose time ISO text cannot hold, or whose object JSON cannot */
export function createCellFormatter(column: NamedColumn, rules: FormatOptions): CellFormatter {
  const dtype = parseDType(column.type);
  const data = restoreDType(column);
  if (data instanceof Strings) return (row) => data.at(row);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const time =
      dtype.kind === "datetime" && rules.times === "iso"
        ? isoFormatter(dtype.unit!, rules.zone, column.name)
        : String;
    return dtype.unit === undefined
      ? (row) => String(data[row])
      : (row) => (data[row] === NAT ? "" : time(data[row]!));
  }
  if (Array.isArray(data)) return (row) => formatJson(data[row], column.name);
  const numbers: ArrayLike<unknown> = data;
  const float = floatFormatter(dtype);
  const at = (i: number) => float(Number(numbers[i]));
  switch (dtype.kind) {
    case "bool":
      return (row) => (numbers[row] ? "true" : "false");
    case "complex":
      return (row) => formatComplex(at(2 * row), at(2 * row + 1));
    case "float":
      return at;
    default:
      return (row) => String(numbers[row]);
  }
}

/** The fewest digits from which the same number is read again; "" for NaN. */
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
    const message = `Column "${name}": an object has no JSON (${cause instanceof Error ? cause.message : cause}).`;
    throw new LakotaError("invalid-frame", message, { cause });
  }
}

/** How much of `2026-03-01T12:30:15.123Z` each unit needs. */
const DROPPED_CHARACTERS: Readonly<Record<TimeUnit, number>> = {
  Y: 20,
  M: 17,
  W: 14,
  D: 14,
  h: 8,
  m: 8,
  s: 5,
  ms: 1,
  us: 1,
  ns: 1,
};

/** Texts of counts of `unit`, none of them NaT. */
function isoFormatter(unit: TimeUnit, zone: TimeZone | undefined, name: string): (count: bigint) => string {
  const perMs = unit === "us" ? 1000n : unit === "ns" ? 1_000_000n : 1n;
  const places = unit === "us" ? 3 : unit === "ns" ? 6 : 0;
  const hasClock = !/^[YMWD]$/.test(unit);
  const scale = msPerUnit(unit);
  return (count) => {
    const whole = perMs === 1n ? count : floorDivide(count, perMs);
    const ms = scale === undefined ? unitToMs(count, unit) : Number(whole) * Math.max(1, scale);
    const finer = places === 0 ? "" : String(count - whole * perMs).padStart(places, "0");
    const offset = zone && hasClock ? zone.offsetAt(Math.floor(ms / 1000)) : 0;
    const told = offset % 60 === 0 ? offset : 0; // before there were zones, clocks differed by seconds
    const date = new Date(ms + told * 1000);
    if (Number.isNaN(date.getTime())) {
      throw new LakotaError(
        "invalid-frame",
        `Column "${name}": ISO text cannot hold the time ${count} (${unit}). Write it with times: "count".`,
      );
    }
    const text = date.toISOString().slice(0, -DROPPED_CHARACTERS[unit]) + finer;
    return hasClock ? text + formatOffset(zone && told === offset ? told : undefined) : text;
  };
}

/** `Z`, or `+01:00`. */
function formatOffset(offset: number | undefined): string {
  if (offset === undefined) return "Z";
  const minutes = Math.abs(offset) / 60;
  const two = (value: number) => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
