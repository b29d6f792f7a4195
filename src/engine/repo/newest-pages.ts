import { filesIn } from "../../changelog/changelog-queries.ts";
import { buildLog } from "../../changelog/log.ts";
import { TreeTable } from "../../changelog/tree/tree-table.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Entry } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { KeptPages } from "./kept-pages.ts";
import type { Registry } from "./registry.ts";
import { registeredSchema } from "./table-kind.ts";

/** Pages that stay as long as some revisions do, with all that is below them. */
export interface NewestPages {
  readonly pages: KeptPages;
  /** Paths of these revisions. */
  readonly revisions: readonly string[];
}

/**
 * Returns the pages of the heads that a repo has of a collection. Of earlier revisions a shallow copy lacks chunks.
 *
 * @param entries a listing of the collection's folder in this repo
 */
export async function newestPages(
  { label, path, schema, tableKind }: EngineCollection,
  registry: Registry,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<NewestPages> {
  const none = { pages: new KeptPages([]), revisions: [] };
  if (tableKind === "flat") return none;
  const { changelog } = registry.open(label, { path, schema: registeredSchema(schema, tableKind) });
  try {
    const log = buildLog(filesIn(path, entries));
    const commits = await Promise.all(log.heads.map((id) => changelog.commitOf(log, id, signal)));
    const tables = commits.flatMap(({ table }) => (table instanceof TreeTable ? table : []));
    return {
      pages: new KeptPages(tables),
      revisions: log.heads.map((id) => `${path}/${log.files.get(id)}`),
    };
  } catch (error) {
    // What is damaged saves no reading. Others report it.
    if (error instanceof LakotaError && (error.code === "corrupt" || error.code === "not-found")) return none;
    throw error;
  }
}
