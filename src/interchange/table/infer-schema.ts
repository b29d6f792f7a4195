import { parseDType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { columnText, isType } from "../values/type-text.ts";
import type { TableOptions } from "./row-source.ts";

/** Columns of a file in its order. `type` is called where no type is told. */
export interface FoundColumn {
  name: string;
  type(): string;
}

/**
 * The schema of a file: what was found in it, and what the options say.
 *
 * @throws `invalid-schema`, naming the column; also where `schema` and the file have different columns
 */
export function schemaOf(found: readonly FoundColumn[], options: TableOptions): Schema {
  const { columns } = options;
  const wanted = columns ? found.filter(({ name }) => columns.includes(name)) : found;
  if (options.schema) return sameColumns(options.schema, wanted);
  const types = wanted.map(({ name, type }) => ({ name, text: options.types?.[name] ?? type() }));
  const marked = types.filter(({ text }) => text.includes("*")).map(({ name }) => name);
  const index = options.index ?? (marked.length > 0 ? marked : [firstIndex(types)]);
  const texts = types.map(({ name, text }): [string, string] => [
    name,
    index.includes(name) && !text.includes("*") ? text.replace(/^\s*[^\s|]+/, "$&*") : text,
  ]);
  return new Schema(Object.fromEntries(texts));
}

/** The schema for people. */
export const typesOf = (schema: Schema): Record<string, string> =>
  Object.fromEntries(schema.columns.map((column) => [column.name, columnText(column)]));

function firstIndex(types: readonly { name: string; text: string }[]): string {
  const time = types.find(({ text }) => isTime(text.split(/[*|]/)[0]!));
  const [first] = types;
  if (!first) throw new LakotaError("invalid-schema", "There are no columns.");
  return (time ?? first).name;
}

const isTime = (type: string) => isType(type.trim()) && parseDType(type.trim()).kind === "datetime";

function sameColumns(schema: Schema, found: readonly FoundColumn[]): Schema {
  const names = found.map(({ name }) => name);
  const lacking = schema.columns.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  const strange = names.filter((name) => !schema.columns.some((column) => column.name === name));
  if (lacking.length === 0 && strange.length === 0) return schema;
  const faults = [
    ...(lacking.length > 0 ? [`the file lacks ${lacking.join(", ")}`] : []),
    ...(strange.length > 0
      ? [`the collection has no ${strange.join(", ")} (choose with columns: [...])`]
      : []),
  ];
  throw new LakotaError("invalid-schema", `The columns differ: ${faults.join("; ")}.`);
}
