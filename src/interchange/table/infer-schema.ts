import { parseDType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { ownEntry } from "../../model/own-entry.ts";
import { Schema } from "../../model/schema.ts";
import { columnText, isTypeText } from "../values/type-text.ts";
import type { TableOptions } from "./row-source.ts";

/** A column of a source. Its type is inferred only where the options set none. */
export interface InferredColumn {
  name: string;
  /** Returns Lakota's type text, such as `float`. */
  inferType(): string;
}

/**
 * Returns the schema of a source: the inferred columns, overridden by the options.
 *
 * @param inferred columns in the order of the source
 * @throws `invalid-schema`, naming the column; also where `options.schema` and the source have different
 *   columns
 */
export function inferSchema(inferred: readonly InferredColumn[], options: TableOptions): Schema {
  const { columns } = options;
  const selected = columns ? inferred.filter(({ name }) => columns.includes(name)) : inferred;
  if (options.schema) return checkColumns(options.schema, selected);
  const types = selected.map((column) => ({
    name: column.name,
    text: ownEntry(options.types ?? {}, column.name) ?? column.inferType(),
  }));
  const marked = types.filter(({ text }) => text.includes("*")).map(({ name }) => name);
  const index = options.index ?? (marked.length > 0 ? marked : [defaultIndex(types)]);
  const texts = types.map(({ name, text }): [string, string] => [
    name,
    index.includes(name) && !text.includes("*") ? text.replace(/^\s*[^\s|]+/, "$&*") : text,
  ]);
  return schemaOf(inIndexOrder(texts, options.index ?? []));
}

/**
 * Returns a schema whose columns may have any name. A stored schema is an object, and objects move keys of digits before
 * all others: here they come first as well.
 */
function schemaOf(texts: readonly (readonly [name: string, text: string])[]): Schema {
  const prefix = "column ";
  const names = Object.keys(Object.fromEntries(texts));
  const types = new Map(texts);
  const { columns } = new Schema(
    Object.fromEntries(
      names.map((name) => [/^\d+$/.test(name) ? `${prefix}${name}` : name, types.get(name)!]),
    ),
  );
  return new Schema(columns.map((column, i) => ({ ...column, name: names[i]! })));
}

/** Moves the index columns to the front if they are to come in another order than in the source. */
function inIndexOrder<C extends readonly [name: string, ...unknown[]]>(
  columns: C[],
  index: readonly string[],
): C[] {
  const inSource = columns.filter(([name]) => index.includes(name)).map(([name]) => name);
  if (index.every((name, i) => name === inSource[i])) return columns;
  const rank = ([name]: C) => (index.includes(name) ? index.indexOf(name) : index.length);
  return [...columns].sort((a, b) => rank(a) - rank(b));
}

/** Returns the type text of each column, such as `timestamp*`, without codecs. */
export const typeTexts = (schema: Schema): Record<string, string> =>
  Object.fromEntries(schema.columns.map((column) => [column.name, columnText(column)]));

/** The first column of times, else the first column. */
function defaultIndex(types: readonly { name: string; text: string }[]): string {
  const time = types.find(({ text }) => isTimeType(text.split(/[*|]/)[0]!));
  const [first] = types;
  if (!first) throw new LakotaError("invalid-schema", "There are no columns.");
  return (time ?? first).name;
}

const isTimeType = (type: string) => isTypeText(type.trim()) && parseDType(type.trim()).kind === "datetime";

function checkColumns(schema: Schema, found: readonly InferredColumn[]): Schema {
  const names = found.map(({ name }) => name);
  const missing = schema.columns.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const unknown = names.filter((name) => !schema.columns.some((column) => column.name === name));
  if (missing.length === 0 && unknown.length === 0) return schema;
  const differences = [
    ...(missing.length > 0 ? [`the file lacks ${missing.join(", ")}`] : []),
    ...(unknown.length > 0
      ? [`the collection has no ${unknown.join(", ")} (choose with columns: [...])`]
      : []),
  ];
  throw new LakotaError("invalid-schema", `The columns differ: ${differences.join("; ")}.`);
}
