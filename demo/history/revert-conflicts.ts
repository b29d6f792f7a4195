import type { Collection, RangeChange, Revision } from "lakota";
import { readState } from "../data/read-state.ts";
import type { DetailedRevision } from "../state/page-state.ts";
import { compareKeys, type Key } from "./compare-keys.ts";
import { compareRows } from "./compare-rows.ts";
import { keysOf, keyText } from "./row-keys.ts";

/** Later revisions that are searched for who changed the same rows. */
const MAX_SEARCHED = 50;

/** A row that is no longer as a change left it. */
export interface RowConflict {
  label: string;
  key: Key;
}

/**
 * Returns the first row that is no longer as some changes left it; undefined if there is none.
 *
 * @param changes with their rows
 * @param before id of a revision before which the rows are read; undefined for the current state
 */
export async function findConflict(
  collection: Collection,
  changes: readonly RangeChange[],
  before: string | undefined,
  signal: AbortSignal,
): Promise<RowConflict | undefined> {
  for (const change of changes) {
    const key = await changedKey(collection, change, before, signal);
    if (key) return { label: change.label, key };
  }
  return undefined;
}

async function changedKey(
  collection: Collection,
  { label, start, stop, closed, rows }: RangeChange,
  before: string | undefined,
  signal: AbortSignal,
): Promise<Key | undefined> {
  const { removed, added } = rows!;
  const current = await collection.series(label).read({
    closed,
    ...(start.length > 0 && { start }),
    ...(stop.length > 0 && { stop }),
    signal,
    ...readState(before),
  });
  const { schema } = collection;
  const touched = new Set([...keysOf(collection, removed), ...keysOf(collection, added)].map(keyText));
  const found = compareRows(schema, label, added, current, true).rows.find((row) => {
    const values = row.old ?? row.current;
    // Rows of the range that the change did not touch are of no concern.
    return touched.has(keyText(schema.index.map(({ name }) => values!.get(name))));
  });
  const values = found && (found.old ?? found.current);
  return values && schema.index.map(({ name }) => values.get(name) as Key[number]);
}

/** Returns the first revision after another one that changed a row; undefined if that is none, or far away. */
export async function findAuthor(
  collection: Collection,
  revisions: readonly DetailedRevision[],
  revision: Revision,
  { label, key }: RowConflict,
  signal: AbortSignal,
): Promise<DetailedRevision | undefined> {
  const later = revisions.slice(revisions.findIndex(({ id }) => id === revision.id) + 1);
  for (const each of later.slice(0, MAX_SEARCHED)) {
    const [parent, other] = each.parents;
    if (parent === undefined || other !== undefined) continue;
    const changes = await collection.diff(parent, each, { labels: [label], signal });
    const holdsKey = ({ start, stop }: RangeChange) =>
      (start.length === 0 || compareKeys(start, key) <= 0) &&
      (stop.length === 0 || compareKeys(stop, key) >= 0);
    if (changes.some(holdsKey)) return each;
  }
  return undefined;
}
