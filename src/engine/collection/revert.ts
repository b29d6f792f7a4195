import { isSameTable } from "../../changelog/changed-series.ts";
import { stateOf } from "../../changelog/changelog-queries.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import type { RevisionRef } from "../../model/api/history.ts";
import type { ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import { checkReferenced } from "../write/check-referenced.ts";
import { ChunkWriter } from "../write/chunk-writer.ts";
import { checkNote } from "../write/note.ts";
import { storeTable, storeTouched } from "../write/store-table.ts";
import { changesBetween } from "./changes.ts";
import type { CollectionContext } from "./collection-context.ts";
import { resolveRevision } from "./resolve-revision.ts";

/** Commits the state of an earlier revision on top of all heads: {@link Collection.revert}. */
export function revert(
  collection: CollectionContext,
  to: RevisionRef,
  { note, signal }: ChangeOptions,
): Promise<ChangeReport | undefined> {
  const { changelog, repo } = collection;
  return collection.exclusively(async (ending) => {
    const writer = new ChunkWriter(repo);
    const id = await resolveRevision(collection, to, ending);
    changelog.refresh();
    const { heads, commit } = await changelog.state(undefined, ending);
    const earlier = await stateOf(changelog, [id], ending);
    if (heads.length < 2 && (await isSameTable(earlier.table, commit.table, ending))) return undefined;
    const changes = await changesBetween(changelog, heads, [id], ending);
    // The overlay joins ranges that overlap or adjoin.
    const ranges = [...overlayTouchedRanges([{ by: undefined, ranges: changes }]).values()]
      .flat()
      .map(({ label, lo, hi }) => ({ label, lo, hi }));
    const table = await storeTable(earlier.table, changelog, writer, ending);
    const touched = await storeTouched(ranges, changelog, writer, ending);
    const about = { ...checkNote(note), rows: 0, bytes: 0 };
    await checkReferenced(writer, changelog, [...heads, id], ending);
    const revision = await changelog.commit({ table, touched, about }, heads, ending);
    return { revision, rows: 0 };
  }, signal);
}
