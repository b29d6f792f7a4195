import type { Expression, Literal } from "../../model/expression.ts";

/** Formats an expression in the text notation, for messages. Text with both kinds of quotes has none. */
export function formatExpression(node: Expression): string {
  switch (node.op) {
    case "column":
      return /^[^\s()"'#+*/%~]+$/.test(node.name) ? `self.${node.name}` : `(col ${quote(node.name)})`;
    case "value":
      return formatLiteral(node.value);
    case "as":
      return `(as ${formatExpression(node.of)} ${quote(node.name)})`;
    case "call":
    case "aggregate": {
      const [first, ...rest] = node.args.map(formatExpression);
      if (node.name === "isin") return `(isin ${first} (list${rest.map((item) => ` ${item}`).join("")}))`;
      return `(${[node.name, ...(first === undefined ? [] : [first]), ...rest].join(" ")})`;
    }
  }
}

const quote = (text: string): string => (text.includes('"') ? `'${text}'` : `"${text}"`);

function formatLiteral(value: Literal): string {
  if (typeof value === "string") return quote(value);
  if (value instanceof Date) return quote(Number.isNaN(value.getTime()) ? "NaT" : value.toISOString());
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value).replace("e+", "e");
  // Digits alone would be read as an integer of 64 bits.
  return Number.isSafeInteger(value) || /[.e]/.test(text) ? text : `${text}.0`;
}
