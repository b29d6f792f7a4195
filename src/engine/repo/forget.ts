import type { ForgetOptions } from "../../model/api/repo.ts";
import { asLakotaError, LakotaError, throwIfAborted } from "../../model/errors.ts";
import { parseRevisionName } from "../../model/layout.ts";
import { listRecords, OUTBOX, OUTBOX_PATH } from "../../stores/cache/records.ts";
import type { LocalCopies, LocalStore, Store } from "../../stores/store.ts";

/**
 * Removes what this device keeps of a repo: {@link Repo.forget}.
 *
 * @param end ends all other calls of the repo. Called once nothing stands against removing
 */
export async function forget(
  store: Store,
  { discardPending = false, signal }: ForgetOptions,
  end: () => void,
): Promise<void> {
  const caches = cachesOf(store).map((copies) => ({ copies, local: clearable(copies) }));
  if (!discardPending) for (const { copies } of caches) await refusePending(copies).catch(unlessClosed);
  throwIfAborted(signal);
  end();
  for (const { copies, local } of caches) {
    copies.onWarning = () => {}; // saves in progress are going to fail
    // Checked again in one step with removing, since other tabs may write meanwhile.
    if (await local.clear(discardPending ? undefined : OUTBOX_PATH)) continue;
    await refusePending(copies);
    await local.clear(); // what is left in the outbox was never written completely
  }
}

/** Another tab has called forget() before: there is no reason to refuse it here. */
function unlessClosed(error: unknown): void {
  if (asLakotaError(error).code !== "closed") throw error;
}

/** Returns the cache of a store, and of the store behind it, and so on. */
const cachesOf = ({ local }: Store): LocalCopies[] => (local ? [local, ...cachesOf(local.remoteStore)] : []);

/** Returns the store of a cache. @throws `unsupported` where it may be more than a cache */
function clearable({ localStore, isExclusive }: LocalCopies): LocalStore {
  const { uri } = localStore;
  if (isLocalStore(localStore) && (isExclusive || uri === "memory://")) return localStore;
  const advice = uri.startsWith("indexeddb:")
    ? `Delete the database: indexedDB.deleteDatabase(${JSON.stringify(uri.replace("indexeddb://", "lakota:"))}).`
    : "Delete its files.";
  throw new LakotaError(
    "unsupported",
    `forget() removes nothing from ${uri}, which holds copies of this repo: without the option cache: { quota } it may be ` +
      `a repo itself. ${advice}`,
  );
}

const isLocalStore = (store: Store): store is LocalStore => "clear" in store;

/** @throws `conflict` where files wait to be sent */
async function refusePending({ localStore, remoteStore }: LocalCopies): Promise<void> {
  const records = await listRecords(localStore, OUTBOX);
  const paths = records.flatMap(([, record]) => (typeof record === "string" ? [record] : []));
  if (paths.length === 0) return;
  const changes = paths.filter((path) => parseRevisionName(path.slice(path.lastIndexOf("/") + 1))).length;
  throw new LakotaError(
    "conflict",
    `${count(changes, "change")} (${count(paths.length, "file")}) wait on this device to be sent to ${remoteStore.uri}. ` +
      "Send them first, with send() of a repo that was opened with writeOffline, or discard them: forget({ discardPending: true }).",
  );
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
