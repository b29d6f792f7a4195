import { mapLimit } from "../../async/map-limit.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import type { CollectionDraft } from "./collection-draft.ts";
import type { DraftChange } from "./draft-changes.ts";

/** Series in progress at a time. Bounds memory; a few series have enough chunks to keep the store busy. */
const CONCURRENT_SERIES = 16;

/**
 * Applies changes to a draft, and stores what they leave in memory. Each series is stored right after its last change, so
 * only few are in memory.
 *
 * @param changes is emptied
 */
export async function applyChanges(
  changes: DraftChange[],
  draft: CollectionDraft,
  writer: ChunkWriter,
): Promise<void> {
  const joint = new Set(changes.flatMap(({ labels }) => (labels.length > 1 ? labels : [])));
  const own = new Map<string, DraftChange[]>();
  const shared: DraftChange[] = [];
  for (const change of changes.splice(0)) {
    const label = change.labels[0];
    if (label === undefined || joint.has(label)) shared.push(change);
    else {
      const others = own.get(label);
      if (others) others.push(change);
      else own.set(label, [change]);
    }
  }
  await Promise.all(shared.map((change) => draft.inTurn(change.labels, () => change.apply(draft))));
  const store = async (label: string) => {
    for (const change of own.get(label) ?? []) await change.apply(draft);
    own.delete(label);
    await draft.store(label, writer);
  };
  await mapLimit([...joint, ...own.keys()], store, CONCURRENT_SERIES);
}
