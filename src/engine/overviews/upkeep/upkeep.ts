import { Shared } from "../../../async/shared.ts";
import type { Changelog } from "../../../changelog/changelog.ts";
import type { Commit } from "../../../changelog/commit.ts";
import { clip, type LoadedSegments, segmentsOf } from "../../../changelog/segment-table.ts";
import { asLakotaError, type LakotaError, throwIfAborted } from "../../../model/errors.ts";
import { isOverviewPath, OVERVIEWS_FOLDER } from "../../../model/overview-path.ts";
import type { Schema } from "../../../model/schema.ts";
import type { ReadSource } from "../../read/read-context.ts";
import { MIN_ROWS } from "../groups.ts";
import type { SharedOverviews } from "../overview-files.ts";
import { OverviewMaker } from "./maker.ts";
import {
  type OverviewFile,
  overviewFilesOf,
  type SummarisedSeries,
  summarisedSeries,
} from "./series-overviews.ts";

/** A collection, for its overviews. */
export interface OverviewCollection {
  readonly label: string;
  readonly schema: Schema;
  readonly changelog: Changelog;
}

/** What the upkeep of overviews needs of a repo. */
export interface UpkeepContext extends SharedOverviews {
  readonly source: ReadSource;
  warn(message: string): void;
}

/** What was made. */
export interface OverviewsReport {
  files: number;
  bytes: number;
  /** Files that were not made, because a chunk is damaged or missing, or cannot be verified. */
  failed: number;
}

interface MakeOptions {
  signal: AbortSignal;
  onProgress?:
    | ((progress: { files: number; totalFiles: number; bytes: number; label: string }) => void)
    | undefined;
}

/** Makes the overviews of a repo, and those that changes require. */
export class OverviewUpkeep {
  readonly #context: UpkeepContext;
  #present: Shared<Set<string>> | undefined;

  constructor(context: UpkeepContext) {
    this.#context = context;
  }

  /** Makes all overviews that are missing or damaged. What cannot be made is reported as a warning. */
  async makeAll(collections: readonly OverviewCollection[], options: MakeOptions): Promise<OverviewsReport> {
    this.#present = undefined; // others may have deleted some
    const report: OverviewsReport = { files: 0, bytes: 0, failed: 0 };
    for (const { label, schema, changelog } of collections) {
      const { commit } = await changelog.state(undefined, options.signal);
      const { signal } = options;
      const all = await summarisedIn(schema, commit.table.parts(signal));
      await this.#make(label, all, report, { ...options, checked: true });
    }
    return report;
  }

  /**
   * Makes the overviews that a change requires. The change itself is stored, so a failure is reported as a warning.
   *
   * @param isWhole whether all series may have changed, and not only those that the last commit touched
   */
  async keepUp(changelog: Changelog, signal: AbortSignal, isWhole = false): Promise<void> {
    try {
      const { commit } = await changelog.state(undefined, signal);
      const report = { files: 0, bytes: 0, failed: 0 };
      const changed = isWhole ? undefined : await changedSeries(commit, signal);
      const parts = changed ? [changed] : commit.table.parts(signal);
      const all = await summarisedIn(changelog.schema, parts);
      await this.#make(changelog.folder, all, report, { signal });
    } catch (error) {
      this.#present = undefined;
      if (signal.aborted) return; // the next publish makes them
      const { message } = asLakotaError(error);
      this.#context.warn(
        `The change was stored, but not all overviews that charts of ${changelog.uri} need: ${message}`,
      );
    }
  }

  async #make(
    collection: string,
    all: readonly SummarisedSeries[],
    report: OverviewsReport,
    { signal, onProgress, checked }: MakeOptions & { checked?: boolean },
  ): Promise<void> {
    if (all.length === 0) return;
    const [before, failures]: [number, LakotaError[]] = [report.files, []];
    let totalFiles = 0;
    const present = await this.#listed(signal);
    const progress = () =>
      onProgress?.({ files: report.files - before, totalFiles, bytes: report.bytes, label: collection });
    const onMade = (bytes: number) => {
      report.files++;
      report.bytes += bytes;
      progress();
    };
    const maker = new OverviewMaker({ ...this.#context, present, signal, onMade });
    const work: (readonly [SummarisedSeries, readonly OverviewFile[]])[] = [];
    for (const series of all) {
      throwIfAborted(signal);
      const missing = await maker.missing(series, checked);
      if (missing.length > 0) work.push([series, missing]);
      totalFiles += missing.length;
    }
    for (const [series, missing] of work) failures.push(...(await maker.make(series, missing)));
    const [first] = failures;
    report.failed += failures.length;
    if (first)
      this.#context.warn(
        `${failures.length} overviews of "${collection}" were not made, so charts read its chunks. ${first.message}`,
      );
  }

  /** Returns the names of the overviews that exist. Listed once, since files are only added here. */
  #listed(signal: AbortSignal): Promise<Set<string>> {
    if (!this.#present || this.#present.abandoned) {
      const present = new Shared(
        async (ending) => new Set((await listOverviews(this.#context, ending)).keys()),
      );
      this.#present = present;
      present.result.catch(() => {
        if (this.#present === present) this.#present = undefined;
      });
    }
    return this.#present.join(signal);
  }
}

/** An overview file, as a listing describes it. */
interface ListedOverview {
  readonly path: string;
  readonly size: number;
  readonly modified?: number;
}

/** Returns the overviews of a repo by name. */
export async function listOverviews(
  { store }: SharedOverviews,
  signal: AbortSignal,
): Promise<Map<string, ListedOverview>> {
  const entries = await store.list(OVERVIEWS_FOLDER, { signal, detail: "modified" });
  return new Map(
    entries
      .filter(({ path }) => isOverviewPath(path))
      .map((entry) => [entry.path.slice(OVERVIEWS_FOLDER.length), entry]),
  );
}

/** Returns the overviews that the current state of a collection should have, with their series. */
export async function currentOverviews(
  { schema, changelog }: OverviewCollection,
  signal: AbortSignal,
): Promise<(OverviewFile & { readonly series: SummarisedSeries })[]> {
  const { commit } = await changelog.state(undefined, signal);
  const all = await summarisedIn(schema, commit.table.parts(signal));
  const files = await Promise.all(
    all.map(async (series) => (await overviewFilesOf(series)).map((file) => ({ ...file, series }))),
  );
  return files.flat();
}

/** Returns the series of some parts of a table that overviews summarise. */
async function summarisedIn(
  schema: Schema,
  parts: AsyncIterable<LoadedSegments> | Iterable<LoadedSegments>,
): Promise<SummarisedSeries[]> {
  const all: SummarisedSeries[] = [];
  for await (const part of parts) all.push(...summarisedSeries(schema, part));
  return all;
}

/**
 * Returns the series whose long segments a commit may have changed; undefined if these may be all. An append that ends in
 * short segments, as most do, changes none.
 */
async function changedSeries(
  { table, touched, about }: Commit,
  signal: AbortSignal,
): Promise<LoadedSegments | undefined> {
  const ranges = (await touched?.load(signal)) ?? [];
  if (ranges.length === 0) return undefined; // a merge, a defragmentation, or a commit of Python
  const labels = [...new Set(ranges.map(({ label }) => label))];
  const { segments, embedded } = await table.load(labels, signal);
  const isWrite = (about?.rows ?? 0) > 0;
  const isChanged = (label: string) => {
    const long = segmentsOf(segments, label).filter(({ length }) => length >= MIN_ROWS);
    return !isWrite || ranges.some((range) => range.label === label && clip(long, range).length > 0);
  };
  const changed = new Set(labels.filter(isChanged));
  return { segments: segments.filter(({ label }) => changed.has(label)), embedded };
}
