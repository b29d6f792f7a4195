import { parseDType } from "../../model/dtype.ts";
import { NAT } from "../../model/time.ts";
import { type Floats, floatsIn, integersIn, type Values, type Vector } from "../columns/vector.ts";
import {
  columnwise,
  describeType,
  isDuration,
  isInteger,
  isNumeric,
  isTime,
  type Operator,
  type Program,
  queryError,
  stepOf,
} from "./program.ts";
import { asTime, compact, convertible, durationOf, finer, inUnit, timeOf } from "./units.ts";

export const FLOAT64 = parseDType("float64");
export const INT64 = parseDType("int64");

type Loop = (out: Floats, a: Floats, i: number, b: Floats, j: number) => void;

/** Loops over the rows of float64 vectors, with a step of `i` in `a` and `j` in `b`. */
const LOOPS: Readonly<Record<string, Loop>> = {
  "+": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = a[row * i]! + b[row * j]!;
  },
  "-": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = a[row * i]! - b[row * j]!;
  },
  "*": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = a[row * i]! * b[row * j]!;
  },
  "/": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = a[row * i]! / b[row * j]!;
  },
  "%": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = modulo(a[row * i]!, b[row * j]!);
  },
  "//": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = floorDivide(a[row * i]!, b[row * j]!);
  },
  "**": (out, a, i, b, j) => {
    for (let row = 0; row < out.length; row++) out[row] = a[row * i]! ** b[row * j]!;
  },
};

/** The remainder, with the sign of the divisor, as in Python. */
function modulo(a: number, b: number): number {
  const remainder = a % b;
  if (remainder === 0) return b < 0 ? -0 : 0;
  return remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** Exact for integers, though their float64 quotient may be just below or above a whole number. */
function floorDivide(a: number, b: number): number {
  if (b === 0) return a / b;
  const quotient = (a - modulo(a, b)) / b;
  const whole = Math.floor(quotient);
  return quotient - whole > 0.5 ? whole + 1 : whole;
}

const BIGINT_OPERATORS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "%": (a, b) => ((a % b) + b) % b,
  "//": (a, b) => (a - (((a % b) + b) % b)) / b,
};

function floatKernel(name: string, times = false) {
  return ([a, b]: readonly Vector[], rows: number): Values => {
    const out = new Float64Array(rows);
    LOOPS[name]!(out, floatsIn(a!, times), stepOf(a!), floatsIn(b!, times), stepOf(b!));
    return { form: "floats", data: out };
  };
}

/** Integers, times and durations: in float64 if the results are exact, else in bigints. */
function exactKernel(name: string, text: string, times: boolean) {
  return ([a, b]: readonly Vector[], rows: number): Values => {
    if (name === "//" || name === "%") requireNonZero(b!, text);
    if (a!.form !== "integers" && b!.form !== "integers") {
      const floats = floatKernel(name)([a!, b!], rows);
      if (floats.form === "floats" && areExact(floats.data)) return floats;
    }
    const [x, y] = [integersIn(a!), integersIn(b!)];
    const [i, j] = [stepOf(a!), stepOf(b!)];
    const out = new BigInt64Array(rows);
    for (let row = 0; row < rows; row++) {
      const [p, q] = [x[row * i]!, y[row * j]!];
      const value = times && (p === NAT || q === NAT) ? NAT : BIGINT_OPERATORS[name]!(p, q);
      if (BigInt.asIntN(64, value) !== value) throw tooLarge(text, value);
      out[row] = value;
    }
    return compact(out, times);
  };
}

/** Whether no result was rounded. Replaces −0, which integers do not have, by 0. */
function areExact(data: Floats): boolean {
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]!) > Number.MAX_SAFE_INTEGER) return false;
    data[i]! += 0;
  }
  return true;
}

function requireNonZero(vector: Vector, text: string): void {
  const zeroAt =
    vector.form === "integers"
      ? (vector.data as { indexOf(value: bigint): number }).indexOf(0n)
      : floatsIn(vector).indexOf(0);
  if (zeroAt >= 0)
    throw queryError(text, "an integer cannot be divided by 0. Filter out such rows, or use float64.");
}

export const tooLarge = (text: string, value: bigint) =>
  queryError(text, `${value} does not fit into an int64. Convert the numbers to float64 first: float64(…).`);

const binary = (name: string, text: string, a: Program, b: Program): Program => {
  if (isNumeric(a) && isNumeric(b)) {
    const exact = name !== "/" && name !== "**" && isInteger(a) && isInteger(b);
    return exact
      ? columnwise(INT64, text, [a, b], exactKernel(name, text, false))
      : columnwise(FLOAT64, text, [a, b], floatKernel(name));
  }
  const program = ofTimes(name, text, a, b);
  if (program) return program;
  throw queryError(text, `${name} does not accept these types: ${describeType(a)}, ${describeType(b)}.`);
};

/** Operations of times and durations; undefined for a combination that has no meaning. */
function ofTimes(name: string, text: string, a: Program, b: Program): Program | undefined {
  if (name === "*") {
    const [span, times] = isDuration(a) ? [a, b] : [b, a];
    if (!isDuration(span) || !isInteger(times)) return undefined;
    return columnwise(span.dtype, text, [a, b], exactKernel(name, text, true));
  }
  const [left, right] = name === "/" ? [a, b] : [asSpan(a, b), asSpan(b, a)];
  if (!left?.dtype.unit || !right?.dtype.unit) return undefined;
  if (!convertible(left.dtype.unit, right.dtype.unit) && (isDuration(left) || isDuration(right))) {
    throw queryError(text, `months have no fixed length: ${describeType(a)}, ${describeType(b)}.`);
  }
  const unit = finer(left.dtype.unit, right.dtype.unit);
  const args = [inUnit(left, unit), inUnit(right, unit)];
  const operation = `${left.dtype.kind} ${name} ${right.dtype.kind}`;
  if (operation === "timedelta / timedelta") return columnwise(FLOAT64, text, args, floatKernel(name, true));
  const dtype = {
    "datetime - datetime": durationOf(unit),
    "datetime + timedelta": timeOf(unit),
    "datetime - timedelta": timeOf(unit),
    "timedelta + datetime": timeOf(unit),
    "timedelta + timedelta": durationOf(unit),
    "timedelta - timedelta": durationOf(unit),
  }[operation];
  return dtype && columnwise(dtype, text, args, exactKernel(name, text, true));
}

/** An operand as a time or duration. Integers count the other operand's unit; text is a time beside a time. */
function asSpan(program: Program, other: Program): Program | undefined {
  if (isTime(program) || isDuration(program)) return program;
  const { unit } = other.dtype;
  if (unit === undefined) return undefined;
  if (isInteger(program) && program.dtype.kind !== "bool") return { ...program, dtype: durationOf(unit) };
  return isTime(other) && typeof program.literal !== "number" ? asTime(program, unit) : undefined;
}

/** Associates to the left, as Lakota does: (- a b c) is (a − b) − c. */
const leftAssociative =
  (name: string): Operator =>
  (args, text) =>
    args.reduce((a, b) => binary(name, text, a, b));

export const ARITHMETIC: Readonly<Record<string, Operator>> = Object.fromEntries(
  Object.keys(LOOPS).map((name) => [name, leftAssociative(name)]),
);
