import { mapLimit } from "../../async/map-limit.ts";
import type { State } from "../../changelog/changelog.ts";
import { EditedTable } from "../../changelog/edited-table.ts";
import { toEpoch } from "../../changelog/revision.ts";
import { EMPTY_TABLE } from "../../changelog/segment-table.ts";
import type { ReadManyOptions } from "../../model/api/collection.ts";
import type { CallOptions } from "../../model/api/options.ts";
import type { ReadOptions } from "../../model/api/read.ts";
import { checkLabel } from "../../model/check-label.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { checkNames } from "../read/range.ts";
import { JoinedProgress } from "./joined-progress.ts";
import { loadSeries } from "./load-series.ts";
import { EngineSeries, type SeriesHost } from "./series.ts";

/** Reads several series in one state of the collection: {@link Collection.read}. */
export async function readSeries(
  collection: SeriesHost,
  labels: readonly string[],
  { tail, onProgress, missing, ...options }: ReadManyOptions,
): Promise<Map<string, Frame>> {
  checkNames("labels", labels);
  if (tail !== undefined && (options.limit !== undefined || options.offset !== undefined))
    throw new LakotaError(
      "invalid-argument",
      "Pass either tail, or limit and offset: tail counts from the end.",
    );
  const wanted = [...new Set(labels.map(checkLabel))];
  const { before, signal } = options;
  const work = async (state: State, ending: AbortSignal) => {
    const of = { labels: wanted, collection: collection.label, before, missing };
    const table = new EditedTable(EMPTY_TABLE, await loadSeries(state.commit.table, of, ending));
    const loaded: State = { ...state, commit: { table } };
    const host: SeriesHost = {
      label: collection.label,
      schema: collection.schema,
      repo: collection.repo,
      readState: (read) => read(loaded, ending),
      batch: (change, own) => collection.batch(change, own),
      info: (own) => collection.info(own),
      describe: (change, own) => collection.describe(change, own),
      watchSeries: (label, first, own) => collection.watchSeries(label, first, own),
    };
    const progress = onProgress && new JoinedProgress(onProgress);
    const frames = await mapLimit(wanted, async (label): Promise<[string, Frame]> => {
      const series = new EngineSeries(host, label);
      const own: ReadOptions = {
        ...options,
        missing: "empty", // checked above
        ...(progress && { onProgress: progress.of(label) }),
      };
      return [label, await (tail === undefined ? series.read(own) : series.tail(tail, own))];
    });
    return new Map(frames);
  };
  return collection.readState(work, before === undefined ? undefined : toEpoch(before), signal);
}

/** Whether a series exists: {@link Collection.has}. */
export async function hasSeries(
  collection: SeriesHost,
  label: string,
  { signal }: CallOptions,
): Promise<boolean> {
  const name = checkLabel(label);
  const work = async ({ commit }: State, ending: AbortSignal) =>
    (await commit.table.load([name], ending)).segments.length > 0;
  return collection.readState(work, undefined, signal);
}
