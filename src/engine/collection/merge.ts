import { touchedRanges } from "../../changelog/commit.ts";
import type { MergeReport } from "../../model/api/history.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import { checkReferenced } from "../write/check-referenced.ts";
import { ChunkWriter } from "../write/chunk-writer.ts";
import { checkNote } from "../write/note.ts";
import { storeTable } from "../write/store-table.ts";
import { toKeyRange } from "./changes.ts";
import type { CollectionContext } from "./collection-context.ts";

/** Commits the merged state of all heads as one revision on top of them: {@link Collection.merge}. */
export function merge(collection: CollectionContext, { note, signal }: ChangeOptions): Promise<MergeReport> {
  const { changelog, repo } = collection;
  return collection.exclusively(async (ending) => {
    const writer = new ChunkWriter(repo);
    changelog.refresh();
    const { heads, commit, conflicts } = await changelog.state(undefined, ending);
    if (heads.length < 2) return { heads, revision: undefined, conflicts: [] };
    const table = await storeTable(commit.table, changelog, writer, ending);
    const about = { ...checkNote(note), rows: 0, bytes: 0 };
    await checkReferenced(writer, changelog, heads, ending);
    // A merge touches nothing itself: its parents touched everything that it contains.
    const revision = await changelog.commit({ table, touched: touchedRanges([]), about }, heads, ending);
    return {
      heads,
      revision,
      conflicts: conflicts.map(({ label, lo, hi, kept, lost }) => {
        return { label, ...toKeyRange({ lo, hi }), kept, lost };
      }),
    };
  }, signal);
}
