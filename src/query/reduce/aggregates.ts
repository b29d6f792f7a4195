import type { DType } from "../../model/dtype.ts";
import type { AggregateNode } from "../../model/expression.ts";
import type { Types } from "../columns/batch.ts";
import { compile, rowScope } from "../compile.ts";
import {
  AGGREGATES,
  type AggregateName,
  aggregateNamed,
  arityProblem,
  namesOf,
} from "../expression/signatures.ts";
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
import type { Aggregation, Aggregator } from "./aggregator.ts";
import { type Extreme, ExtremeNumbers, ExtremeText } from "./extremes.ts";
import { INTERPOLATIONS, Quantile } from "./quantile.ts";
import { Count, FloatSum, IntegerSum, Mean } from "./sums.ts";

/** An aggregate of one type of values. */
interface TypedAggregate {
  /** Type of the result. */
  readonly dtype: DType;
  start(): Aggregator;
}

interface Aggregate {
  /**
   * Chooses the aggregator for the types of the arguments.
   *
   * @param text the call, for messages
   * @throws `invalid-argument` for arguments that the aggregate does not take
   */
  check(args: readonly [values: Program, ...options: Program[]], text: string): TypedAggregate;
  /** False for an aggregate that only counts rows: the columns of its argument are not read. Default true. */
  readonly readsValues?: boolean;
  /** See {@link Aggregation.ofBlocks}. Default: never. */
  isOfBlocks?(values: Program): boolean;
}

/** A new aggregate takes a signature, an entry here, its class, and a function in `expression/builder.ts`. */
const IMPLEMENTATIONS: Readonly<Record<AggregateName, Aggregate>> = {
  min: { check: extreme("min"), isOfBlocks: isColumnOf(isNumeric) },
  max: { check: extreme("max"), isOfBlocks: isColumnOf(isNumeric) },
  sum: {
    check([values], text) {
      if (isInteger(values) || isDuration(values)) {
        const dtype = isDuration(values) ? values.dtype : INT64;
        return { dtype, start: () => new IntegerSum(dtype, text) };
      }
      requireNumbers(values, text);
      return { dtype: FLOAT64, start: () => new FloatSum() };
    },
    // Sums of floats depend on the order in which rows are added.
    isOfBlocks: isColumnOf(isInteger),
  },
  mean: {
    check([values], text) {
      requireNumbers(values, text);
      return { dtype: FLOAT64, start: () => new Mean(isInteger(values), text) };
    },
    isOfBlocks: isColumnOf(isInteger),
  },
  first: { check: extreme("first"), isOfBlocks: isColumnOf(isNumeric) },
  last: { check: extreme("last"), isOfBlocks: isColumnOf(isNumeric) },
  count: {
    readsValues: false,
    isOfBlocks: () => true,
    check: () => ({ dtype: INT64, start: () => new Count() }),
  },
  quantile: {
    check([values, part, method], text) {
      requireNumbers(values, text);
      const q = part ? part.literal : 0.5;
      if (typeof q !== "number" || !(q >= 0 && q <= 1))
        throw queryError(text, `${part!.text} is not a number from 0 to 1, as in quantile(x, 0.9).`);
      const interpolation = method ? method.literal : "linear";
      if (typeof interpolation !== "string" || !Object.hasOwn(INTERPOLATIONS, interpolation))
        throw queryError(text, `${method!.text} is not one of ${Object.keys(INTERPOLATIONS).join(", ")}.`);
      return { dtype: FLOAT64, start: () => new Quantile(q, interpolation) };
    },
  },
};

/**
 * Checks an aggregate against the types of the columns. Adds the columns that it reads to `used`.
 *
 * @throws `invalid-argument`
 */
export function compileAggregate(
  node: AggregateNode,
  text: string,
  types: Types,
  used: Set<string>,
): Aggregation {
  const signature = aggregateNamed.get(node.name);
  if (!signature)
    throw queryError(text, `there is no aggregate "${node.name}". There are: ${namesOf(AGGREGATES)}.`);
  const wrong = arityProblem(signature, node.args.length);
  if (wrong) throw queryError(text, `${signature.name} ${wrong}.`);
  const { check, readsValues = true, isOfBlocks } = IMPLEMENTATIONS[signature.name];
  const scope = rowScope(types, readsValues ? used : new Set(), text);
  const zero = compile({ op: "value", value: 0 }, scope);
  const [values = zero, ...options] = node.args.map((arg) => compile(arg, scope));
  const { dtype, start } = check([values, ...options], text);
  return { dtype, of: readsValues ? values : zero, ofBlocks: isOfBlocks?.(values) ?? false, start };
}

/** Returns whether values are those of a column, of some types. */
function isColumnOf(types: (values: Program) => boolean): NonNullable<Aggregate["isOfBlocks"]> {
  return (values) => values.column !== undefined && types(values);
}

function requireNumbers(values: Program, text: string): void {
  if (!isNumeric(values)) throw queryError(text, `it takes numbers; ${describeType(values)}.`);
}

function extreme(which: Extreme): Aggregate["check"] {
  return ([values], text) => {
    const { dtype } = values;
    if (isText(values)) return { dtype, start: () => new ExtremeText(which) };
    if (isNumeric(values) || dtype.unit) return { dtype, start: () => new ExtremeNumbers(which, dtype) };
    throw queryError(text, `it takes numbers, times and text; ${describeType(values)}.`);
  };
}
