import { LakotaError } from "../../model/errors.ts";
import type { Expression, RowExpression } from "../../model/expression.ts";
import { parseExpression } from "./parse.ts";

/** Returns a condition as a tree. @throws `invalid-argument` for what is neither a tree nor text of one */
export function coerceCondition(input: unknown): RowExpression {
  // The compiler refuses expressions of groups.
  return (typeof input === "string" ? parseExpression(input) : requireTree(input)) as RowExpression;
}

/**
 * Returns a column of reduce as a tree. Text is the name of a column, as in Python, or an expression.
 *
 * @param columns the columns that there are
 * @throws `invalid-argument`
 */
export function coerceColumn(input: unknown, columns: { has(name: string): boolean }): Expression {
  if (typeof input !== "string") return requireTree(input);
  const column: Expression = { op: "column", name: input };
  if (columns.has(input)) return column;
  const tree = parseExpression(input);
  return tree.op === "value" ? column : tree; // a column that is not there may be called 1960
}

/** @throws `invalid-argument` for what is no tree */
export function requireTree(input: unknown): Expression {
  if (isTree(input)) return input;
  throw new LakotaError(
    "invalid-argument",
    `${preview(input)} is not an expression. Build one with the functions of lakota/query, or write text such as value > 0.`,
  );
}

function isTree(node: unknown): node is Expression {
  if (typeof node !== "object" || node === null || !("op" in node)) return false;
  const { op, name, args, value, of } = node as Record<string, unknown>;
  switch (op) {
    case "column":
      return typeof name === "string";
    case "value":
      return ["number", "bigint", "string", "boolean"].includes(typeof value) || value instanceof Date;
    case "as":
      return typeof name === "string" && isTree(of);
    case "call":
    case "aggregate":
      return typeof name === "string" && Array.isArray(args) && args.every(isTree);
    default:
      return false;
  }
}

function preview(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, 100) ?? String(value);
  } catch {
    return String(value);
  }
}
