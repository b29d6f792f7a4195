import { LakotaError } from "../../model/errors.ts";
import { claimLabel } from "./claim-label.ts";
import { findClaims, listClaims, putClaim, readClaim } from "./claims.ts";
import { nameTaken } from "./name-taken.ts";
import type { CollectionEntry, Registry } from "./registry.ts";

/** A claimed label under which a collection that has files already is about to be registered. */
export interface ClaimedTarget {
  /**
   * Is called once the collection is registered. Returns undefined, and from then on no creator can claim the label; or what a
   * creator has claimed it for meanwhile, which then is what the label must lead to.
   */
  confirm(): Promise<CollectionEntry | undefined>;
}

/**
 * Claims the label of a copy or a renamed collection. Creators cannot tell whether the claim is still in use, so they add the
 * next one: whether they or {@link ClaimedTarget.confirm} do so first decides who has the label.
 *
 * @throws `exists` if a creator was faster
 */
export async function claimTarget(
  registry: Registry,
  label: string,
  entry: CollectionEntry,
  signal: AbortSignal,
): Promise<ClaimedTarget> {
  const { store, collection } = registry;
  const heads = collection.changelog.revisions?.log.heads ?? [];
  const claimed = await claimLabel(registry, label, entry, signal);
  if (claimed.path !== entry.path) throw nameTaken(label);
  const { prefix, numbers } = await findClaims(store, label, signal);
  const number = Math.max(...numbers);
  const isWaiting = (await store.local?.pending())?.includes(prefix + number);
  if (numbers.length === 0 || isWaiting) return { confirm: async () => undefined };
  const known = await readClaim(store, prefix + number, signal);
  if (known?.entry.path !== entry.path) throw nameTaken(label);
  return {
    async confirm() {
      const isNew = await putClaim(store, `${prefix}${number + 1}`, { entry, heads }, signal);
      if (isNew !== false) {
        if (isNew) await store.delete(prefix + number, { signal }).catch(unlessLakotaError);
        return undefined;
      }
      const newest = Math.max(...(await listClaims(store, prefix, signal)));
      const claim = await readClaim(store, prefix + newest, signal);
      return claim && claim.entry.path !== entry.path ? claim.entry : undefined;
    },
  };
}

/**
 * Returns the folders that earlier claims of a label are for, if the newest claim is for `entry`: they must not be what the label
 * leads to.
 */
export async function outclaimedFolders(
  { store }: Registry,
  label: string,
  entry: CollectionEntry,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const { prefix, numbers } = await findClaims(store, label, signal);
  if (numbers.length < 2) return new Set();
  const ordered = [...numbers].sort((a, b) => a - b);
  const claims = await Promise.all(ordered.map((number) => readClaim(store, prefix + number, signal)));
  if (claims.at(-1)?.entry.path !== entry.path) return new Set();
  const folders = new Set(claims.flatMap((claim) => claim?.entry.path ?? []));
  folders.delete(entry.path);
  return folders;
}

/** The claim is of no use any longer, but does no harm. */
function unlessLakotaError(error: unknown): void {
  if (!(error instanceof LakotaError)) throw error;
}
