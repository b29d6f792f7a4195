import type { EngineCollection } from "../../engine/collection/collection.ts";
import type { EngineRepo } from "../../engine/repo/repo.ts";
import type { PageOptions } from "../../model/api/read.ts";
import { LakotaError } from "../../model/errors.ts";
import { Frame } from "../../model/frame.ts";
import type { Column } from "../../model/schema.ts";
import { Strings } from "../../model/strings.ts";
import { parseIsoMs } from "../../model/time.ts";
import type { Moment } from "../options/values.ts";
import { labelsAt } from "../targets/earlier-labels.ts";
import { resolveMoment } from "../targets/revisions.ts";
import type { DuckDb } from "./duckdb.ts";
import type { Needs } from "./scan-plan.ts";
import { identifier, sqlType } from "./sql-types.ts";

/** The schema of the stand-ins: a collection may have any name. */
const STANDS = "lakota_stands";
/** The schema of the tables with the rows that were read. */
const ROWS = "lakota_rows";
/** Creates both. */
export const CREATE_SCHEMAS: readonly string[] = [`CREATE SCHEMA ${STANDS}`, `CREATE SCHEMA ${ROWS}`];

const standOf = (stand: string): string => `${STANDS}.${identifier(stand)}`;
const rowsOf = (stand: string): string => `${ROWS}.${identifier(stand)}`;

/** Returns the definitions of columns, before them that of the label of the series, if there is one. */
const columnsOf = (labels: string | undefined, columns: readonly Column[]): string =>
  [
    ...(labels === undefined ? [] : [`${identifier(labels)} VARCHAR`]),
    ...columns.map((column) => `${identifier(column.name)} ${sqlType(column)}`),
  ].join(", ");

/** Returns a name as DuckDB compares it: letters of ASCII have no case. */
const folded = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** A collection or a series that a query names. */
export interface SqlTable {
  /** The name in the query. */
  readonly name: string;
  /** The name of the table that stands for it while the query is planned, in the schema {@link STANDS}. */
  readonly stand: string;
  readonly collection: EngineCollection;
  /** Undefined for a collection: then there is a column with the label of the series. */
  readonly series: string | undefined;
  /** Names of the columns, as SQL has them. */
  readonly columns: readonly string[];
  /** Name of the column with the label of the series. */
  readonly labels: string | undefined;
  /** The state to read: what `resolveMoment` has returned. */
  readonly earlier: { readonly before?: string };
}

/**
 * Finds the collection or the series of a name; undefined for what is neither, such as a file that DuckDB reads itself.
 *
 * @throws `unsupported` for columns that SQL cannot tell apart
 */
export async function findTable(
  repo: EngineRepo,
  name: string,
  { position, moment }: { position: number; moment: Moment },
  signal: AbortSignal,
): Promise<SqlTable | undefined> {
  const stand = `lakota_${position}`; // unique among the tables of a plan
  const labels = await repo.ls({ signal });
  const known = labels
    .filter((label) => name === label || name.startsWith(`${label}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (known === undefined) return undefined;
  const collection = await repo.collection(known, { signal });
  const names = collection.schema.columns.map((column) => column.name);
  const byName = new Map<string, string>();
  for (const one of names) {
    const other = byName.get(folded(one));
    if (other !== undefined) {
      const message = `The columns ${other} and ${one} of the collection ${JSON.stringify(known)} differ only by case, and SQL cannot tell them apart. Read them with \`lakota read\`.`;
      throw new LakotaError("unsupported", message);
    }
    byName.set(folded(one), one);
  }
  const earlier = await resolveMoment(collection, moment, signal);
  if (name !== known) {
    const series = name.slice(known.length + 1);
    if (!(await labelsAt(collection, earlier, signal)).includes(series)) return undefined;
    return { name, stand, collection, series, columns: names, labels: undefined, earlier };
  }
  let column = "series";
  while (names.some((one) => folded(one) === column)) column = `_${column}`;
  return { name, stand, collection, series: undefined, columns: [column, ...names], labels: column, earlier };
}

const isNeeded = (needs: Needs, name: string) => needs.columns === undefined || needs.columns.has(name);

/** Returns the statements that create an empty table of this form, to plan a query with. */
export function standIn({ name, stand, collection, labels }: SqlTable): string[] {
  return [
    `CREATE TABLE ${standOf(stand)} (${columnsOf(labels, collection.schema.columns)})`,
    `CREATE VIEW ${identifier(name)} AS SELECT * FROM ${standOf(stand)}`,
  ];
}

/** What was read for a query. */
export interface Loaded {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly range: Pick<PageOptions, "start" | "stop">;
}

/**
 * Reads what a query needs of a table into a table of DuckDB, page by page, and makes the name in the query stand for that.
 * Columns that it does not need are NULL.
 */
export async function load(
  database: DuckDb,
  table: SqlTable,
  needs: Needs,
  signal: AbortSignal,
): Promise<void> {
  const { collection, labels, name, stand, earlier } = table;
  const { schema } = collection;
  const wanted = schema.columns.filter((column) => isNeeded(needs, column.name));
  const columns = wanted.length > 0 ? wanted : schema.index.slice(0, 1); // counted, at least
  const range = { ...rangeOf(schema.index[0]!, needs), ...earlier };
  const frames = async function* () {
    for (const series of await labelsOf(table, needs, signal)) {
      const pages = collection
        .series(series)
        .pages({ ...range, columns: columns.map((column) => column.name), signal });
      for await (const frame of pages) yield labels === undefined ? frame : withLabel(frame, labels, series);
    }
  };
  await database.define([`CREATE TABLE ${rowsOf(stand)} (${columnsOf(labels, columns)})`]);
  await database.append(stand, ROWS, frames());
  const isLoaded = (column: string) => column === labels || columns.some((one) => one.name === column);
  const selected = table.columns.map((column) => {
    const quoted = identifier(column);
    return isLoaded(column) ? quoted : `CAST(NULL AS ${sqlType(schema.column(column))}) AS ${quoted}`;
  });
  await database.define([
    `CREATE OR REPLACE VIEW ${identifier(name)} AS SELECT ${selected.join(", ")} FROM ${rowsOf(stand)}`,
  ]);
}

/** Returns the labels of the series that are read. */
async function labelsOf(
  { collection, series, labels, earlier }: SqlTable,
  needs: Needs,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (series !== undefined) return [series];
  const { low, high } = needs.bounds.get(labels!) ?? {};
  const all = await labelsAt(collection, earlier, signal);
  return low !== undefined && low === high ? all.filter((label) => label === low) : all;
}

/** Adds a column with one text in all rows. */
function withLabel(frame: Frame, name: string, label: string): Frame {
  const item = new TextEncoder().encode(label);
  const bytes = new Uint8Array(item.length * frame.length);
  for (let row = 0; row < frame.length; row++) bytes.set(item, row * item.length);
  const offsets = Uint32Array.from({ length: frame.length + 1 }, (_, row) => row * item.length);
  return new Frame([{ name, type: "<U0", data: new Strings(bytes, offsets) }, ...frame.parts()]);
}

/** Returns the range of the first index column, if it is one of times or numbers. */
function rangeOf({ name, dtype }: Column, needs: Needs): Pick<PageOptions, "start" | "stop" | "closed"> {
  const { low, high } = needs.bounds.get(name) ?? {};
  const bound = (text: string | undefined) => {
    if (text === undefined) return undefined;
    if (dtype.kind === "datetime") return parseIsoMs(text) === undefined ? undefined : text;
    if (dtype.kind === "float") return Number(text);
    return /^(?:int|uint)$/.test(dtype.kind) && /^[+-]?\d+$/.test(text) ? BigInt(text) : undefined;
  };
  const [start, stop] = [bound(low), bound(high)];
  return { ...(start !== undefined && { start }), ...(stop !== undefined && { stop }), closed: "both" };
}
