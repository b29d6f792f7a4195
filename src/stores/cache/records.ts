import { PRIVATE_FOLDER } from "../../model/layout.ts";
import type { Store } from "../store.ts";

/** Folder in the local store for a cache's records about itself, in JSON. */
const RECORDS = `${PRIVATE_FOLDER}cache/state/`;

/** Prefixes of the names of records that refer to files: the pins, and the files that are not sent yet. */
export const PINS = "pins/";
export const OUTBOX = "outbox/";

/** Start of the paths of all records whose names start with {@link OUTBOX}. */
export const OUTBOX_PATH = RECORDS + OUTBOX;

/** Returns the record of a name, or `undefined` if there is none or it cannot be read. */
export async function readRecord(local: Store, name: string): Promise<unknown> {
  return load(local, name).catch(() => undefined);
}

async function load(local: Store, name: string): Promise<unknown> {
  const bytes = await local.get(RECORDS + name);
  try {
    return bytes && JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined; // damaged
  }
}

/** Writes a record. @throws the local store's errors */
export async function writeRecord(local: Store, name: string, value: unknown): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  await local.put(RECORDS + name, bytes, { overwrite: true });
}

export async function removeRecord(local: Store, name: string): Promise<void> {
  await local.delete(RECORDS + name);
}

/**
 * Returns all records whose names start with `prefix`, sorted by name.
 *
 * @throws the local store's errors: callers must not take an unreadable store for an empty one
 */
export async function listRecords(local: Store, prefix: string): Promise<[name: string, value: unknown][]> {
  const entries = await local.list(RECORDS + prefix);
  const names = entries.map(({ path }) => path.slice(RECORDS.length));
  return Promise.all(names.map(async (name): Promise<[string, unknown]> => [name, await load(local, name)]));
}
