import { ancestors } from "../../changelog/log-lookup.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { CreateCollectionOptions } from "../../model/api/repo.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import { toHex } from "../../model/bytes.ts";
import { checkCodecs } from "../../model/check-codecs.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Schema, SchemaDump } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { claimLabel, isTaken } from "./claim-label.ts";
import { toCollectionEntry } from "./collection-entry.ts";
import { rowsAt, settingsOf } from "./label-history.ts";
import { nameTaken } from "./name-taken.ts";
import { type CollectionEntry, NAMESPACE, type Registry } from "./registry.ts";
import { registeredSchema } from "./table-kind.ts";
import { checkTableKind } from "./table-kind-check.ts";

/**
 * Creates a collection, or returns the existing one with the same schema: {@link Repo.createCollection}.
 *
 * @throws `exists`; `invalid-schema` and `unsupported-codec` for codecs that cannot be written
 */
export async function createCollection(
  registry: Registry,
  schema: Schema,
  label: string,
  { table, ...options }: CreateCollectionOptions,
): Promise<EngineCollection> {
  const tableKind = table ?? "flat";
  checkTableKind(tableKind);
  await registry.collection.refresh(options);
  const existing = await registry.get(label, options);
  if (!existing) schema.columns.forEach(checkCodecs);
  const collection =
    existing ?? (await registerNew(registry, label, registeredSchema(schema, tableKind), options));
  if (table !== undefined && collection.tableKind !== table)
    throw new LakotaError(
      "exists",
      `A collection "${label}" exists, whose table is ${collection.tableKind}. Clone it with the option table to change that.`,
    );
  if (collection.schema.equals(schema)) return collection;
  throw new LakotaError(
    "exists",
    `A collection "${label}" exists, with another schema:\n${collection.schema}`,
  );
}

/** Registers a collection whose files exist. @throws `exists` if another collection has the label */
export async function adoptCollection(
  registry: Registry,
  adopted: NewCollection,
  options: CallOptions,
): Promise<EngineCollection> {
  await registry.collection.refresh(options);
  const collection =
    (await registry.get(adopted.label, options)) ?? (await registerAdopted(registry, adopted, options));
  if (collection.path !== adopted.path) throw nameTaken(adopted.label);
  return collection;
}

/** Returns a random folder. It is not derived from the label, since a renamed collection keeps its folder. */
export const newFolder = (): string => hashedPath(toHex(crypto.getRandomValues(new Uint8Array(20))));

interface NewCollection {
  label: string;
  path: string;
  schema: Schema;
  tableKind: TableKind;
}

/** Creations of one label that others may undo by renaming or deleting it, before that is an error. */
const MAX_ATTEMPTS = 10;

/**
 * Registers a collection in a new folder, or what another creator of the label has claimed. Starts again if that was renamed
 * or deleted meanwhile: its folder then belongs to another label, or to none.
 *
 * @throws `conflict` if that happens again and again
 */
async function registerNew(
  registry: Registry,
  label: string,
  schema: SchemaDump,
  { signal }: CallOptions,
): Promise<EngineCollection> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const own = { path: newFolder(), schema };
    const entry = await claimLabel(registry, label, own, registry.collection.untilClosed(signal));
    if (entry === own) registry.store.local?.expectEmpty(`${entry.path}/`); // so that it can be written to offline
    const settled = await insertEntry(registry.collection, label, entry, signal);
    if (settled) return registry.open(label, settled);
  }
  throw new LakotaError(
    "conflict",
    `The collection "${label}" was renamed or deleted by others each time it was created. Try again.`,
  );
}

async function registerAdopted(
  registry: Registry,
  { label, path, schema, tableKind }: NewCollection,
  { signal }: CallOptions,
): Promise<EngineCollection> {
  const entry = { path, schema: registeredSchema(schema, tableKind) };
  return registry.open(label, (await insertEntry(registry.collection, label, entry, signal)) ?? entry);
}

/**
 * Inserts a registry entry unless the label has one, and returns the entry that the label has then; undefined if others have
 * renamed or deleted the collection meanwhile. Of several entries inserted concurrently the first is kept, because its
 * collection may already have been written to. (Other series keep the last.) Creators that can claim the label insert the same
 * entry: see {@link claimLabel}. The others may lose rows that one of them writes before it sees that another was first.
 */
async function insertEntry(
  rows: EngineCollection,
  label: string,
  entry: CollectionEntry,
  signal: AbortSignal | undefined,
): Promise<CollectionEntry | undefined> {
  const { changelog } = rows;
  const ending = rows.untilClosed(signal);
  const frameOf = (value: CollectionEntry) => ({ label: [label], meta: [value] });

  const logBefore = await changelog.log(undefined, ending);
  const idsBefore = new Set(logBefore.ids);
  const transaction = await rows.transaction();
  // What an earlier attempt has inserted is replaced, since it is the folder of another label by now.
  if (isTaken(await rowsAt(rows, logBefore, logBefore.heads, ending), label))
    await transaction.write(NAMESPACE, frameOf(entry), {});
  else await transaction.insert(NAMESPACE, frameOf(entry));
  await rows.commit(transaction, { signal: ending });
  changelog.refresh();
  const log = await changelog.log(undefined, ending);
  const shown = await rowsAt(rows, log, log.heads, ending);
  const isOfOthers = ({ path }: CollectionEntry) =>
    isTaken(new Map([...shown, [label, { ...entry, path }]]), label);
  const shownEntry = shown.has(label) ? toCollectionEntry(label, shown.get(label)) : undefined;
  const current = shownEntry && !isOfOthers(shownEntry) ? shownEntry : undefined;
  const added = log.ids.filter((id) => !idsBefore.has(id));
  const settings = await settingsOf(rows, label, log, added, ending);
  const insertions = settings
    .map(({ id, value }) => ({ id, entry: toCollectionEntry(label, value) }))
    .filter((insertion) => !isOfOthers(insertion.entry));
  const own = insertions.find((insertion) => insertion.entry.path === entry.path);
  if (!own || !current) return current; // the label had an entry before, or ours is gone
  // A revision built on ours has changed the entry on purpose, so it does not compete with it.
  const first = insertions.find(({ id }) => id === own.id || !ancestors(log, id).has(own.id))!;
  const isInsertion = insertions.some((insertion) => insertion.entry.path === current.path);
  if (isInsertion && first.entry.path !== current.path)
    await rows.series(NAMESPACE).write(frameOf(first.entry), { signal: ending });
  return first.entry;
}
