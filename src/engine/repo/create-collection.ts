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
import { claimTarget, outclaimedFolders } from "./claim-target.ts";
import { toCollectionEntry } from "./collection-entry.ts";
import { rowsAt, settingsOf } from "./label-history.ts";
import { nameTaken } from "./name-taken.ts";
import { type CollectionEntry, isCollectionEntry, NAMESPACE, type Registry } from "./registry.ts";
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
  { label, path, schema, tableKind }: NewCollection,
  options: CallOptions,
): Promise<EngineCollection> {
  await registry.collection.refresh(options);
  const existing = await registry.get(label, options);
  if (existing?.path === path) return existing;
  if (existing) throw nameTaken(label);
  const entry = { path, schema: registeredSchema(schema, tableKind) };
  const ending = registry.collection.untilClosed(options.signal);
  const target = await claimTarget(registry, label, entry, ending);
  const settled = await insertEntry(registry, label, entry, options.signal);
  const created = await target.confirm();
  if (created)
    await registry.collection
      .series(NAMESPACE)
      .write({ label: [label], meta: [created] }, { signal: ending });
  if (created || (settled && settled.path !== path)) throw nameTaken(label);
  return registry.open(label, settled ?? entry);
}

/** Returns a random folder. It is not derived from the label, since a renamed collection keeps its folder. */
export const newFolder = (): string => hashedPath(toHex(crypto.getRandomValues(new Uint8Array(20))));

interface NewCollection {
  label: string;
  path: string;
  schema: Schema;
  tableKind: TableKind;
}

const NONE: ReadonlySet<string> = new Set();

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
    const settled = await insertEntry(registry, label, entry, signal);
    if (settled) return registry.open(label, settled);
  }
  throw new LakotaError(
    "conflict",
    `The collection "${label}" was renamed or deleted by others each time it was created. Try again.`,
  );
}

/**
 * Inserts a registry entry unless the label has one, and returns the entry that the label has then; undefined if others have
 * renamed or deleted the collection meanwhile. Of several entries inserted concurrently the first is kept, because its
 * collection may already have been written to. (Other series keep the last.) Creators that can claim the label insert the same
 * entry: see {@link claimLabel}. The others may lose rows that one of them writes before it sees that another was first.
 */
async function insertEntry(
  registry: Registry,
  label: string,
  entry: CollectionEntry,
  signal: AbortSignal | undefined,
): Promise<CollectionEntry | undefined> {
  const rows = registry.collection;
  const { changelog } = rows;
  const ending = rows.untilClosed(signal);
  const frameOf = (value: CollectionEntry) => ({ label: [label], meta: [value] });

  const logBefore = await changelog.log(undefined, ending);
  const idsBefore = new Set(logBefore.ids);
  const transaction = await rows.transaction();
  const shownBefore = await rowsAt(rows, logBefore, logBefore.heads, ending);
  let outclaimed = shownBefore.has(label) ? await outclaimedFolders(registry, label, entry, ending) : NONE;
  const isOutclaimed = (value: unknown) => isCollectionEntry(value) && outclaimed.has(value.path);
  // Not what an earlier attempt has inserted, nor a renamed collection or a copy that this creator has outclaimed.
  if (isTaken(shownBefore, label) || isOutclaimed(shownBefore.get(label)))
    await transaction.write(NAMESPACE, frameOf(entry), {});
  else await transaction.insert(NAMESPACE, frameOf(entry));
  await rows.commit(transaction, { signal: ending });
  changelog.refresh();
  const log = await changelog.log(undefined, ending);
  const shown = await rowsAt(rows, log, log.heads, ending);
  const added = log.ids.filter((id) => !idsBefore.has(id));
  const settings = (await settingsOf(rows, label, log, added, ending)).map(({ id, value }) => ({
    id,
    entry: toCollectionEntry(label, value),
  }));
  if (settings.some((setting) => setting.entry.path !== entry.path))
    outclaimed = await outclaimedFolders(registry, label, entry, ending);
  const isOfOthers = (value: CollectionEntry) =>
    isOutclaimed(value) || isTaken(new Map([...shown, [label, value]]), label);
  const shownEntry = shown.has(label) ? toCollectionEntry(label, shown.get(label)) : undefined;
  const insertions = settings.filter((setting) => !isOfOthers(setting.entry));
  // A renamed collection or a copy is replaced that was registered at the same time.
  if (shownEntry && isOutclaimed(shownEntry)) {
    await rows.series(NAMESPACE).write(frameOf(entry), { signal: ending });
    return entry;
  }
  const current = shownEntry && !isOfOthers(shownEntry) ? shownEntry : undefined;
  const own = insertions.find((insertion) => insertion.entry.path === entry.path);
  if (!own || !current) return current; // the label had an entry before, or ours is gone
  // A revision built on ours has changed the entry on purpose, so it does not compete with it.
  const first = insertions.find(({ id }) => id === own.id || !ancestors(log, id).has(own.id))!;
  const isInsertion = insertions.some((insertion) => insertion.entry.path === current.path);
  if (isInsertion && first.entry.path !== current.path)
    await rows.series(NAMESPACE).write(frameOf(first.entry), { signal: ending });
  return first.entry;
}
