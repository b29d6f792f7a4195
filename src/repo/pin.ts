import type { Changelog } from "../changelog/changelog.ts";
import { clip, labelsOf, type Segment, segmentsOf } from "../changelog/segments.ts";
import { EMPTY_DIGEST } from "../codecs/digest.ts";
import type { PinOptions, PinReport } from "../model/api.ts";
import type { Column, Schema } from "../model/schema.ts";
import { CacheStore } from "../stores/cache.ts";
import { pinFiles, pinnedFiles } from "../stores/pins.ts";
import { AbortGroup } from "./abort-group.ts";
import { toRange } from "./bounds.ts";
import { hashedPath } from "./chunks.ts";
import { noSeries } from "./drafts.ts";
import { costOfChunk } from "./plan.ts";
import { Progress } from "./progress.ts";
import { warmUp } from "./warm-up.ts";
import type { Workshop } from "./workshop.ts";

/** The pin of the revisions, beside those of series, which have a label. */
const REVISIONS = "";

export interface PinContext {
  /** The collection's folder: the name of its pins. */
  path: string;
  schema: Schema;
  changelog: Changelog;
  workshop: Workshop;
}

/** What {@link Collection.pin} does. */
export async function pin(
  { path, schema, changelog, workshop }: PinContext,
  { series, start, onProgress }: PinOptions,
  signal: AbortSignal,
): Promise<PinReport> {
  const { store, source } = workshop;
  const { commit } = await changelog.state(undefined, signal);
  const there = labelsOf(commit.table);
  const labels = series === undefined ? there : [series].flat();
  const missing = labels.find((label) => !there.includes(label));
  if (missing !== undefined) throw noSeries(missing, there);

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
  const pins: Record<string, string[]> = {};
  try {
    for (const label of labels) {
      const paths = new Set<string>();
      for (const segment of clip(segmentsOf(commit.table, label), range)) {
        for (const [i, digest] of segment.digests.entries()) {
          if (digest === EMPTY_DIGEST || commit.embedded.has(digest) || segment.length === 0) continue;
          paths.add(hashedPath(digest));
          if (!fetched.has(digest)) fetched.set(digest, fetch(segment, schema.columns[i]!, digest));
        }
      }
      pins[label] = [...paths];
    }
    await Promise.all(fetched.values());
  } finally {
    group.end();
  }
  pins[REVISIONS] = (await Promise.all([changelog.needed(signal), workshop.registryFiles(signal)])).flat();
  if (store instanceof CacheStore)
    await pinFiles(store, path, { ...(await pinnedFiles(store, path)), ...pins });
  await warmUp();
  return { series: labels.length, files: new Set(Object.values(pins).flat()).size };
}

/** What {@link Collection.unpin} does. */
export async function unpin(
  { store }: Workshop,
  path: string,
  labels: readonly string[] | undefined,
): Promise<void> {
  if (!(store instanceof CacheStore)) return;
  const pins = await pinnedFiles(store, path);
  const left = Object.entries(pins).filter(([label]) => labels && !labels.includes(label));
  await pinFiles(store, path, left.some(([label]) => label !== REVISIONS) ? Object.fromEntries(left) : {});
}

/** What {@link Collection.pinned} answers. */
export async function pinned({ store }: Workshop, path: string): Promise<string[]> {
  if (!(store instanceof CacheStore)) return [];
  const labels = Object.keys(await pinnedFiles(store, path)).filter((label) => label !== REVISIONS);
  return labels.sort();
}
