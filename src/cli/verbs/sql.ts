import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import { closest } from "../../model/closest.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { MOMENT_OPTIONS } from "../options/shared-options.ts";
import { UsageError } from "../options/usage-error.ts";
import { plural } from "../output/units.ts";
import { type DuckDb, openDuckDb } from "../sql/duckdb.ts";
import { type Needs, neededBy } from "../sql/scan-plan.ts";
import { literal } from "../sql/sql-types.ts";
import { CREATE_SCHEMAS, findTable, load, type SqlTable, standIn } from "../sql/tables.ts";
import { existingRepo } from "../targets/existing-repo.ts";

export const sql = defineCommand({
  name: "sql",
  summary: "Query collections and series with SQL, through DuckDB",
  description: [
    'A collection is a table with its columns and one more, `series` (`_series` if it has such a column), with the label. A series is a table, too: `"temperature/Brussels"`, in double quotes. ' +
      "Times are TIMESTAMP or DATE, in UTC. Missing numbers and times are NULL. Durations are whole numbers of their unit, and types that SQL lacks become text.",
    "DuckDB must be installed: the package `@duckdb/node-api` beside lakota (`npm install --global @duckdb/node-api`).",
    "DuckDB plans the query first. Then only what the query needs is read: the columns that it uses; the range of the first index column, where the query compares it with constants; and the series named in `series = '…'`. `now()` is no constant: write the time. " +
      "DuckDB applies all other conditions, and limits, to what was read, which is passed to it page by page; what exceeds its memory goes to temporary files. Rows of the result are printed as they come.",
  ],
  arguments: [{ name: "QUERY", about: "one SELECT" }],
  options: {
    "no-header": { about: "omit the line of column names" },
    plan: { about: "print what would be read instead of reading it: tables, columns, ranges" },
    ...MOMENT_OPTIONS,
  },
  examples: [
    {
      command: 'lakota sql "select series, max(value) from temperature group by series"',
      about: "the highest value of each series",
    },
    {
      command:
        "lakota sql \"select time_bucket(interval '1 day', timestamp) as day, avg(value) from temperature where timestamp between '2026-03-01' and '2026-04-01' group by day order by day\"",
      about: "daily means of March; other rows are not read",
    },
    {
      command: 'lakota sql "select count(*) from temperature" --at 2026-01-01',
      about: "the state of that time; a revision is looked up in the history of each collection",
    },
  ],
  async run(context, [query], { "no-header": noHeader, plan, ...moment }) {
    const { signal, globals, isPretty } = context;
    const repo = await existingRepo(context);
    const folder = await mkdtemp(join(tmpdir(), "lakota-sql-"));
    let database: DuckDb | undefined;
    try {
      database = await openDatabase(folder, signal);
      const tables: SqlTable[] = [];
      for (const name of await tablesIn(database, query!)) {
        const table = await findTable(repo, name, { position: tables.length, moment }, signal);
        if (table) tables.push(table);
      }
      const needs = await planned(database, query!, tables).catch((error) => fail(repo, error, signal));
      if (plan) {
        await printPlan(context, tables, needs);
        return 0;
      }
      for (const table of tables) {
        context.progress.show(() => `reading ${table.name}`);
        await load(database, table, needs.get(table) ?? ALL, signal);
      }
      context.progress.clear();
      const format = globals.json ? "json" : isPretty ? "table" : "csv";
      for await (const text of database.print(query!, format, !noHeader)) await context.out.write(text);
    } finally {
      database?.close();
      await rm(folder, { recursive: true, force: true });
    }
    return 0;
  },
});

/** What is read of a table that the plan does not show. */
const ALL: Needs = { columns: undefined, bounds: new Map() };

async function openDatabase(folder: string, signal: AbortSignal): Promise<DuckDb> {
  const database = await openDuckDb(folder, signal);
  if (database) return database;
  throw new LakotaError(
    "unsupported",
    "sql needs DuckDB, which is not installed: npm install --global @duckdb/node-api (without --global where lakota is " +
      "installed so).",
  );
}

/** Returns the names of the tables in a query. @throws UsageError for what is not one SELECT */
async function tablesIn(database: DuckDb, query: string): Promise<string[]> {
  const [row] = await database.rows(`SELECT CAST(json_serialize_sql(${literal(query)}) AS VARCHAR) AS tree`);
  const tree = JSON.parse(String(row?.tree)) as {
    error?: boolean;
    error_message?: string;
    statements?: readonly unknown[];
  };
  if (/^Only SELECT/i.test(tree.error_message ?? "")) throw new UsageError("sql only reads: write a SELECT.");
  if (tree.error)
    throw new UsageError(`${tree.error_message ?? "the query cannot be parsed"}.`.replace(/\.\.$/, "."));
  if (tree.statements?.length !== 1) throw new UsageError("sql takes one SELECT.");
  const names = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, table_name: name, schema_name: schema } = node as Record<string, unknown>;
    if (type === "BASE_TABLE" && typeof name === "string" && !schema) names.add(name);
    for (const inner of Object.values(node)) visit(inner);
  };
  visit(tree);
  return [...names];
}

/** Plans the query with empty tables. Returns what it needs of each. */
async function planned(
  database: DuckDb,
  query: string,
  tables: readonly SqlTable[],
): Promise<Map<SqlTable, Needs>> {
  // Times are UTC here, and those with a zone, such as now(), are compared with them.
  await database.define([...CREATE_SCHEMAS, ...tables.flatMap(standIn), "SET TimeZone = 'UTC'"]);
  return neededBy(await database.explain(query), (name) =>
    tables.find(({ stand }) => name.split(".").at(-1) === stand),
  );
}

/** Throws an error of DuckDB: about a table that is not there with the collections that there are. */
async function fail(repo: EngineRepo, error: unknown, signal: AbortSignal): Promise<never> {
  const known = asLakotaError(error);
  const name = /Table with name (.+?) does not exist/.exec(known.message)?.[1];
  if (name === undefined) throw known;
  const labels = await repo.ls({ signal });
  const label = labels.find((each) => name.startsWith(`${each}/`));
  if (label !== undefined) {
    const series = await (await repo.collection(label, { signal })).ls({ signal });
    const wanted = name.slice(label.length + 1);
    const similar = closest(wanted, series);
    const advice = similar === undefined ? "" : ` Did you mean "${label}/${similar}"?`;
    throw new LakotaError("not-found", `There is no series "${wanted}" in "${label}".${advice}`);
  }
  const similar = closest(name, labels);
  const others = labels.slice(0, 20).join(", ") || "none";
  const advice = similar === undefined ? `Existing collections: ${others}.` : `Did you mean ${similar}?`;
  throw new LakotaError("not-found", `There is no collection "${name}". ${advice}`);
}

async function printPlan(
  context: Context,
  tables: readonly SqlTable[],
  needs: ReadonlyMap<SqlTable, Needs>,
): Promise<void> {
  const rows = tables.map((table) => {
    const { columns, bounds } = needs.get(table) ?? ALL;
    return {
      table: table.name,
      columns: table.columns.filter((name) => columns === undefined || columns.has(name)),
      ranges: [...bounds].map(([name, { low, high }]) => `${name}: ${low ?? ""}..${high ?? ""}`),
    };
  });
  if (rows.length === 0) return context.report([], `The query reads ${plural(0, "collection")}.`);
  await context.table([{ name: "table" }, { name: "columns" }, { name: "ranges" }], rows);
}
