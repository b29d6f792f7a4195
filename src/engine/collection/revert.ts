import type { Changelog } from "../../changelog/changelog.ts";
import { overlayTouchedRanges } from "../../changelog/touched-ranges.ts";
import type { ChangeOptions } from "../../model/api/options.ts";
import type { ChunkWriter } from "../write/chunk-writer.ts";
import { sameTable } from "../write/collection-draft.ts";
import { embedChunks } from "../write/embedding.ts";
import { checkNote } from "../write/note.ts";
import { changesBetween } from "./changes.ts";

/** Commits the state of an earlier revision on top of all heads: {@link Collection.revert}. */
export async function revert(
  changelog: Changelog,
  writer: ChunkWriter,
  to: string,
  { note }: ChangeOptions,
  signal: AbortSignal,
): Promise<void> {
  changelog.refresh();
  const { heads, commit } = await changelog.state(undefined, signal);
  const { table, embedded: oldEmbedded } = await changelog.stateOf([to], signal);
  if (sameTable(table, commit.table) && heads.length < 2) return;
  // Merges neighbouring and overlapping ranges.
  const overlay = overlayTouchedRanges([
    { by: undefined, ranges: await changesBetween(changelog, heads, [to], signal) },
  ]);
  const touched = [...overlay.values()].flat().map(({ label, lo, hi }) => ({ label, lo, hi }));
  const embedded = await embedChunks(table, new Map(), oldEmbedded, writer, signal);
  const about = { ...checkNote(note), rows: 0, bytes: 0 };
  await changelog.commit({ table, embedded, touched, about }, heads, signal);
}
