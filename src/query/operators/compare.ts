import { parseDType } from "../../model/dtype.ts";
import type { Strings } from "../../model/strings.ts";
import { NAT } from "../../model/time.ts";
import { type Floats, numbersIn, type Values, type Vector } from "../columns/vector.ts";
import {
  columnwise,
  describeType,
  isDuration,
  isInteger,
  isNumeric,
  isText,
  isTime,
  type Operator,
  type Program,
  queryError,
  stepOf,
} from "./program.ts";
import { asTime, convertible, finer, inUnit } from "./units.ts";

export const BOOL = parseDType("bool");
type Flags = Uint8Array<ArrayBuffer>;

/** The others, `>` and `>=`, are these with swapped sides. */
type Comparison = "<" | "<=" | "=" | "!=";

const LOOPS: Readonly<Record<Comparison, (out: Flags, a: Floats, i: number, b: Floats, j: number) => void>> =
  {
    "<": (out, a, i, b, j) => {
      for (let row = 0; row < out.length; row++) out[row] = a[row * i]! < b[row * j]! ? 1 : 0;
    },
    "<=": (out, a, i, b, j) => {
      for (let row = 0; row < out.length; row++) out[row] = a[row * i]! <= b[row * j]! ? 1 : 0;
    },
    "=": (out, a, i, b, j) => {
      for (let row = 0; row < out.length; row++) out[row] = a[row * i]! === b[row * j]! ? 1 : 0;
    },
    "!=": (out, a, i, b, j) => {
      for (let row = 0; row < out.length; row++) out[row] = a[row * i]! !== b[row * j]! ? 1 : 0;
    },
  };

/** Whether a comparison holds for an order: below 0 if the first value is less, NaN if one is missing. */
const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
};

function numberKernel(comparison: Comparison, times: boolean) {
  return ([a, b]: readonly Vector[], rows: number): Values => {
    const out = new Uint8Array(rows);
    const [x, y] = [numbersIn(a!), numbersIn(b!)];
    const [i, j] = [stepOf(a!), stepOf(b!)];
    if (x instanceof Float64Array && y instanceof Float64Array) LOOPS[comparison](out, x, i, y, j);
    else {
      const holds = HOLDS[comparison];
      for (let row = 0; row < rows; row++) out[row] = Number(holds(orderOf(x[row * i]!, y[row * j]!, times)));
    }
    return { form: "flags", data: out };
  };
}

/** Compares bigints and numbers by value, exactly. */
function orderOf(a: number | bigint, b: number | bigint, times: boolean): number {
  if (times && (a === NAT || b === NAT)) return Number.NaN;
  if (a < b) return -1;
  return a > b ? 1 : a >= b ? 0 : Number.NaN;
}

function textKernel(comparison: Comparison) {
  return ([a, b]: readonly Vector[], rows: number): Values => {
    const out = new Uint8Array(rows);
    const [i, j] = [stepOf(a!), stepOf(b!)];
    const holds = HOLDS[comparison];
    if (a!.form === "text" && b!.form === "text") {
      for (let row = 0; row < rows; row++)
        out[row] = Number(holds(textOrder(a!.data, row * i, b!.data, row * j)));
    }
    return { form: "flags", data: out };
  };
}

/** Compares by code point, which is the order of the bytes in UTF-8. */
export function textOrder(a: Strings, i: number, b: Strings, j: number): number {
  let [x, y] = [a.offsets[i]!, b.offsets[j]!];
  const [endX, endY] = [a.offsets[i + 1]!, b.offsets[j + 1]!];
  for (; x < endX && y < endY; x++, y++) {
    const order = a.bytes[x]! - b.bytes[y]!;
    if (order !== 0) return order;
  }
  return endX - x - (endY - y);
}

function compare(comparison: Comparison, source: string, a: Program, b: Program): Program {
  if (isNumeric(a) && isNumeric(b)) return columnwise(BOOL, source, [a, b], numberKernel(comparison, false));
  if (isText(a) && isText(b)) return columnwise(BOOL, source, [a, b], textKernel(comparison));
  const args = inOneUnit(a, b);
  if (args) return columnwise(BOOL, source, args, numberKernel(comparison, true));
  throw queryError(source, `these types cannot be compared: ${describeType(a)}, ${describeType(b)}.`);
}

/** Returns two times, or two durations, as counts of one unit; undefined for other types. */
export function inOneUnit(a: Program, b: Program): readonly [Program, Program] | undefined {
  const unit = a.dtype.unit ?? b.dtype.unit;
  if (unit === undefined) return undefined;
  const convert = isTime(a) || isTime(b) ? asTime : asDuration;
  const [left, right] = [convert(a, unit), convert(b, unit)];
  const [leftUnit, rightUnit] = [left?.dtype.unit, right?.dtype.unit];
  if (!left || !right || !leftUnit || !rightUnit) return undefined;
  if (isDuration(left) && !convertible(leftUnit, rightUnit)) return undefined;
  const common = finer(leftUnit, rightUnit);
  return [inUnit(left, common), inUnit(right, common)];
}

/** Returns `program` as a duration. An integer beside a duration counts its unit. */
function asDuration(program: Program, unit: Program["dtype"]["unit"]): Program | undefined {
  if (isDuration(program)) return program;
  return isInteger(program) ? { ...program, dtype: parseDType(`timedelta64[${unit}]`) } : undefined;
}

export const COMPARISONS: Readonly<Record<string, Operator>> = {
  "<": ([a, b], source) => compare("<", source, a!, b!),
  "<=": ([a, b], source) => compare("<=", source, a!, b!),
  ">": ([a, b], source) => compare("<", source, b!, a!),
  ">=": ([a, b], source) => compare("<=", source, b!, a!),
  "=": ([a, b], source) => compare("=", source, a!, b!),
  "!=": ([a, b], source) => compare("!=", source, a!, b!),
};
