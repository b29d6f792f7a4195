import { LakotaError } from "../../../model/errors.ts";
import type { Expression } from "../../../model/expression.ts";
import { formatConstant, formatDate } from "../literals.ts";

/**
 * Formats an expression in the notation of Python Lakota.
 *
 * @throws `unsupported` for text with both kinds of quotes, which this notation cannot represent
 */
export function formatLisp(node: Expression): string {
  switch (node.op) {
    case "column":
      return /^[^\s()"'#+*/%~]+$/.test(node.name) ? `self.${node.name}` : `(col ${quote(node.name)})`;
    case "value":
      if (typeof node.value === "string") return quote(node.value);
      return node.value instanceof Date ? quote(formatDate(node.value)) : formatConstant(node.value);
    case "as":
      return `(as ${formatLisp(node.of)} ${quote(node.name)})`;
    case "call":
    case "aggregate": {
      const [first, ...rest] = node.args.map(formatLisp);
      if (node.name === "isin") return `(isin ${first} (list${rest.map((item) => ` ${item}`).join("")}))`;
      return `(${[node.name, ...(first === undefined ? [] : [first]), ...rest].join(" ")})`;
    }
  }
}

function quote(text: string): string {
  if (!text.includes('"')) return `"${text}"`;
  if (!text.includes("'")) return `'${text}'`;
  throw new LakotaError(
    "unsupported",
    `Python Lakota's notation cannot represent text with both kinds of quotes: ${text}`,
  );
}
