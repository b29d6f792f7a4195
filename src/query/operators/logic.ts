import { NAT } from "../../model/time.ts";
import type { Values, Vector } from "../columns/vector.ts";
import { BOOL, inOneUnit } from "./compare.ts";
import {
  columnwise,
  describeType,
  isFlag,
  isNumeric,
  isText,
  type Operator,
  type Program,
  queryError,
  stepOf,
} from "./program.ts";

const flags = (data: Uint8Array<ArrayBuffer>): Values => ({ form: "flags", data });

function requireFlags(name: string, args: readonly Program[], text: string): void {
  const wrong = args.find((arg) => !isFlag(arg));
  if (wrong) throw queryError(text, `${name} takes conditions, such as x > 0; ${describeType(wrong)}.`);
}

const connective =
  (name: "and" | "or"): Operator =>
  (args, text) => {
    requireFlags(name, args, text);
    return columnwise(BOOL, text, args, (vectors, rows) => {
      const out = new Uint8Array(rows).fill(name === "and" ? 1 : 0);
      for (const vector of vectors) {
        if (vector.form !== "flags") continue;
        const [data, step] = [vector.data, stepOf(vector)];
        if (name === "and") for (let row = 0; row < rows; row++) out[row]! &= data[row * step]!;
        else for (let row = 0; row < rows; row++) out[row]! |= data[row * step]!;
      }
      return flags(out);
    });
  };

const not: Operator = (args, text) => {
  requireFlags("not", args, text);
  return columnwise(BOOL, text, args, ([x], rows) => {
    const out = new Uint8Array(rows);
    if (x!.form === "flags") for (let row = 0; row < rows; row++) out[row] = 1 - x!.data[row]!;
    return flags(out);
  });
};

const isnan: Operator = ([x], text) => {
  if (!isNumeric(x!) && !x!.dtype.unit)
    throw queryError(text, `isnan takes numbers and times; ${describeType(x!)}.`);
  const times = x!.dtype.unit !== undefined;
  return columnwise(BOOL, text, [x!], ([vector], rows) => {
    const out = new Uint8Array(rows);
    if (vector!.form === "floats")
      for (let row = 0; row < rows; row++) out[row] = Number.isNaN(vector!.data[row]!) ? 1 : 0;
    else if (vector!.form === "integers" && times)
      for (let row = 0; row < rows; row++) out[row] = vector!.data[row] === NAT ? 1 : 0;
    return flags(out);
  });
};

/** Whether a value is in a list of constants. Missing values are in no list. */
const isin: Operator = ([x, ...list], text) => {
  const computed = list.find(({ literal }) => literal === undefined);
  if (computed) throw queryError(text, `a list holds constants; ${computed.text} is not one.`);
  if (isText(x!)) return isinText(x!, list, text);
  const pairs = list.map((item) => {
    const pair = isNumeric(x!) && isNumeric(item) ? ([x!, item] as const) : inOneUnit(x!, item);
    if (pair) return pair;
    throw queryError(text, `these types cannot be compared: ${describeType(x!)}, ${describeType(item)}.`);
  });
  // Constants in a finer unit may lie between the column's values: each unit is compared in its own set.
  const columns = new Map(pairs.map(([column]) => [column.dtype.name, column]));
  const sets = [...columns].map(([name, column]) => {
    const items = pairs.filter(([paired]) => paired.dtype.name === name).map(([, item]) => item);
    return { column, items };
  });
  return columnwise(
    BOOL,
    text,
    [x!, ...sets.flatMap(({ column, items }) => [column, ...items])],
    (vectors, rows) => {
      const out = new Uint8Array(rows);
      let at = 1;
      for (const { items } of sets) {
        const column = vectors[at++]!;
        const values = new Set(items.map(() => keyAt(vectors[at++]!, 0)));
        values.delete(Number.NaN);
        for (let row = 0, step = stepOf(column); row < rows; row++) {
          if (values.has(keyAt(column, row * step))) out[row] = 1;
        }
      }
      return flags(out);
    },
  );
};

/** Returns a value that is equal in a set for equal numbers of any form. Missing ones are NaN. */
function keyAt(vector: Vector, row: number): number | bigint {
  if (vector.form === "floats" || vector.form === "flags") return vector.data[row]!;
  if (vector.form !== "integers") return Number.NaN;
  const value = vector.data[row]!;
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}

function isinText(x: Program, list: readonly Program[], text: string): Program {
  const wrong = list.find((item) => !isText(item));
  if (wrong)
    throw queryError(text, `these types cannot be compared: ${describeType(x)}, ${describeType(wrong)}.`);
  const values = new Set(list.map(({ literal }) => literal as string));
  return columnwise(BOOL, text, [x], ([vector], rows) => {
    const out = new Uint8Array(rows);
    if (vector!.form === "text")
      for (let row = 0; row < rows; row++) out[row] = values.has(vector!.data.at(row)) ? 1 : 0;
    return flags(out);
  });
}

export const LOGIC: Readonly<Record<string, Operator>> = {
  and: connective("and"),
  or: connective("or"),
  not,
  isnan,
  isin,
};
