import { ancestors } from "../../changelog/log.ts";
import { segmentsOf } from "../../changelog/segment-table.ts";
import { covers } from "../../changelog/touched-ranges.ts";
import { toHex } from "../../model/bytes.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { RenameOptions, RenameReport } from "../../model/api/repo.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Interval } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import { hashedPath } from "../../model/layout.ts";
import { planRead } from "../read/plan.ts";
import { executeRead } from "../read/read.ts";
import { Transaction } from "../write/transaction.ts";
import { type CollectionEntry, NAMESPACE, type Registry, toCollectionEntry } from "./registry.ts";

/** What {@link Repo.createCollection} does. @throws `exists` */
export async function createCollection(
  registry: Registry,
  schema: Schema,
  label: string,
  options: CallOptions,
): Promise<EngineCollection> {
  await registry.rows.refresh(options);
  const there = (await registry.get(label, options)) ?? (await make(registry, schema, label, options));
  if (there.schema.equals(schema)) return there;
  throw new LakotaError("exists", `A collection "${label}" exists, with another schema:\n${there.schema}`);
}

function make(
  registry: Registry,
  schema: Schema,
  label: string,
  options: CallOptions,
): Promise<EngineCollection> {
  const path = newFolder();
  const { store } = registry;
  if (store instanceof CacheStore) store.expectNothing(`${path}/`);
  return name(registry, { label, path, schema }, options);
}

/** Random, not derived from the label: a collection keeps its folder when it is renamed. */
export const newFolder = (): string => hashedPath(toHex(crypto.getRandomValues(new Uint8Array(20))));

/** Names a collection whose files are there already. @throws `exists` */
export async function adoptCollection(
  registry: Registry,
  wanted: Named,
  options: CallOptions,
): Promise<EngineCollection> {
  await registry.rows.refresh(options);
  const named = (await registry.get(wanted.label, options)) ?? (await name(registry, wanted, options));
  if (named.path !== wanted.path) throw taken(wanted.label);
  return named;
}

/** What {@link Repo.rename} does. @throws `not-found`, `exists` */
export async function renameCollection(
  registry: Registry,
  label: string,
  to: string,
  options: RenameOptions,
): Promise<RenameReport> {
  await registry.rows.refresh(options);
  const rows = await registry.read({ signal: options.signal });
  const meta = rows.get(label);
  if (!meta) throw registry.missing(label, rows.keys());
  if (label !== to && rows.has(to)) throw taken(to);
  if (label === to || options.dryRun) return { label, to, revision: undefined };
  const transaction = new Transaction(registry.rows);
  await transaction.delete(NAMESPACE, { keys: [label] });
  await transaction.write(NAMESPACE, { label: [to], meta: [meta] }, {});
  return { label, to, revision: await registry.rows.commit(transaction, options) };
}

const taken = (label: string) => new LakotaError("exists", `There is a collection "${label}" already.`);

interface Named {
  label: string;
  path: string;
  schema: Schema;
}

/** Names a collection. Answers the one that has the name: others may have given it to another meanwhile. */
async function name(
  registry: Registry,
  { label, path, schema }: Named,
  { signal }: CallOptions,
): Promise<EngineCollection> {
  const meta = await claim(registry.rows, label, { path, schema: schema.dump() }, signal);
  return registry.open(label, meta);
}

/**
 * Adds a row to the registry, if there is none of this label. Answers the row that counts: of several who add one, not
 * knowing of each other, the first. (Elsewhere the last one wins, but here the first may be in use already.)
 */
async function claim(
  rows: EngineCollection,
  label: string,
  meta: CollectionEntry,
  signal: AbortSignal | undefined,
): Promise<CollectionEntry> {
  const { changelog } = rows;
  const ending = rows.untilClosed(signal);
  const point: Interval = { lo: { key: [label], side: -1 }, hi: { key: [label], side: 1 } };
  const frameOf = (one: CollectionEntry) => ({ label: [label], meta: [one] });
  const readAt = async (heads: readonly string[]): Promise<CollectionEntry | undefined> => {
    const { table, embedded } = await changelog.stateOf(heads, ending);
    const plan = planRead(segmentsOf(table, NAMESPACE), rows.schema, point);
    const { frame } = await executeRead(plan, { source: rows.source, embedded, signal: ending });
    return frame.length > 0 ? toCollectionEntry(label, frame.get("meta")[0]) : undefined;
  };

  const known = await changelog.log(undefined, ending);
  const transaction = new Transaction(rows);
  await transaction.insert(NAMESPACE, frameOf(meta));
  await rows.commit(transaction, { signal: ending });
  changelog.refresh();
  const log = await changelog.log(undefined, ending);
  const shown = await readAt(log.heads);
  const claims: { id: string; meta: CollectionEntry }[] = [];
  for (const id of log.ids) {
    if (known.parents.has(id)) continue;
    const touched = await changelog.touchedRanges([id], ending);
    const isOf = touched.some((one) => one.label === NAMESPACE && covers(one, point));
    const there = isOf && (await readAt([id]));
    if (there) claims.push({ id, meta: there });
  }
  const own = claims.find((one) => one.meta.path === meta.path);
  if (!own) return shown ?? meta; // there was one already
  // Whoever knew of ours has changed it on purpose.
  const first = claims.find(({ id }) => id === own.id || !ancestors(log, id).has(own.id))!;
  const isOther = claims.some((one) => one.meta.path === shown?.path);
  if (isOther && first.meta.path !== shown?.path)
    await rows.series(NAMESPACE).write(frameOf(first.meta), { signal: ending });
  return first.meta;
}
