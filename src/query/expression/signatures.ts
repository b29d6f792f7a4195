/** Name and arity of a function. */
export interface Signature<Name extends string = string> {
  /** The name in trees and in messages. */
  readonly name: Name;
  /** Other names that the text notation accepts: those of Python and numpy. */
  readonly aliases?: readonly string[];
  /** The least and the greatest number of arguments. */
  readonly least: number;
  readonly most: number;
}

const of = <Name extends string>(
  name: Name,
  least: number,
  most: number,
  ...aliases: string[]
): Signature<Name> => ({
  name,
  least,
  most,
  aliases,
});
/** Operands of one operator are nested when they are compiled, so the number protects the call stack. */
const MANY = 1000;

/** Functions of values of rows, or of values of groups. */
export const CALLS: readonly Signature[] = [
  of("+", 2, MANY, "add"),
  of("-", 2, MANY, "subtract"),
  of("*", 2, MANY, "multiply"),
  of("/", 2, MANY, "divide"),
  of("//", 2, 2, "floor_divide"),
  of("%", 2, MANY, "mod", "remainder"),
  of("**", 2, 2, "power"),
  of("neg", 1, 1, "negative"),
  of("abs", 1, 1, "absolute"),
  of("sqrt", 1, 1),
  of("exp", 1, 1),
  of("log", 1, 1),
  of("log10", 1, 1),
  of("float64", 1, 1),
  of("=", 2, 2, "equal"),
  of("!=", 2, 2, "not_equal"),
  of("<", 2, 2, "less"),
  of("<=", 2, 2, "less_equal"),
  of(">", 2, 2, "greater"),
  of(">=", 2, 2, "greater_equal"),
  of("and", 1, MANY, "logical_and"),
  of("or", 1, MANY, "logical_or"),
  of("not", 1, 1, "logical_not", "~"),
  of("isin", 1, Number.POSITIVE_INFINITY, "in"),
  of("isnan", 1, 1, "isnat"),
  of("floor", 2, 3),
  of("as-tz", 2, 2, "as_tz"),
  of("year", 1, 2),
  of("month", 1, 2),
  of("day", 1, 2),
  of("hour", 1, 2),
  of("minute", 1, 2),
  of("second", 1, 2),
  of("weekday", 1, 2),
  of("datetime64", 1, 1),
  of("timedelta64", 2, 2, "duration"),
];

/** Functions of all rows of a group. `reduce/aggregates.ts` implements each of them. */
export const AGGREGATES = [
  of("min", 1, 1),
  of("max", 1, 1),
  of("sum", 1, 1),
  of("mean", 1, 1, "average"),
  of("first", 1, 1),
  of("last", 1, 1),
  of("count", 0, 1, "len"),
  of("quantile", 1, 3),
] as const;

export type AggregateName = (typeof AGGREGATES)[number]["name"];

/** Words of Python Lakota that are not supported here, and why. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  kw: "there are no named arguments: write (quantile self.x 0.9)",
  dict: "there are no dictionaries",
  pretty_nb: "format the numbers of the result instead",
  list: "a list is only allowed in (isin self.x (list 1 2))",
  as: 'it names a whole column, and is only allowed outermost: (as (max self.x) "top")',
};

/** Returns functions by their names and aliases. */
const byName = <S extends Signature>(functions: readonly S[]): ReadonlyMap<string, S> =>
  new Map(functions.flatMap((f) => [f.name, ...(f.aliases ?? [])].map((name) => [name, f] as const)));

export const callNamed = byName(CALLS);
export const aggregateNamed = byName<Signature<AggregateName>>(AGGREGATES);

/** Returns the names of functions, for messages. */
export const namesOf = (functions: readonly Signature[]): string =>
  functions.map(({ name }) => name).join(" ");

/** Lists all functions, for messages. */
export const FUNCTIONS = `There are: ${namesOf(CALLS)}; of groups: ${namesOf(AGGREGATES)}.`;

/** The deepest nesting of calls, which protects the call stack. */
export const MAX_DEPTH = 200;

/** Returns what is wrong with a number of arguments, to follow the name of the function; undefined if it is allowed. */
export function arityProblem({ least, most }: Signature, count: number): string | undefined {
  if (count >= least && count <= most) return undefined;
  if (count > MANY) return `takes at most ${MANY} arguments, not ${count}`;
  const expected = least === most ? `${least}` : most >= MANY ? `${least} or more` : `${least} to ${most}`;
  return `takes ${expected} argument${expected === "1" ? "" : "s"}, not ${count}`;
}
