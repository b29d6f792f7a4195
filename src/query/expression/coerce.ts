import { LakotaError } from "../../model/errors.ts";
import type { Expression, RowExpression } from "../../model/expression.ts";
import { parseExpression } from "./parse.ts";

/** A condition as it was given: a tree, or text. @throws `invalid-argument` */
export function coerceCondition(given: unknown): RowExpression {
  // Whether it is one of rows, is seen when it is compiled.
  return (typeof given === "string" ? parseExpression(given) : checked(given)) as RowExpression;
}

/** A column of reduce as it was given. Text without brackets is the name of a column, as in Python. @throws `invalid-argument` */
export function coerceColumn(given: unknown): Expression {
  if (typeof given !== "string") return checked(given);
  if (given.trimStart().startsWith("(")) return parseExpression(given);
  return { op: "column", name: given };
}

function checked(given: unknown): Expression {
  if (isTree(given)) return given;
  throw new LakotaError(
    "invalid-argument",
    `${shown(given)} is no expression. Make one with the functions of lakota/query, or write text such as (> self.value 0).`,
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

function shown(value: unknown): string {
  try {
    return JSON.stringify(value)?.slice(0, 100) ?? String(value);
  } catch {
    return String(value);
  }
}
