import { ChunkWriter } from "../write/chunk-writer.ts";
import type { WriteContext } from "../write/write-context.ts";
import type { CollectionContext } from "./collection-context.ts";

/** Returns what writing to a collection needs. */
export function writeContext({
  label,
  schema,
  repo,
}: Pick<CollectionContext, "label" | "schema" | "repo">): WriteContext {
  const { store, source, reported, warn, closed } = repo;
  return { label, schema, store, source, reported, warn, closed, writer: new ChunkWriter(repo) };
}
