import { checkArguments } from "../../model/api/arguments.ts";
import type { Expression } from "../../model/expression.ts";
import { requireTree } from "./coerce.ts";
import { formatInfix } from "./infix/format.ts";
import { formatLisp } from "./lisp/format.ts";

/**
 * Returns the text of an expression, from which {@link parseExpression} makes the same tree again. A `Date` becomes
 * ISO 8601 text.
 *
 * @param notation `infix`, or `lisp`, which Python Lakota reads. Default `infix`
 * @throws `unsupported` for text with both kinds of quotes in `lisp`
 * @example
 * formatExpression(gt(col("value"), 30)); // "value > 30"
 * formatExpression(gt(col("value"), 30), "lisp"); // "(> self.value 30)"
 */
export function formatExpression(expression: Expression, notation: "infix" | "lisp" = "infix"): string {
  checkArguments("formatExpression", expression, notation);
  const tree = requireTree(expression);
  return notation === "lisp" ? formatLisp(tree) : formatInfix(tree);
}
