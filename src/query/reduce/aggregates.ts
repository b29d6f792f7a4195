import type { DType } from "../../model/dtype.ts";
import type { AggregateNode } from "../../model/expression.ts";
import type { Types } from "../columns/batch.ts";
import { compile, rowScope } from "../compile.ts";
import { arityError, byName, namesOf, type Signature } from "../expression/signatures.ts";
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

interface Aggregate extends Signature {
  /**
   * Chooses the aggregator for the types of the arguments.
   *
   * @param text the call, for messages
   * @throws `invalid-argument` for arguments that the aggregate does not take
   */
  check(args: readonly [values: Program, ...options: Program[]], text: string): TypedAggregate;
  /** False for an aggregate that only counts rows: the columns of its argument are not read. Default true. */
  readonly readsValues?: boolean;
}

/** All aggregates. A new one takes an entry here, its class, and a function in `expression/builder.ts`. */
const TABLE = {
  min: { least: 1, most: 1, check: extreme("min") },
  max: { least: 1, most: 1, check: extreme("max") },
  sum: {
    least: 1,
    most: 1,
    check([values], text) {
      if (isInteger(values) || isDuration(values)) {
        const dtype = isDuration(values) ? values.dtype : INT64;
        return { dtype, start: () => new IntegerSum(dtype, text) };
      }
      requireNumbers(values, text);
      return { dtype: FLOAT64, start: () => new FloatSum() };
    },
  },
  mean: {
    least: 1,
    most: 1,
    aliases: ["average"],
    check([values], text) {
      requireNumbers(values, text);
      return { dtype: FLOAT64, start: () => new Mean(isInteger(values), text) };
    },
  },
  first: { least: 1, most: 1, check: extreme("first") },
  last: { least: 1, most: 1, check: extreme("last") },
  count: {
    least: 0,
    most: 1,
    aliases: ["len"],
    readsValues: false,
    check: () => ({ dtype: INT64, start: () => new Count() }),
  },
  quantile: {
    least: 1,
    most: 3,
    check([values, part, method], text) {
      requireNumbers(values, text);
      const q = part ? part.literal : 0.5;
      if (typeof q !== "number" || !(q >= 0 && q <= 1))
        throw queryError(text, `${part!.text} is not a number from 0 to 1, as in (quantile self.x 0.9).`);
      const interpolation = method ? method.literal : "linear";
      if (typeof interpolation !== "string" || !Object.hasOwn(INTERPOLATIONS, interpolation))
        throw queryError(text, `${method!.text} is not one of ${Object.keys(INTERPOLATIONS).join(", ")}.`);
      return { dtype: FLOAT64, start: () => new Quantile(q, interpolation) };
    },
  },
} satisfies Readonly<Record<string, Omit<Aggregate, "name">>>;

export type AggregateName = keyof typeof TABLE;

export const AGGREGATES: readonly Aggregate[] = Object.entries(TABLE).map(([name, aggregate]) => ({
  name,
  ...aggregate,
}));

/** Aggregates by their names and aliases. */
export const aggregateNamed = byName(AGGREGATES);

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
  const aggregate = aggregateNamed.get(node.name);
  if (!aggregate)
    throw queryError(text, `there is no aggregate "${node.name}". There are: ${namesOf(AGGREGATES)}.`);
  const wrong = arityError(aggregate, node.args.length);
  if (wrong) throw queryError(text, wrong);
  const { readsValues = true } = aggregate;
  const scope = rowScope(types, readsValues ? used : new Set(), text);
  const zero = compile({ op: "value", value: 0 }, scope);
  const [values = zero, ...options] = node.args.map((arg) => compile(arg, scope));
  const { dtype, start } = aggregate.check([values, ...options], text);
  return { dtype, of: readsValues ? values : zero, start };
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
