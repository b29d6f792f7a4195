import type { ColumnDescription } from "../../model/api/description.ts";
import type { CloneOptions } from "../../model/api/repo.ts";
import { ownEntry } from "../../model/own-entry.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { describeAhead } from "../collection/describe.ts";

/** Describes a clone that is not registered yet as the original is. Columns that it lacks are left out. */
export async function cloneDescriptions(
  from: EngineCollection,
  to: Pick<EngineCollection, "label" | "path" | "schema" | "repo">,
  { rename = {}, note }: CloneOptions,
  signal: AbortSignal,
): Promise<void> {
  const { columns = {}, ...described } = await from.info({ series: "all", signal });
  const kept = new Map<string, ColumnDescription | undefined>();
  for (const [old, fields] of Object.entries(columns)) {
    const name = ownEntry(rename, old) ?? old;
    if (to.schema.columns.some((column) => column.name === name)) kept.set(name, fields);
  }
  await describeAhead(to, { ...described, columns: Object.fromEntries(kept) }, { note, signal });
}
