import { rangesTouchedBy, stateOf } from "../../changelog/changelog-queries.ts";
import type { Log } from "../../changelog/log.ts";
import { ancestors } from "../../changelog/log-lookup.ts";
import { covers } from "../../changelog/touched-ranges.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { CreateCollectionOptions } from "../../model/api/repo.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import { toHex } from "../../model/bytes.ts";
import { checkCodecs } from "../../model/check-codecs.ts";
import { LakotaError } from "../../model/errors.ts";
import { after, before, type Interval } from "../../model/key.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Schema } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { planRead } from "../read/plan.ts";
import { executeRead } from "../read/read.ts";
import { toCollectionEntry } from "./collection-entry.ts";
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
    existing ??
    (await register(registry, { label, path: emptyFolder(registry), schema, tableKind }, options));
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
    (await registry.get(adopted.label, options)) ?? (await register(registry, adopted, options));
  if (collection.path !== adopted.path) throw nameTaken(adopted.label);
  return collection;
}

/** Returns a random folder. It is not derived from the label, since a renamed collection keeps its folder. */
export const newFolder = (): string => hashedPath(toHex(crypto.getRandomValues(new Uint8Array(20))));

/** Returns a new folder that the cache knows to be empty, so that it can be written to offline. */
function emptyFolder({ store }: Registry): string {
  const path = newFolder();
  store.local?.expectEmpty(`${path}/`);
  return path;
}

interface NewCollection {
  label: string;
  path: string;
  schema: Schema;
  tableKind: TableKind;
}

/**
 * Registers a collection. Returns the one that has the label then: another writer may have registered it
 * first.
 */
async function register(
  registry: Registry,
  { label, path, schema, tableKind }: NewCollection,
  { signal }: CallOptions,
): Promise<EngineCollection> {
  const entry = await insertEntry(
    registry.collection,
    label,
    { path, schema: registeredSchema(schema, tableKind) },
    signal,
  );
  return registry.open(label, entry);
}

/**
 * Inserts a registry entry unless the label has one, and returns the entry that the label has then. Of
 * several entries inserted concurrently the first is kept, because its collection may already have been
 * written to. (Other series keep the last.)
 */
async function insertEntry(
  rows: EngineCollection,
  label: string,
  entry: CollectionEntry,
  signal: AbortSignal | undefined,
): Promise<CollectionEntry> {
  const { changelog } = rows;
  const ending = rows.untilClosed(signal);
  const row: Interval = { lo: before([label]), hi: after([label]) };
  const frameOf = (value: CollectionEntry) => ({ label: [label], meta: [value] });
  const entryAt = async (log: Log, heads: readonly string[]): Promise<CollectionEntry | undefined> => {
    const { table } = await stateOf(changelog, heads, ending, log);
    const { segments, embedded } = await table.load([NAMESPACE], ending);
    const plan = planRead(segments, rows.schema, row);
    const { frame } = await executeRead(plan, { source: rows.repo.source, embedded, signal: ending });
    return frame.length > 0 ? toCollectionEntry(label, frame.get("meta")[0]) : undefined;
  };

  const idsBefore = new Set((await changelog.log(undefined, ending)).ids);
  const transaction = await rows.transaction();
  await transaction.insert(NAMESPACE, frameOf(entry));
  await rows.commit(transaction, { signal: ending });
  changelog.refresh();
  const log = await changelog.log(undefined, ending);
  const current = await entryAt(log, log.heads);
  const insertions: { id: string; entry: CollectionEntry }[] = [];
  for (const id of log.ids) {
    if (idsBefore.has(id)) continue;
    const touched = await rangesTouchedBy(changelog, [id], ending, log);
    if (!touched.some((range) => range.label === NAMESPACE && covers(range, row))) continue;
    const inserted = await entryAt(log, [id]);
    if (inserted) insertions.push({ id, entry: inserted });
  }
  const own = insertions.find((insertion) => insertion.entry.path === entry.path);
  if (!own) return current ?? entry; // the label had an entry before
  // A revision built on ours has changed the entry on purpose, so it does not compete with it.
  const first = insertions.find(({ id }) => id === own.id || !ancestors(log, id).has(own.id))!;
  const isInsertion = insertions.some((insertion) => insertion.entry.path === current?.path);
  if (isInsertion && first.entry.path !== current?.path)
    await rows.series(NAMESPACE).write(frameOf(first.entry), { signal: ending });
  return first.entry;
}
