/** A function as the text notation knows it. */
export interface Named {
  /** As trees have it, and as it is written out. */
  readonly name: string;
  /** Python's and numpy's other names of it. */
  readonly aliases?: readonly string[];
  /** How many arguments it takes, at least and at most. */
  readonly least: number;
  readonly most: number;
}

const of = (name: string, least: number, most: number, ...aliases: string[]): Named => ({
  name,
  least,
  most,
  aliases,
});
const MANY = Number.POSITIVE_INFINITY;

/** Functions of rows, or of groups. */
export const CALLS: readonly Named[] = [
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
  of("isin", 1, MANY, "in"),
  of("isnan", 1, 1, "isnat"),
  of("floor", 2, 3),
  of("as-tz", 2, 2),
  of("year", 1, 2),
  of("month", 1, 2),
  of("day", 1, 2),
  of("hour", 1, 2),
  of("minute", 1, 2),
  of("second", 1, 2),
  of("weekday", 1, 2),
  of("datetime64", 1, 1),
  of("timedelta64", 2, 2),
];

/** Functions of all rows of a group. */
export const AGGREGATES: readonly Named[] = [
  of("min", 1, 1),
  of("max", 1, 1),
  of("sum", 1, 1),
  of("mean", 1, 1, "average"),
  of("first", 1, 1),
  of("last", 1, 1),
  of("count", 0, 1, "len"),
  of("quantile", 1, 3),
];

/** Words of Python Lakota that only work there, and why. */
export const REFUSED: Readonly<Record<string, string>> = {
  kw: "arguments have no names here: write (quantile self.x 0.9)",
  dict: "there are no dictionaries here",
  pretty_nb: "it makes text for people: format the numbers that you get",
  list: "a list stands only in (isin self.x (list 1 2))",
  as: 'it names a whole column, and stands outermost: (as (max self.x) "top")',
};

const byName = (all: readonly Named[]): ReadonlyMap<string, Named> =>
  new Map(all.flatMap((one) => [one.name, ...(one.aliases ?? [])].map((name) => [name, one] as const)));

export const callNamed = byName(CALLS);
export const aggregateNamed = byName(AGGREGATES);

/** What there is, for messages. */
export const namesOf = (all: readonly Named[]): string => all.map(({ name }) => name).join(" ");

/** How many arguments a function takes, if `count` is not one of these. */
export function wrongCount({ name, least, most }: Named, count: number): string | undefined {
  if (count >= least && count <= most) return undefined;
  const wanted = least === most ? `${least}` : most === MANY ? `${least} or more` : `${least} to ${most}`;
  const hint = name === "-" && count === 1 ? " For -x write (neg x); in Python (- x) is x." : "";
  return `(${name} …) takes ${wanted} argument${wanted === "1" ? "" : "s"}, not ${count}.${hint}`;
}
