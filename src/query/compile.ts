import { parseDType } from "../model/dtype.ts";
import { encodeStrings } from "../model/encode-strings.ts";
import type { AggregateNode, Expression, Literal } from "../model/expression.ts";
import type { Types } from "./columns/batch.ts";
import type { Vector } from "./columns/vector.ts";
import { formatInfix } from "./expression/infix/format.ts";
import { arityProblem, CALLS, callNamed, namesOf } from "./expression/signatures.ts";
import { ARITHMETIC } from "./operators/arithmetic.ts";
import { BOOL, COMPARISONS } from "./operators/compare.ts";
import { LOGIC } from "./operators/logic.ts";
import { MATH } from "./operators/math.ts";
import { describeType, isFlag, type Operator, type Program, queryError } from "./operators/program.ts";
import { TIMES } from "./operators/times.ts";
import { compact } from "./operators/units.ts";

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...ARITHMETIC,
  ...COMPARISONS,
  ...LOGIC,
  ...MATH,
  ...TIMES,
};

/** Compiles the leaves of an expression. */
export interface Scope {
  column(name: string, text: string): Program;
  aggregate(node: AggregateNode, text: string): Program;
}

/** The scope of expressions of rows, which have no aggregates. Adds their columns to `used`. */
export const rowScope = (types: Types, used: Set<string>, whole: string): Scope => ({
  column(name, text) {
    const dtype = types.get(name);
    if (!dtype)
      throw queryError(whole, `there is no column "${name}". There are: ${[...types.keys()].join(", ")}.`);
    used.add(name);
    return { dtype, text, column: name, run: (batch) => batch.column(name) };
  },
  aggregate(_, text) {
    throw queryError(
      whole,
      `${text} is a value of a whole group, and cannot be used where each row needs a value.`,
    );
  },
});

/**
 * Checks an expression against the types of its columns, before any row is read.
 *
 * @throws `invalid-argument`, naming the expression, the problem and the types
 */
export function compile(node: Expression, scope: Scope): Program {
  const text = formatInfix(node);
  switch (node.op) {
    case "column":
      return scope.column(node.name, text);
    case "value":
      return constant(node.value, text);
    case "aggregate":
      return scope.aggregate(node, text);
    case "as":
      throw queryError(text, "a name (as) is only allowed outermost, in a column of reduce.");
    case "call": {
      const named = callNamed.get(node.name);
      const operator = named && OPERATORS[named.name];
      if (!operator)
        throw queryError(text, `there is no function "${node.name}". There are: ${namesOf(CALLS)}.`);
      const wrong = arityProblem(named, node.args.length);
      if (wrong) throw queryError(text, `${named.name} ${wrong}.`);
      return operator(
        node.args.map((arg) => compile(arg, scope)),
        text,
      );
    }
  }
}

/** Checks a condition of rows. @throws `invalid-argument` */
export function compileCondition(node: Expression, types: Types, used: Set<string>): Program {
  const program = compile(node, rowScope(types, used, formatInfix(node)));
  if (isFlag(program)) return program;
  throw queryError(program.text, `a condition is needed, such as x > 0; ${describeType(program)}.`);
}

const INT64 = parseDType("int64");
const UINT64 = parseDType("uint64");
const FLOAT64 = parseDType("float64");
const TEXT = parseDType("<U0");

function constant(literal: Literal, text: string): Program {
  const program = (dtype: Program["dtype"], vector: Vector): Program => ({
    dtype,
    text,
    literal,
    run: () => ({ ...vector, constant: true }),
  });
  switch (typeof literal) {
    case "boolean":
      return program(BOOL, { form: "flags", data: Uint8Array.of(Number(literal)) });
    case "bigint":
      if (BigInt.asIntN(64, literal) === literal)
        return program(INT64, compact(BigInt64Array.of(literal), false));
      if (BigInt.asUintN(64, literal) === literal)
        return program(UINT64, compact(BigUint64Array.of(literal), false));
      throw queryError(text, `${literal} does not fit into 64 bits.`);
    case "number": {
      const whole = Number.isSafeInteger(literal);
      return program(whole ? INT64 : FLOAT64, {
        form: "floats",
        data: Float64Array.of(whole ? literal + 0 : literal),
      });
    }
    default:
      // Text until it is beside a time: see asTime.
      return program(TEXT, { form: "text", data: encodeStrings([textOf(literal)]) });
  }
}

function textOf(literal: string | Date): string {
  if (typeof literal === "string") return literal;
  return Number.isNaN(literal.getTime()) ? "NaT" : literal.toISOString();
}
