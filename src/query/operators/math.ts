import { NAT } from "../../model/time.ts";
import { type Floats, floatsIn, numbersIn, type Values, type Vector } from "../columns/vector.ts";
import { FLOAT64, INT64, tooLarge } from "./arithmetic.ts";
import {
  columnwise,
  describeType,
  isDuration,
  isInteger,
  isNumeric,
  type Operator,
  queryError,
} from "./program.ts";
import { compact } from "./units.ts";

/** Functions of numbers that return float64. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log10: Math.log10,
  float64: (x) => x,
};

const ofNumber =
  (name: string): Operator =>
  ([x], text) => {
    if (!isNumeric(x!)) throw queryError(text, `${name} takes numbers; ${describeType(x!)}.`);
    const f = FUNCTIONS[name]!;
    return columnwise(FLOAT64, text, [x!], ([vector]) => {
      const data = floatsIn(vector!);
      return { form: "floats", data: name === "float64" ? data : data.map(f) };
    });
  };

/** Functions that keep the kind of number. `zero` is −0 for floats, and 0 for integers. */
const SIGN_FUNCTIONS: Readonly<
  Record<string, { float: (data: Floats, zero: 0 | -0) => Floats; big: (value: bigint) => bigint }>
> = {
  neg: { float: (data, zero) => data.map((x) => zero - x), big: (x) => -x },
  abs: { float: (data) => data.map(Math.abs), big: (x) => (x < 0n ? -x : x) },
};

const ofSign =
  (name: string): Operator =>
  ([x], text) => {
    if (!isNumeric(x!) && !isDuration(x!))
      throw queryError(text, `${name} takes numbers; ${describeType(x!)}.`);
    const { float, big } = SIGN_FUNCTIONS[name]!;
    const dtype = isDuration(x!) ? x!.dtype : isInteger(x!) ? INT64 : FLOAT64;
    const exact = (value: bigint) => {
      if (isDuration(x!) && value === NAT) return NAT;
      const result = big(value);
      if (BigInt.asIntN(64, result) !== result) throw tooLarge(text, result);
      return result;
    };
    return columnwise(dtype, text, [x!], ([vector]: readonly Vector[]): Values => {
      const data = numbersIn(vector!);
      if (data instanceof Float64Array)
        return { form: "floats", data: float(data, dtype === FLOAT64 ? -0 : 0) };
      return compact(BigInt64Array.from(data as ArrayLike<bigint>, exact), isDuration(x!));
    });
  };

export const MATH: Readonly<Record<string, Operator>> = {
  ...Object.fromEntries(Object.keys(FUNCTIONS).map((name) => [name, ofNumber(name)])),
  ...Object.fromEntries(Object.keys(SIGN_FUNCTIONS).map((name) => [name, ofSign(name)])),
};
