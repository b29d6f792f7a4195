import type { AggregateNode } from "../../model/expression.ts";
import type { Types } from "../columns/batch.ts";
import { compile, rowScope } from "../compile.ts";
import { AGGREGATES, aggregateNamed, namesOf, wrongCount } from "../expression/signatures.ts";
import { FLOAT64, INT64 } from "../operators/arithmetic.ts";
import {
  describeType,
  isDuration,
  isInteger,
  isNumeric,
  isText,
  type Program,
  queryError,
} from "../operators/program.ts";
import type { Aggregation } from "./aggregator.ts";
import { ExtremeNumbers, ExtremeText } from "./extremes.ts";
import { INTERPOLATIONS, Quantile } from "./quantile.ts";
import { Count, FloatSum, IntegerSum, Mean } from "./sums.ts";

/** Checks an aggregate against the types of the columns. @throws `invalid-argument` */
export function compileAggregate(
  node: AggregateNode,
  text: string,
  types: Types,
  used: Set<string>,
): Aggregation {
  const named = aggregateNamed.get(node.name);
  if (!named)
    throw queryError(text, `there is no aggregate "${node.name}". There are: ${namesOf(AGGREGATES)}.`);
  const wrong = wrongCount(named, node.args.length);
  if (wrong) throw queryError(text, wrong);
  // To count rows no column has to be read.
  const counting = named.name === "count";
  const scope = rowScope(types, counting ? new Set() : used, text);
  const zero = compile({ op: "value", value: 0 }, scope);
  const [of = zero, ...rest] = node.args.map((arg) => compile(arg, scope));
  switch (named.name) {
    case "count":
      return { dtype: INT64, of: zero, start: () => new Count() };
    case "sum":
      if (isInteger(of) || isDuration(of)) {
        const dtype = isDuration(of) ? of.dtype : INT64;
        return { dtype, of, start: () => new IntegerSum(dtype, text) };
      }
      requireNumbers(of, text);
      return { dtype: FLOAT64, of, start: () => new FloatSum() };
    case "mean":
      requireNumbers(of, text);
      return { dtype: FLOAT64, of, start: () => new Mean(isInteger(of), text) };
    case "quantile":
      return quantile(of, rest, text);
    default:
      return kept(named.name as "min" | "max" | "first" | "last", of, text);
  }
}

function requireNumbers(of: Program, text: string): void {
  if (!isNumeric(of)) throw queryError(text, `it takes numbers; ${describeType(of)}.`);
}

function kept(name: "min" | "max" | "first" | "last", of: Program, text: string): Aggregation {
  const { dtype } = of;
  if (isText(of)) return { dtype, of, start: () => new ExtremeText(name) };
  if (isNumeric(of) || dtype.unit) return { dtype, of, start: () => new ExtremeNumbers(name, dtype) };
  throw queryError(text, `it takes numbers, times and text; ${describeType(of)}.`);
}

function quantile(of: Program, [part, way]: readonly Program[], text: string): Aggregation {
  requireNumbers(of, text);
  const q = part ? part.literal : 0.5;
  if (typeof q !== "number" || !(q >= 0 && q <= 1))
    throw queryError(text, `${part!.text} is no number from 0 to 1. Write (quantile self.x 0.9).`);
  const interpolation = way ? way.literal : "linear";
  if (typeof interpolation !== "string" || !Object.hasOwn(INTERPOLATIONS, interpolation))
    throw queryError(text, `${way!.text} is not one of ${Object.keys(INTERPOLATIONS).join(", ")}.`);
  return { dtype: FLOAT64, of, start: () => new Quantile(q, interpolation) };
}
