/** How tightly operators bind, from loose to tight. */
export const LEVELS = {
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  minus: 7,
  power: 8,
  /** Operands: constants, columns, calls and brackets. */
  operand: 9,
} as const;

export interface BinaryOperator {
  /** The function that it stands for. */
  readonly name: string;
  readonly level: number;
  /** Whether `a + b + c` is one call of three arguments. */
  readonly isVariadic?: boolean;
}

const { or, and, comparison, sum, product, power } = LEVELS;

/** Operators between two operands, by their spelling; the first spelling of a function is written. */
export const BINARY: ReadonlyMap<string, BinaryOperator> = new Map<string, BinaryOperator>([
  ["or", { name: "or", level: or, isVariadic: true }],
  ["and", { name: "and", level: and, isVariadic: true }],
  ["=", { name: "=", level: comparison }],
  ["==", { name: "=", level: comparison }],
  ["!=", { name: "!=", level: comparison }],
  ["<>", { name: "!=", level: comparison }],
  ["<", { name: "<", level: comparison }],
  ["<=", { name: "<=", level: comparison }],
  [">", { name: ">", level: comparison }],
  [">=", { name: ">=", level: comparison }],
  ["in", { name: "isin", level: comparison }],
  ["+", { name: "+", level: sum, isVariadic: true }],
  ["-", { name: "-", level: sum, isVariadic: true }],
  ["*", { name: "*", level: product, isVariadic: true }],
  ["/", { name: "/", level: product, isVariadic: true }],
  ["//", { name: "//", level: product }],
  ["%", { name: "%", level: product, isVariadic: true }],
  ["**", { name: "**", level: power }],
]);

/** Words that are no names of columns, in any case: a column of such a name is written in backquotes. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  "and or not in as true false nan inf infinity".split(" "),
);

/** A name that needs no backquotes, unless it is a keyword or begins with `self.`. */
export const NAME = "[\\p{L}_][\\p{L}\\p{N}_.]*";
