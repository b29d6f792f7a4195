import { mapLimit } from "../../async/map-limit.ts";
import type { ChunkWriter } from "./chunk-writer.ts";
import type { CollectionDraft } from "./collection-draft.ts";
import type { DraftChange } from "./draft-changes.ts";

/** Series in progress at a time. Bounds memory; a few series have enough chunks to keep the store busy. */
const CONCURRENT_SERIES = 16;

/**
 * Applies changes to a draft, and stores what they leave in memory. Each series is stored right after its last change, so
 * only few are in memory. After a failure, nothing goes on.
 *
 * @param changes is emptied
 * @param stopping ends the work of the draft
 */
export async function applyChanges(
  changes: DraftChange[],
  draft: CollectionDraft,
  writer: ChunkWriter,
  stopping: AbortController,
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
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>) => {
    running.add(work);
    const drop = () => running.delete(work);
    work.then(drop, drop);
    return work;
  };
  const store = async (label: string) => {
    for (const change of own.get(label) ?? []) await change.apply(draft);
    own.delete(label);
    await draft.store(label, writer);
  };
  try {
    await Promise.all(shared.map((change) => track(draft.inTurn(change.labels, () => change.apply(draft)))));
    await mapLimit([...joint, ...own.keys()], (label) => track(store(label)), CONCURRENT_SERIES);
  } catch (error) {
    stopping.abort();
    await Promise.allSettled(running);
    throw error;
  }
}
