import { ancestors } from "../../changelog/log-lookup.ts";
import { LakotaError } from "../../model/errors.ts";
import { type Claim, claimsOf, listClaims, putClaim, readClaim } from "./claims.ts";
import { toCollectionEntry } from "./collection-entry.ts";
import { settingsOf } from "./label-history.ts";
import { type CollectionEntry, isCollectionEntry, type Registry } from "./registry.ts";

/**
 * Decides which of several creators of a label are to register which entry: all the same. A store creates a file only
 * once, so the first to add the label's next claim decides.
 *
 * @param own the entry to register if no other creator was faster
 * @returns `own` itself also where no claim can be added, or only once the store can be reached; the entry that is
 *   registered if there is one by now
 */
export async function claimLabel(
  registry: Registry,
  label: string,
  own: CollectionEntry,
  signal: AbortSignal,
): Promise<CollectionEntry> {
  const { store, collection } = registry;
  const prefix = await claimsOf(label);
  const heads = collection.changelog.revisions?.log.heads ?? [];
  for (let number = 0; ; ) {
    const path = prefix + number;
    const isNew = await putClaim(store, path, { entry: own, heads }, signal);
    if (isNew === undefined || (await store.local?.pending())?.includes(path)) return own;
    const newest = Math.max(number, ...(await listClaims(store, prefix, signal)));
    if (isNew && newest === number) return own;
    const claim = await readClaim(store, prefix + newest, signal);
    // Listed before the registry: a collection is registered before anything is written to it.
    const files = claim ? await store.list(`${claim.entry.path}/`, { detail: "path", signal }) : [];
    const isCurrent = (rows: ReadonlyMap<string, unknown>) => rows.has(label) && !isTaken(rows, label);
    const rows = await currentRows(registry, signal);
    if (isCurrent(rows)) return toCollectionEntry(label, rows.get(label));
    const isFree = claim && files.length === 0 && !isRegistered(claim.entry, rows, label);
    if (isFree && !(await wasRegistered(registry, label, claim, signal))) return claim.entry;
    // The history may be newer than the rows, and have what another creator has registered meanwhile.
    const later = await currentRows(registry, signal);
    if (isCurrent(later)) return toCollectionEntry(label, later.get(label));
    number = newest + 1;
  }
}

async function currentRows(registry: Registry, signal: AbortSignal): Promise<ReadonlyMap<string, unknown>> {
  await registry.collection.refresh({ signal });
  return registry.rows({ signal });
}

/** Whether another label has the folder: the collection was renamed. */
const isRegistered = (
  { path }: CollectionEntry,
  rows: ReadonlyMap<string, unknown>,
  label: string,
): boolean =>
  [...rows].some(([other, value]) => other !== label && isCollectionEntry(value) && value.path === path);

/** Whether a label leads to the folder of another one: that was created by one writer, and renamed before another inserted it. */
export function isTaken(rows: ReadonlyMap<string, unknown>, label: string): boolean {
  const value = rows.get(label);
  return isCollectionEntry(value) && isRegistered(value, rows, label);
}

/** Whether the label had the folder once: the collection was deleted. A history that cannot be read counts as that. */
async function wasRegistered(
  { collection }: Registry,
  label: string,
  { entry, heads }: Claim,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const log = await collection.changelog.log(undefined, signal);
    const earlier = ancestors(log, heads);
    const later = log.ids.filter((id) => !earlier.has(id));
    const settings = await settingsOf(collection, label, log, later, signal);
    return settings.some(({ value }) => isCollectionEntry(value) && value.path === entry.path);
  } catch (error) {
    if (error instanceof LakotaError && (error.code === "corrupt" || error.code === "not-found")) return true;
    throw error;
  }
}
