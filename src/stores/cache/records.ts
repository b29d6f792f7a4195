import { PRIVATE_FOLDER } from "../../model/layout.ts";
import type { Store } from "../store.ts";

/** Folder of what a cache notes about itself, in its near store. */
const RECORDS = `${PRIVATE_FOLDER}cache/state/`;

/** What is noted under a name, or `undefined` where nothing is or it cannot be read. */
export async function readRecord(near: Store, name: string): Promise<unknown> {
  return load(near, name).catch(() => undefined); // the near store is out of order: as good as not there
}

async function load(near: Store, name: string): Promise<unknown> {
  const bytes = await near.get(RECORDS + name);
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // damaged
  }
}

/** Notes something. Answers whether that worked: a cache lives on without. */
export function writeRecord(near: Store, name: string, value: unknown): Promise<boolean> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return near.put(RECORDS + name, bytes, { overwrite: true }).catch(() => false);
}

export async function removeRecord(near: Store, name: string): Promise<void> {
  await near.delete(RECORDS + name);
}

/**
 * All that is noted under names that start with `prefix`, in the order of the names.
 *
 * @throws the near store's errors: whoever asks must not take what cannot be read for what is not there
 */
export async function listRecords(near: Store, prefix: string): Promise<[name: string, value: unknown][]> {
  const entries = await near.list(RECORDS + prefix);
  const names = entries.map(({ path }) => path.slice(RECORDS.length));
  return Promise.all(names.map(async (name): Promise<[string, unknown]> => [name, await load(near, name)]));
}
