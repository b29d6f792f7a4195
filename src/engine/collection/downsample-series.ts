import { mapLimit } from "../../async/map-limit.ts";
import type { State } from "../../changelog/changelog.ts";
import { toEpoch } from "../../changelog/revision.ts";
import type { Aligned, Downsampled, DownsampleManyOptions } from "../../model/api/read.ts";
import { checkLabel } from "../../model/check-label.ts";
import { LakotaError } from "../../model/errors.ts";
import { alignSeries } from "../read/align-series.ts";
import { type DownsampleInput, downsample } from "../read/downsample.ts";
import { toRange } from "../read/range.ts";
import { JoinedProgress } from "./joined-progress.ts";
import { loadSeries } from "./load-series.ts";
import type { SeriesHost } from "./series.ts";

/** Downsamples several series in one state of the collection: {@link Collection.downsample}. */
export async function downsampleSeries(
  collection: SeriesHost,
  { series: labels, align, missing, onProgress, ...options }: DownsampleManyOptions,
): Promise<Aligned | Map<string, Downsampled>> {
  if (!Array.isArray(labels)) throw new LakotaError("invalid-argument", "series must be a list of labels.");
  const wanted = [...new Set(labels.map(checkLabel))];
  const { schema, repo: shared } = collection;
  const { before, signal } = options;
  const work = async (state: State, ending: AbortSignal) => {
    const of = { labels: wanted, collection: collection.label, before, missing };
    const { series, embedded } = await loadSeries(state.commit.table, of, ending);
    const range = toRange(schema, options);
    const progress = onProgress && new JoinedProgress(onProgress);
    const inputs = wanted.map((label): [label: string, input: DownsampleInput] => {
      const segments = series.get(label) ?? [];
      const context = {
        source: shared.source,
        embedded,
        // The overviews of earlier states may have been deleted.
        current: before === undefined ? { schema, segments, shared } : undefined,
        signal: ending,
        onProgress: progress?.of(label),
      };
      return [label, { schema, shared, segments, range, context }];
    });
    if (align) return alignSeries(schema, inputs, options);
    const points = await mapLimit(inputs, ([, input]) => downsample(input, options));
    return new Map(wanted.map((label, i) => [label, points[i]!]));
  };
  return collection.readState(work, before === undefined ? undefined : toEpoch(before), signal);
}
