import { mapLimit } from "../../async/map-limit.ts";
import type { State } from "../../changelog/changelog.ts";
import { EditedTable } from "../../changelog/edited-table.ts";
import { toEpoch } from "../../changelog/revision.ts";
import { bySeries, EMPTY_TABLE } from "../../changelog/segment-table.ts";
import type { ReadManyOptions } from "../../model/api/collection.ts";
import type { ReadProgress } from "../../model/api/read.ts";
import { checkLabel } from "../../model/check-label.ts";
import { LakotaError } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { checkNames } from "../read/range.ts";
import { EngineSeries, type SeriesHost } from "./series.ts";

/** Reads several series in one state of the collection: {@link Collection.read}. */
export async function readSeries(
  collection: SeriesHost,
  labels: readonly string[],
  { tail, onProgress, ...options }: ReadManyOptions,
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
    const { segments, embedded } = await state.commit.table.load(wanted, ending);
    const table = new EditedTable(EMPTY_TABLE, { series: bySeries(segments), embedded });
    const loaded: State = { ...state, commit: { table } };
    const host: SeriesHost = {
      schema: collection.schema,
      repo: collection.repo,
      readState: (read) => read(loaded, ending),
      batch: (change, own) => collection.batch(change, own),
      info: (own) => collection.info(own),
      describe: (change, own) => collection.describe(change, own),
      watchSeries: (label, listener, own) => collection.watchSeries(label, listener, own),
    };
    const progress = onProgress && new JoinedProgress(onProgress);
    const frames = await mapLimit(wanted, async (label): Promise<[string, Frame]> => {
      const series = new EngineSeries(host, label);
      const own = { ...options, ...(progress && { onProgress: progress.of(label) }) };
      return [label, await (tail === undefined ? series.read(own) : series.tail(tail, own))];
    });
    return new Map(frames);
  };
  return collection.readState(work, before === undefined ? undefined : toEpoch(before), signal);
}

/** Adds up the progress of several reads. */
class JoinedProgress {
  readonly #report: (progress: ReadProgress) => void;
  readonly #latest = new Map<string, ReadProgress>();

  constructor(report: (progress: ReadProgress) => void) {
    this.#report = report;
  }

  /** Returns the callback for one read. */
  of(label: string): (progress: ReadProgress) => void {
    return (progress) => {
      this.#latest.set(label, progress);
      const sum: ReadProgress = { chunks: 0, totalChunks: 0, bytes: 0, totalBytes: 0, fetched: 0, cached: 0 };
      for (const one of this.#latest.values())
        for (const key of Object.keys(sum) as (keyof ReadProgress)[]) sum[key] += one[key];
      this.#report(sum);
    };
  }
}
