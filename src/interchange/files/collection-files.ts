import type { CollectionDescription, DescriptionChange } from "../../model/api/description.ts";
import { LakotaError } from "../../model/errors.ts";
import { Schema } from "../../model/schema.ts";

/** The file with a collection's schema in JSON, which Python Lakota puts beside its series, too. */
export const SCHEMA_FILE = "_schema.json";
/** The file with what describes a collection, in JSON. Python Lakota passes over names that begin with `_`. */
export const DESCRIPTION_FILE = "_description.json";

/** Returns the text of a file in JSON. */
export const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * Returns the schema in the text of a file.
 *
 * @param where names the file in errors
 * @throws `invalid-schema`
 */
export function parseSchema(where: string, text: string): Schema {
  try {
    return Schema.load(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("invalid-schema", `${where} is not a valid schema: ${reason}`, { cause });
  }
}

/**
 * Returns the description in the text of a file. Its fields are not checked.
 *
 * @param where names the file in errors
 * @throws `invalid-argument` for what is no JSON object
 */
export function parseDescription(where: string, text: string): DescriptionChange {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LakotaError("invalid-argument", `${where} is not JSON: ${reason}`, { cause });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new LakotaError(
    "invalid-argument",
    `${where} has no JSON object, such as {"title": "Share prices"}.`,
  );
}

/** Returns a description without the columns that are not among `columns`. Its fields are in the order of `info`. */
export function describedColumns(
  { columns: described, series, ...own }: CollectionDescription,
  columns: readonly string[],
): CollectionDescription {
  const kept = Object.entries(described ?? {}).filter(([name]) => columns.includes(name));
  return { ...own, ...(kept.length > 0 && { columns: Object.fromEntries(kept) }), ...(series && { series }) };
}
