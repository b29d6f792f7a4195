import type { TableKind } from "../../model/api/table-kind.ts";
import { LakotaError } from "../../model/errors.ts";
import { type Column, Schema, type SchemaDump } from "../../model/schema.ts";

/**
 * The last codec, in the registry, of all columns of a collection whose tables are trees. Python Lakota and older versions of
 * this library do not know it, so they fail on the collection instead of misreading it. Its chunks have only the others.
 */
const TREE_CODEC = "lakota-js-tree-table";

/** Returns a schema as the registry has it. */
export function registeredSchema(schema: Schema, kind: TableKind): SchemaDump {
  const dump = schema.dump();
  if (kind === "tree") for (const column of Object.values(dump.columns)) column.codecs.push(TREE_CODEC);
  return dump;
}

/** Returns what {@link registeredSchema} was made of. @throws `corrupt` for what was not; `invalid-schema` for an unknown type */
export function loadRegistered(dump: SchemaDump): { schema: Schema; tableKind: TableKind } {
  let schema: Schema;
  try {
    schema = Schema.load(dump);
  } catch (cause) {
    if (cause instanceof LakotaError && cause.code !== "invalid-argument") throw cause;
    throw new LakotaError("corrupt", "A column of the stored schema lacks its type or its codecs.", {
      cause,
    });
  }
  if (!schema.columns.every(({ codecs }) => codecs.at(-1) === TREE_CODEC))
    return { schema, tableKind: "flat" };
  const columns = schema.columns.map((column): Column => ({ ...column, codecs: column.codecs.slice(0, -1) }));
  return { schema: new Schema(columns, schema.kind), tableKind: "tree" };
}
