import type { CallNode, Expression, Literal, RowExpression } from "../../../model/expression.ts";
import { formatConstant, formatDate } from "../literals.ts";
import { BINARY, type BinaryOperator, KEYWORDS, LEVELS, NAME } from "./operators.ts";

/** Formats an expression in infix notation, from which the same tree is parsed. A `Date` becomes text. */
export const formatInfix = (node: Expression): string =>
  node.op === "as" ? `${format(node.of, 0)} as ${nameText(node.name)}` : format(node, 0);

/** The operators by the functions that they stand for: the first spelling of each. */
const OPERATORS = new Map(
  [...BINARY].reverse().map(([spelling, operator]) => [operator.name, { ...operator, spelling }]),
);
const PLAIN_NAME = new RegExp(`^${NAME}$`, "u");

/** Formats what stands where an operand has to bind at least as tightly as `level`. */
function format(node: Expression, level: number): string {
  const { text, level: own } = parts(node);
  return own < level ? `(${text})` : text;
}

interface Formatted {
  text: string;
  level: number;
}

const operand = (text: string): Formatted => ({ text, level: LEVELS.operand });

function parts(node: Expression): Formatted {
  switch (node.op) {
    case "column":
      return operand(nameText(node.name));
    case "value":
      return literal(node.value);
    case "as": // only allowed outermost: for messages
      return { text: formatInfix(node), level: 0 };
    case "call":
      return call(node as CallNode<RowExpression>);
    case "aggregate":
      return functionCall(node.name, node.args);
  }
}

function literal(value: Literal): Formatted {
  if (typeof value === "string" || value instanceof Date) {
    const text = typeof value === "string" ? value : formatDate(value);
    return operand(`"${text.replaceAll('"', '""')}"`);
  }
  const text = formatConstant(value);
  return { text, level: text.startsWith("-") ? LEVELS.minus : LEVELS.operand };
}

function call({ name, args }: CallNode<RowExpression>): Formatted {
  const [first, second] = args;
  const operator = OPERATORS.get(name);
  if (name === "isin" && first) {
    const items = args.slice(1).map((item) => format(item, 0));
    return { text: `${format(first, LEVELS.sum)} in (${items.join(", ")})`, level: LEVELS.comparison };
  }
  if (name === "not" && args.length === 1)
    return { text: `not ${format(first!, LEVELS.not)}`, level: LEVELS.not };
  if (name === "neg" && args.length === 1) return minus(first!);
  if (name === "**" && args.length === 2) {
    // The exponent may be negative, the base needs brackets then.
    const text = `${format(first!, LEVELS.operand)} ** ${format(second!, LEVELS.minus)}`;
    return { text, level: LEVELS.power };
  }
  const isBinary = operator && args.length >= 2 && (args.length === 2 || operator.isVariadic);
  return isBinary ? chain(operator, args) : functionCall(name, args);
}

/** Minus before a number would be a negative number. */
function minus(of: RowExpression): Formatted {
  const text = format(of, LEVELS.power);
  const isNumber = of.op === "value" && !text.startsWith("(");
  return { text: isNumber ? `-(${text})` : `-${text}`, level: LEVELS.minus };
}

function chain(operator: BinaryOperator & { spelling: string }, args: readonly RowExpression[]): Formatted {
  const { name, level, spelling, isVariadic } = operator;
  const texts = args.map((arg, i) => {
    // Operators of one level are read from left to right; the same one would join the chain.
    const joins = arg.op === "call" && arg.name === name && isVariadic;
    const isFirst = i === 0 && level > LEVELS.comparison && !joins;
    return format(arg, isFirst ? level : level + 1);
  });
  return { text: texts.join(` ${spelling} `), level };
}

const functionCall = (name: string, args: readonly RowExpression[]): Formatted =>
  operand(`${name.replace("-tz", "_tz")}(${args.map((arg) => format(arg, 0)).join(", ")})`);

function nameText(name: string): string {
  const isPlain = PLAIN_NAME.test(name) && !name.startsWith("self.") && !KEYWORDS.has(name.toLowerCase());
  return isPlain ? name : `\`${name.replaceAll("`", "``")}\``;
}
