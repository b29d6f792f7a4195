import { parseDType } from "../../model/dtype.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";
import { columnText, isTypeText } from "../values/type-text.ts";
import type { TableOptions } from "./row-source.ts";

/** Columns of a file in its order. `type` is called where no type is told. */
export interface InferredColumn {
  name: string;
  inferType(): string;
}

/**
 * The schema of a file: what was found in it, and what the options say.
 *
 * @throws `invalid-schema`, naming the column; also where `schema` and the file have different columns
 */
export function inferSchema(found: readonly InferredColumn[], options: TableOptions): Schema {
  const { columns } = options;
  const wanted = columns ? found.filter(({ name }) => columns.includes(name)) : found;
  if (options.schema) return checkColumns(options.schema, wanted);
  const types = wanted.map(({ name, inferType: type }) => ({ name, text: options.types?.[name] ?? type() }));
  const marked = types.filter(({ text }) => text.includes("*")).map(({ name }) => name);
  const index = options.index ?? (marked.length > 0 ? marked : [defaultIndex(types)]);
  const texts = types.map(({ name, text }): [string, string] => [
    name,
    index.includes(name) && !text.includes("*") ? text.replace(/^\s*[^\s|]+/, "$&*") : text,
  ]);
  return new Schema(Object.fromEntries(texts));
}

/** The schema for people. */
export const typeTexts = (schema: Schema): Record<string, string> =>
  Object.fromEntries(schema.columns.map((column) => [column.name, columnText(column)]));

function defaultIndex(types: readonly { name: string; text: string }[]): string {
  const time = types.find(({ text }) => isTimeType(text.split(/[*|]/)[0]!));
  const [first] = types;
  if (!first) throw new LakotaError("invalid-schema", "There are no columns.");
  return (time ?? first).name;
}

const isTimeType = (type: string) => isTypeText(type.trim()) && parseDType(type.trim()).kind === "datetime";

function checkColumns(schema: Schema, found: readonly InferredColumn[]): Schema {
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
