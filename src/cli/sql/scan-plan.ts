/** What DuckDB's plan needs of one table: where one of its scans cannot be understood, all. */
export interface Needs {
  /** Names of columns. Undefined: all. */
  readonly columns: ReadonlySet<string> | undefined;
  /** Bounds of columns that every scan has, as the text of literals; both ends included. */
  readonly bounds: ReadonlyMap<string, Bounds>;
}

/** A range of a column. What lies outside is not needed; not all that lies within is. */
export interface Bounds {
  readonly low?: string;
  readonly high?: string;
}

interface PlanNode {
  readonly name?: string;
  readonly children?: readonly PlanNode[];
  readonly extra_info?: Readonly<Record<string, unknown>>;
}

/**
 * Reads which columns and ranges a query needs of each table from the text of `EXPLAIN (FORMAT json)`. DuckDB applies all
 * filters itself, too, so whatever is not understood here is only not saved.
 *
 * @param tableOf returns the table that a plan means by a name; undefined for others
 */
export function neededBy<T extends { readonly columns: readonly string[] }>(
  explained: string,
  tableOf: (name: string) => T | undefined,
): Map<T, Needs> {
  const needs = new Map<T, Needs>();
  const visit = (node: PlanNode) => {
    const table = tableOf(String(node.extra_info?.Table ?? ""));
    if (table !== undefined) {
      const scan = needsOf(node.extra_info!, table.columns);
      const known = needs.get(table);
      needs.set(table, known ? union(known, scan) : scan);
    }
    for (const child of node.children ?? []) visit(child);
  };
  for (const node of JSON.parse(explained) as readonly PlanNode[]) visit(node);
  return needs;
}

function needsOf(
  { Projections, Filters }: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Needs {
  const filters = [Filters ?? []].flat().map(String);
  const bounds = new Map<string, Bounds>();
  // Columns of filters are scanned, too; DuckDB lists those that it needs afterwards.
  const columns = Projections === undefined ? undefined : new Set([Projections].flat().map(String));
  for (const filter of filters) {
    const found = comparisons(filter);
    if (!found) {
      for (const name of names)
        if (filter.includes(name) || filter.includes(name.replaceAll('"', '""'))) columns?.add(name);
      continue;
    }
    for (const { column, operator, value } of found) {
      columns?.add(column);
      const { low, high } = bounds.get(column) ?? {};
      // Several bounds of one end: the first is kept, since texts cannot be compared here.
      bounds.set(column, {
        ...(low !== undefined ? { low } : /[>=]/.test(operator[0]!) && { low: value }),
        ...(high !== undefined ? { high } : /[<=]/.test(operator[0]!) && { high: value }),
      });
    }
  }
  return { columns, bounds };
}

/** What both scans need. */
function union(a: Needs, b: Needs): Needs {
  const columns = a.columns && b.columns && new Set([...a.columns, ...b.columns]);
  const same = [...a.bounds].filter(([column, { low, high }]) => {
    const other = b.bounds.get(column);
    return other && other.low === low && other.high === high;
  });
  return { columns, bounds: new Map(same) };
}

interface Comparison {
  readonly column: string;
  readonly operator: string;
  readonly value: string;
}

const COMPARISON =
  /^\(?(?:"(?<quoted>(?:[^"]|"")+)"|(?<plain>[\p{L}_][\p{L}\p{N}_]*))\s*(?<operator>>=|<=|=|<|>)\s*(?:'(?<text>[^']*)'|(?<number>[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))(?:::[\w ]+)?\)?$/u;
const NOT_NULL = /^\(?(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*) IS NOT NULL\)?$/u;

/** Returns the comparisons that a filter joins by AND; undefined for any other filter. */
function comparisons(filter: string): Comparison[] | undefined {
  const found: Comparison[] = [];
  for (const part of filter.split(/ AND |\n/).map((one) => one.trim())) {
    if (part === "" || NOT_NULL.test(part)) continue;
    const groups = COMPARISON.exec(part)?.groups;
    if (!groups) return undefined;
    const { quoted, plain, operator, text, number } = groups;
    const column = quoted?.replaceAll('""', '"') ?? plain!;
    found.push({ column, operator: operator!, value: text ?? number! });
  }
  return found;
}
