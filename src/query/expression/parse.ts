import { checkArguments } from "../../model/api/arguments.ts";
import type { Expression } from "../../model/expression.ts";
import { parseInfix } from "./infix/parse.ts";
import { parseLisp } from "./lisp/parse.ts";
import { SyntaxProblem, toSyntaxError } from "./syntax-error.ts";

/**
 * Parses an expression in one of two notations, which yield the same trees:
 *
 * - infix: `max(value)`, `floor(timestamp, "D")`, `value > 0 and station in ("Uccle", "Ghent")`. Operators bind as in
 *   Python: `or`, `and`, `not`, comparisons, `+ -`, `* / // %`, `-x`, `**`. A column whose name is no plain word is
 *   written in backquotes.
 * - that of Python Lakota: `(max self.value)`, `(and (> self.value 0) (isin self.station (list "Uccle" "Ghent")))`. A
 *   column whose name holds blanks, brackets or operators is `(col "its name")`.
 *
 * @throws `invalid-argument`, naming the position, with the place marked below the text
 * @example
 * formatExpression(parseExpression("(> self.value 30)")); // "value > 30"
 */
export function parseExpression(text: string): Expression {
  checkArguments("parseExpression", text);
  const [, start] = /^(?:\s|#[^\n]*)*(\(|self\.)?/.exec(text) ?? [];
  // Only (count) and (len) are valid in both notations and differ: they are Python Lakota's.
  const lisp = start && attempt(() => parseLisp(text));
  if (lisp && !(lisp instanceof SyntaxProblem)) return lisp;
  const infix = attempt(() => parseInfix(text));
  if (!(infix instanceof SyntaxProblem)) return infix;
  // The notation that was meant is the one that was followed further. Infix has no `self.`.
  const isLisp = lisp && start === "(" && (text.includes("self.") || lisp.start >= infix.start);
  throw toSyntaxError(text, isLisp ? lisp : infix);
}

function attempt(parse: () => Expression): Expression | SyntaxProblem {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SyntaxProblem) return error;
    throw error;
  }
}
