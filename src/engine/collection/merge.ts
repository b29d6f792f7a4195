import type { Changelog } from "../../changelog/changelog.ts";
import type { MergeReport } from "../../model/api/history.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import type { ChunkWriter } from "../write/chunk-writer.ts";
import { embedChunks } from "../write/embedding.ts";
import { checkNote } from "../write/note.ts";
import { toKeyRange } from "./changes.ts";

/** Commits the merged state of all heads as one revision on top of them: {@link Collection.merge}. */
export async function merge(
  changelog: Changelog,
  writer: ChunkWriter,
  { note }: ChangeOptions,
  signal: AbortSignal,
): Promise<MergeReport> {
  changelog.refresh();
  const { heads, commit, conflicts } = await changelog.state(undefined, signal);
  if (heads.length < 2) return { heads, revision: undefined, conflicts: [] };
  const { table } = commit;
  const embedded = await embedChunks(table, new Map(), commit.embedded, writer, signal);
  const about = { ...checkNote(note), rows: 0, bytes: 0 };
  // A merge touches nothing itself: its parents touched everything that it contains.
  const revision = await changelog.commit({ table, embedded, touched: [], about }, heads, signal);
  return {
    heads,
    revision,
    conflicts: conflicts.map(({ label, kept, lost, ...range }) => ({
      label,
      ...toKeyRange(range),
      kept,
      lost,
    })),
  };
}
