import { untilAborted } from "../../async/abort.ts";
import { AbortGroup } from "../../async/abort-group.ts";
import { loadAhead } from "../../async/lazy.ts";
import { Mutex } from "../../async/mutex.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import type { Log } from "../../changelog/log.ts";
import { ancestors, currentId } from "../../changelog/log-lookup.ts";
import { revisionsForMerge } from "../../changelog/merge-base.ts";
import { ROOT } from "../../changelog/revision.ts";
import {
  clip,
  type EmbeddedChunks,
  loadAll,
  type Segment,
  segmentsOf,
} from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { PinOptions, PinReport } from "../../model/api/collection.ts";
import type { CallOptions } from "../../model/api/options.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import { type Pin, pathsOf, pinFiles, pinsOf } from "../../stores/cache/pins.ts";
import type { Store } from "../../stores/store.ts";
import { chunkRequest } from "../read/load.ts";
import { costOfChunk } from "../read/plan.ts";
import { Progress } from "../read/progress.ts";
import { toRange } from "../read/range.ts";
import { MAX_NAMED, noSuchSeries } from "../write/no-such-series.ts";
import type { CollectionContext } from "./collection-context.ts";
import { findDescriptions } from "./description-store.ts";
import { info, withLabels } from "./info.ts";
import type { RepoContext } from "./repo-context.ts";

/** Fetches the chunks of series and protects them from eviction: {@link Collection.pin}. */
export async function pin(
  collection: CollectionContext,
  { series, start, onProgress, signal: callerSignal }: PinOptions,
): Promise<PinReport> {
  const { path, schema, changelog, repo } = collection;
  const signal = collection.untilClosed(callerSignal);
  const { store, source } = repo;
  changelog.refresh();
  const { since, table, revisions, tables, merged } = await currentState(changelog, store, signal);
  const labels = series === undefined ? await table.labels({}, signal) : [series].flat();
  const { segments, embedded } = await table.load(labels, signal);
  const missing = labels.find((label) => segmentsOf(segments, label).length === 0);
  if (missing !== undefined) throw noSuchSeries(missing, await table.labels({ limit: MAX_NAMED }, signal));

  const range = toRange(schema, { ...(start !== undefined && { start }) });
  const progress = new Progress(onProgress);
  const group = new AbortGroup(signal);
  const fetched = new Map<string, Promise<void>>();
  const fetch = (segment: Segment, column: Column) => {
    const cost = costOfChunk(segment, column);
    progress.expect(cost);
    return source.valueSlots.run(async () => {
      const onBytes = (bytes: number, cached: boolean) => progress.received(bytes, cached);
      // Decoding verifies the chunk: damage must show while it can still be fetched again.
      await group.run((signal) =>
        source.chunks.load({
          ...chunkRequest(segment, column, schema.columns),
          embedded: undefined,
          signal,
          onBytes,
        }),
      );
      progress.decoded(cost);
    }, group);
  };
  const pathsOfTable = async (labels: readonly string[]) => {
    const files = await Promise.all(tables.map((one) => one.files(labels, signal)));
    return files.flat().map(hashedPath);
  };
  const shared = merged && [...(await pathsOfTable(merged.labels)), ...merged.files.map(hashedPath)];
  const pinned: Record<string, string[]> = {};
  try {
    for (const label of labels) {
      const paths = new Set<string>();
      for (const segment of clip(segmentsOf(segments, label), range)) {
        for (const [i, digest] of filesOf(embedded, segment)) {
          paths.add(hashedPath(digest));
          if (!fetched.has(digest)) fetched.set(digest, fetch(segment, schema.columns[i]!));
        }
      }
      for (const path of await pathsOfTable([label])) paths.add(path);
      for (const path of shared ?? []) paths.add(path);
      pinned[label] = [...paths];
    }
    await untilAborted(Promise.all(fetched.values()), signal); // some may be queued behind those of others
  } finally {
    group.end();
  }
  const pin: Pin = {
    since,
    revisions: [
      ...revisions,
      ...(await registryFiles(repo, signal)),
      ...(await descriptionFiles(collection, labels, signal)),
    ],
    series: pinned,
  };
  await changePins(repo, path, signal, (pins) => [...without(pins, labels), pin]);
  await loadAhead();
  return { series: labels.length, files: new Set(pathsOf(pin)).size };
}

/** Releases series, or all if none are named: {@link Collection.unpin}. */
export function unpin(
  collection: CollectionContext,
  series: string | readonly string[] | undefined,
  { signal }: CallOptions,
): Promise<void> {
  const { path, repo } = collection;
  return changePins(repo, path, collection.untilClosed(signal), (pins) =>
    series === undefined ? [] : without(pins, [series].flat()),
  );
}

/** Returns the labels of the pinned series, sorted: {@link Collection.pinned}. */
export async function pinned({ repo: { store }, path }: CollectionContext): Promise<string[]> {
  if (!store.local) return [];
  return (await pinsOf(store.local, path)).flatMap(({ series }) => Object.keys(series)).sort();
}

/**
 * Returns the current state of a changelog and the paths of its revisions. For several heads these include
 * all that a merge may need, and `tables` has those of all heads.
 */
async function currentState(changelog: Changelog, store: Store, signal: AbortSignal) {
  const now = Date.now();
  const { heads, commit } = await changelog.state(undefined, signal);
  const { table } = commit;
  const log = await changelog.log(undefined, signal); // there may be newer revisions by now
  const ids = heads.length > 1 ? new Set(heads.flatMap((id) => [...ancestors(log, id)])) : heads;
  const names = [...ids].flatMap((id) => log.files.get(currentId(log, id) ?? id) ?? []);
  const tables =
    heads.length > 1
      ? await Promise.all(heads.map(async (id) => (await changelog.commitOf(log, id, signal)).table))
      : [table];
  return {
    table,
    tables,
    merged: heads.length > 1 ? await mergedParts(changelog, log, heads, signal) : undefined,
    revisions: names.map((name) => `${changelog.folder}/${name}`),
    since: Math.min(now, Number(store.local?.stale ?? now)),
  };
}

/** Returns the series that a merge of some heads reads, and the files with touched ranges. */
async function mergedParts(
  changelog: Changelog,
  log: Log,
  heads: readonly string[],
  signal: AbortSignal,
): Promise<{ labels: string[]; files: string[] }> {
  const labels = new Set<string>();
  const files: string[] = [];
  for (const id of revisionsForMerge(log, heads)) {
    const { table, touched } = await changelog.commitOf(log, id, signal);
    if (touched?.file !== undefined) files.push(touched.file);
    const hasAllParents = log.parents.get(id)!.every((parent) => parent === ROOT || log.parents.has(parent));
    const ranges = hasAllParents ? await touched?.load(signal) : undefined;
    // Of a revision that records no ranges, or has inherited some, the whole table is read.
    for (const label of ranges?.map((range) => range.label) ?? (await table.labels({}, signal)))
      labels.add(label);
  }
  return { labels: [...labels], files };
}

/** Returns the digests of a segment that are stored as files, with the positions of their columns. */
const filesOf = (
  embedded: EmbeddedChunks,
  { digests, length }: Segment,
): [column: number, digest: string][] =>
  [...digests.entries()].filter(
    ([, digest]) => digest !== EMPTY_DIGEST && !embedded.has(digest) && length > 0,
  );

/** Returns the files of the registry, without which no collection can be found offline. */
async function registryFiles(repo: RepoContext, signal: AbortSignal): Promise<string[]> {
  const { table, revisions } = await currentState(repo.registry().collection.changelog, repo.store, signal);
  const { segments, embedded } = await loadAll(table, signal);
  const chunks = segments.flatMap((segment) => filesOf(embedded, segment));
  return [...revisions, ...chunks.map(([, digest]) => hashedPath(digest))];
}

/** Fetches what describes a collection and some of its series, and returns the files. */
async function descriptionFiles(
  collection: CollectionContext,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const descriptions = await findDescriptions(collection, signal);
  if (!descriptions) return [];
  await info(collection, { series: labels, signal });
  const { store } = collection.repo;
  const { table, revisions } = await currentState(descriptions.changelog, store, signal);
  const { segments, embedded } = await loadAll(table, signal);
  const read = segments.filter(({ label }) => label !== "series");
  const chunks = [...read, ...withLabels(segmentsOf(segments, "series"), labels)].flatMap((segment) =>
    filesOf(embedded, segment),
  );
  return [...revisions, ...chunks.map(([, digest]) => hashedPath(digest))];
}

/** Returns the pins that remain when some series are released. */
const without = (pins: readonly Pin[], labels: readonly string[]): Pin[] =>
  pins.flatMap((pin) => {
    const left = Object.entries(pin.series).filter(([label]) => !labels.includes(label));
    return left.length > 0 ? [{ ...pin, series: Object.fromEntries(left) }] : [];
  });

/** Serialises changes of the pins of a device, since each replaces the whole record. */
const mutexes = new WeakMap<Store, Mutex>();

async function changePins(
  { store }: RepoContext,
  path: string,
  signal: AbortSignal,
  edit: (pins: readonly Pin[]) => readonly Pin[],
): Promise<void> {
  const { local, uri } = store;
  if (!local) return;
  const mutex = mutexes.get(local.localStore) ?? new Mutex(`lakota pins ${uri}`);
  mutexes.set(local.localStore, mutex);
  await mutex.run(async () => pinFiles(local, path, edit(await pinsOf(local, path))), signal);
}
