import { AbortGroup } from "../../async/abort-group.ts";
import { Mutex } from "../../async/mutex.ts";
import type { Changelog } from "../../changelog/changelog.ts";
import type { Commit } from "../../changelog/commit.ts";
import { ancestors, currentId } from "../../changelog/log.ts";
import { clip, labelsOf, type Segment, segmentsOf } from "../../changelog/segment-table.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { PinOptions, PinReport } from "../../model/api/collection.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { CacheStore } from "../../stores/cache/cache-store.ts";
import { type Pin, pathsOf, pinFiles, pinsOf } from "../../stores/cache/pins.ts";
import type { Store } from "../../stores/store.ts";
import { hashedPath } from "../../model/layout.ts";
import { costOfChunk } from "../read/plan.ts";
import { Progress } from "../read/progress.ts";
import { toRange } from "../read/range.ts";
import { noSuchSeries } from "../write/collection-draft.ts";
import type { RepoContext } from "./repo-context.ts";
import { warmUp } from "./warm-up.ts";

export interface PinContext {
  /** The collection's folder: the name of its pins. */
  path: string;
  schema: Schema;
  changelog: Changelog;
  workshop: RepoContext;
}

/** What {@link Collection.pin} does. */
export async function pin(
  { path, schema, changelog, workshop }: PinContext,
  { series, start, onProgress }: PinOptions,
  signal: AbortSignal,
): Promise<PinReport> {
  const { store, source } = workshop;
  changelog.refresh();
  const { since, commit, revisions } = await look(changelog, store, signal);
  const there = labelsOf(commit.table);
  const labels = series === undefined ? there : [series].flat();
  const missing = labels.find((label) => !there.includes(label));
  if (missing !== undefined) throw noSuchSeries(missing, there);

  const range = toRange(schema, { ...(start !== undefined && { start }) });
  const progress = new Progress(onProgress);
  const group = new AbortGroup(signal);
  const fetched = new Map<string, Promise<void>>();
  const fetch = (segment: Segment, column: Column, digest: string) => {
    const cost = costOfChunk(segment, column);
    progress.expect(cost);
    return source.valueSlots.run(async () => {
      const onBytes = (bytes: number, cached: boolean) => progress.received(bytes, cached);
      // Decoding verifies it: what is pinned damaged would be found out when it is too late.
      await group.run((signal) =>
        source.chunks.load({ digest, column, embedded: undefined, signal, onBytes }),
      );
      progress.decoded(cost);
    }, group);
  };
  const pinned: Record<string, string[]> = {};
  try {
    for (const label of labels) {
      const paths = new Set<string>();
      for (const segment of clip(segmentsOf(commit.table, label), range)) {
        for (const [i, digest] of filesOf(commit, segment)) {
          paths.add(hashedPath(digest));
          if (!fetched.has(digest)) fetched.set(digest, fetch(segment, schema.columns[i]!, digest));
        }
      }
      pinned[label] = [...paths];
    }
    await Promise.all(fetched.values());
  } finally {
    group.end();
  }
  const pin: Pin = {
    since,
    revisions: [...revisions, ...(await nameFiles(workshop, signal))],
    series: pinned,
  };
  await change(workshop, path, signal, (pins) => [...without(pins, labels), pin]);
  await warmUp();
  return { series: labels.length, files: new Set(pathsOf(pin)).size };
}

/** What {@link Collection.unpin} does. */
export function unpin(
  workshop: RepoContext,
  path: string,
  labels: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<void> {
  return change(workshop, path, signal, (pins) => (labels ? without(pins, labels) : []));
}

/** What {@link Collection.pinned} answers. */
export async function pinned({ store }: RepoContext, path: string): Promise<string[]> {
  if (!(store instanceof CacheStore)) return [];
  return (await pinsOf(store, path)).flatMap(({ series }) => Object.keys(series)).sort();
}

/** What a changelog shows now, and the paths of the revisions that do: of several heads all that merging them may need. */
async function look(changelog: Changelog, store: Store, signal: AbortSignal) {
  const now = Date.now();
  const { heads, commit } = await changelog.state(undefined, signal);
  const log = await changelog.log(undefined, signal); // it may have gone on since
  const ids = heads.length > 1 ? new Set(heads.flatMap((id) => [...ancestors(log, id)])) : heads;
  const names = [...ids].flatMap((id) => log.files.get(currentId(log, id) ?? id) ?? []);
  const stale = store instanceof CacheStore ? store.stale : undefined;
  return {
    commit,
    revisions: names.map((name) => `${changelog.folder}/${name}`),
    since: Math.min(now, Number(stale ?? now)),
  };
}

/** Digests that are files of their own, with the positions of their columns. */
const filesOf = (commit: Commit, { digests, length }: Segment): [column: number, digest: string][] =>
  [...digests.entries()].filter(
    ([, digest]) => digest !== EMPTY_DIGEST && !commit.embedded.has(digest) && length > 0,
  );

/** The files without which no collection is found. */
async function nameFiles(workshop: RepoContext, signal: AbortSignal): Promise<string[]> {
  const { commit, revisions } = await look(workshop.registryCollection().changelog, workshop.store, signal);
  const chunks = commit.table.flatMap((segment) => filesOf(commit, segment));
  return [...revisions, ...chunks.map(([, digest]) => hashedPath(digest))];
}

/** Pins that are left once some series are let go of. */
const without = (pins: readonly Pin[], labels: readonly string[]): Pin[] =>
  pins.flatMap((pin) => {
    const left = Object.entries(pin.series).filter(([label]) => !labels.includes(label));
    return left.length > 0 ? [{ ...pin, series: Object.fromEntries(left) }] : [];
  });

/** One change of the pins of a device at a time: each is made to what the last one left. */
const turns = new WeakMap<Store, Mutex>();

async function change(
  { store }: RepoContext,
  path: string,
  signal: AbortSignal,
  edit: (pins: readonly Pin[]) => readonly Pin[],
): Promise<void> {
  if (!(store instanceof CacheStore)) return;
  const { near, uri } = store;
  const turn = turns.get(near) ?? new Mutex(`lakota pins ${uri}`);
  turns.set(near, turn);
  await turn.run(async () => pinFiles(store, path, edit(await pinsOf(store, path))), signal);
}
