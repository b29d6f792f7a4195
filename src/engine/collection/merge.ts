import type { Changelog } from "../../changelog/changelog.ts";
import { overlayTouchedRanges, type TouchedRange } from "../../changelog/touched-ranges.ts";
import type { MergeReport } from "../../model/api/history.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import type { ChunkWriter } from "../write/chunk-writer.ts";
import { checkNote, sameTable } from "../write/collection-draft.ts";
import { embedChunks } from "../write/embedding.ts";
import { changesBetween, toKeyRange } from "./changes.ts";

/** What {@link Collection.merge} does. */
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
  // It touches nothing: all that it shows was touched by those that it joins.
  const revision = await changelog.commit({ table, embedded, touched: [], about }, heads, signal);
  const told = conflicts.map(({ label, lo, hi, kept, lost }) => ({
    label,
    ...toKeyRange({ lo, hi }),
    kept,
    lost,
  }));
  return { heads, revision, conflicts: told };
}

/** What {@link Collection.revert} does. */
export async function revert(
  changelog: Changelog,
  writer: ChunkWriter,
  to: string,
  { note }: ChangeOptions,
  signal: AbortSignal,
): Promise<void> {
  changelog.refresh();
  const state = await changelog.state(undefined, signal);
  const then = await changelog.stateOf([to], signal);
  if (sameTable(then.table, state.commit.table) && state.heads.length < 2) return;
  const changes = await changesBetween(changelog, state.heads, [to], signal);
  const claims: TouchedRange[] = changes.map(({ label, lo, hi }) => ({ label, lo, hi }));
  const touched = [...overlayTouchedRanges([{ by: undefined, ranges: claims }]).values()]
    .flat()
    .map(({ label, lo, hi }): TouchedRange => ({ label, lo, hi }));
  const embedded = await embedChunks(then.table, new Map(), then.embedded, writer, signal);
  const about = { ...checkNote(note), rows: 0, bytes: 0 };
  await changelog.commit({ table: then.table, embedded, touched, about }, state.heads, signal);
}
