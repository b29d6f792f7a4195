import { lazy } from "../../async/lazy.ts";
import { Mutex } from "../../async/mutex.ts";
import type { PollOptions, PollResult } from "../../async/poll.ts";
import { Changelog, type State } from "../../changelog/changelog.ts";
import type {
  Batch,
  Collection,
  LsOptions,
  PinOptions,
  PinReport,
  ReadManyOptions,
} from "../../model/api/collection.ts";
import type { CollectionDescription, DescriptionChange, InfoOptions } from "../../model/api/description.ts";
import type {
  Change,
  ChangeListener,
  DiffOptions,
  LogOptions,
  MergeReport,
  RangeChange,
  Revision,
  RevisionDetails,
  RevisionRef,
  WatchOptions,
} from "../../model/api/history.ts";
import type { DefragOptions, DefragReport, TrimOptions, TrimReport } from "../../model/api/maintenance.ts";
import type { CallOptions, ChangeOptions, ChangeReport } from "../../model/api/options.ts";
import type { Aligned, Downsampled, DownsampleManyOptions } from "../../model/api/read.ts";
import type { Series } from "../../model/api/series.ts";
import type { TableKind } from "../../model/api/table-kind.ts";
import { checkLabel } from "../../model/check-label.ts";
import { throwIfAborted } from "../../model/errors.ts";
import type { Frame } from "../../model/frame.ts";
import { explainNoMemory } from "../../model/no-memory.ts";
import type { Schema } from "../../model/schema.ts";
import { isUnreachable } from "../../stores/store.ts";
import { checkRowCount } from "../read/range.ts";
import { ReadAhead, type Revalidation, type Work } from "../read/read-ahead.ts";
import type { Transaction } from "../write/transaction.ts";
import type { CollectionContext } from "./collection-context.ts";
import type { PeerCollection, RepoContext } from "./repo-context.ts";
import { EngineSeries, type SeriesHost } from "./series.ts";
import { watchChanges } from "./watching.ts";

/** Everything but reading. Loaded on demand, since most users only read. */
const operations = lazy(() => import("./operations.ts"));
const comparing = lazy(() => import("../read/same-rows.ts"));
const reading = lazy(() => import("./read-series.ts"));
const downsampling = lazy(() => import("./downsample-series.ts"));
const history = lazy(() => import("./log.ts"));
const descriptions = lazy(() => import("./info.ts"));

/** A collection whose work is done on the current thread. */
export class EngineCollection implements Collection, CollectionContext, SeriesHost {
  readonly label: string;
  readonly schema: Schema;
  readonly path: string;
  readonly changelog: Changelog;
  readonly repo: RepoContext;
  readonly tableKind: TableKind;
  descriptions: PeerCollection | undefined;
  /** Serialises commits, as far as this origin reaches: two concurrent commits would make two heads. */
  readonly #commits: Mutex;

  constructor(label: string, schema: Schema, path: string, repo: RepoContext, table: TableKind = "flat") {
    this.label = label;
    this.schema = schema;
    this.path = path;
    this.repo = repo;
    this.tableKind = table;
    this.changelog = new Changelog(repo.store, path, schema, repo.maxAge, table);
    this.#commits = new Mutex(`lakota ${repo.store.uri} ${path}`);
  }

  /** Returns the merged state of all heads; with `before` (an epoch), their state right before it. */
  async state(before?: string, signal?: AbortSignal): Promise<State> {
    throwIfAborted(this.repo.closed);
    return this.changelog.state(before, this.untilClosed(signal));
  }

  /**
   * Runs `work` on the current state. If the store cannot be reached, falls back to the newest state that is
   * stored on this device. A state asked for by time (`before`) is exact or an error.
   *
   * @param work may be started twice: first on the state that is expected, while the current one is listed
   * @param revalidation shows what the last known state has, while the current one is listed
   */
  async readState<T>(
    work: Work<T>,
    before: string | undefined,
    caller: AbortSignal | undefined,
    revalidation?: Revalidation<T>,
  ): Promise<T> {
    const signal = this.untilClosed(caller);
    const ahead =
      before === undefined ? new ReadAhead(this.changelog, work, signal, revalidation) : undefined;
    try {
      const state = await this.state(before, signal);
      return await (ahead?.resultFor(state) ?? work(state, signal));
    } catch (error) {
      ahead?.stop();
      if (before !== undefined || !isUnreachable(error)) throw explainNoMemory(error);
      const { readLocalState } = await operations().catch(() => {
        throw error;
      });
      return readLocalState(this.changelog, this.repo.store, error, (state) => work(state, signal), signal);
    }
  }

  /** Returns a signal that fires with the caller's, and when the repo is closed. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const { closed } = this.repo;
    return AbortSignal.any(signal ? [closed, signal] : [closed]);
  }

  async ls({ signal, onStale, limit, tag, text, ...range }: LsOptions = {}): Promise<string[]> {
    // Explained like all failures.
    for (const value of [range.prefix, range.after, tag, text])
      if (typeof (value ?? "") !== "string") throw new TypeError();
    const listed = { ...range, limit: checkRowCount("limit", limit, Number.POSITIVE_INFINITY) };
    if (tag || text) return (await descriptions()).searchSeries(this, { ...listed, tag, text, signal });
    const isSame = async (known: State, current: State) =>
      (await comparing()).hasSameLabels(known, current, listed);
    const work = ({ commit }: State, ending: AbortSignal) => commit.table.labels(listed, ending);
    return this.readState(work, undefined, signal, onStale && { show: onStale, isSame });
  }

  async read(labels: readonly string[], options: ReadManyOptions = {}): Promise<Map<string, Frame>> {
    return (await reading()).readSeries(this, labels, options);
  }

  downsample(options: DownsampleManyOptions & { align: true }): Promise<Aligned>;
  downsample(options: DownsampleManyOptions & { align?: false }): Promise<Map<string, Downsampled>>;
  downsample(options: DownsampleManyOptions): Promise<Aligned | Map<string, Downsampled>>;
  async downsample(options: DownsampleManyOptions) {
    return (await downsampling()).downsampleSeries(this, options);
  }

  async has(label: string, options: CallOptions = {}): Promise<boolean> {
    return (await reading()).hasSeries(this, label, options);
  }

  series(label: string): Series {
    return new EngineSeries(this, checkLabel(label));
  }

  async log(options: LogOptions = {}): Promise<(Revision & RevisionDetails)[]> {
    return (await history()).log(this, options);
  }

  async refresh({ signal }: CallOptions = {}): Promise<void> {
    for (const one of [this, this.repo.registry().collection, this.descriptions]) one?.changelog.refresh();
    await this.changelog.recentLog(this.untilClosed(signal));
  }

  async batch(
    work: (batch: Batch) => Promise<unknown>,
    options: ChangeOptions = {},
  ): Promise<ChangeReport | undefined> {
    throwIfAborted(this.repo.closed);
    const { collectChanges } = await operations();
    const transaction = await this.transaction();
    await collectChanges(transaction, work, this.untilClosed(options.signal));
    return this.commit(transaction, options);
  }

  /** Starts a transaction. It changes nothing before {@link commit}. */
  async transaction(): Promise<Transaction> {
    return (await operations()).startTransaction(this);
  }

  /** Commits a transaction. Returns undefined if nothing changed. */
  commit(transaction: Transaction, { note, signal }: ChangeOptions): Promise<ChangeReport | undefined> {
    return this.exclusively((ending) => transaction.commit(this.changelog, note, ending), signal);
  }

  async info(options: InfoOptions = {}): Promise<CollectionDescription> {
    return (await descriptions()).info(this, options);
  }

  async describe(change: DescriptionChange, options: ChangeOptions = {}): Promise<ChangeReport | undefined> {
    return (await operations()).describe(this, change, options);
  }

  drop(labels: string | readonly string[], options: ChangeOptions = {}): Promise<ChangeReport | undefined> {
    return this.batch((batch) => batch.drop(labels), options);
  }

  rename(label: string, to: string, options: ChangeOptions = {}): Promise<ChangeReport | undefined> {
    return this.batch((batch) => batch.rename(label, to), options);
  }

  async diff(from: RevisionRef, to: RevisionRef, options: DiffOptions = {}): Promise<RangeChange[]> {
    return (await operations()).diff(this, from, to, options);
  }

  async revert(to: RevisionRef, options: ChangeOptions = {}): Promise<ChangeReport | undefined> {
    return (await operations()).revert(this, to, options);
  }

  async merge(options: ChangeOptions = {}): Promise<MergeReport> {
    return (await operations()).merge(this, options);
  }

  async trim(options: TrimOptions = {}): Promise<TrimReport> {
    return (await operations()).trim(this, options);
  }

  async defrag(options: DefragOptions = {}): Promise<DefragReport> {
    return (await operations()).defrag(this, options);
  }

  async pin(options: PinOptions = {}): Promise<PinReport> {
    return (await operations()).pin(this, options);
  }

  async unpin(series?: string | readonly string[], options: CallOptions = {}): Promise<void> {
    return (await operations()).unpin(this, series, options);
  }

  async pinned(): Promise<string[]> {
    return (await operations()).pinned(this);
  }

  watch(listener: ChangeListener, options?: WatchOptions): () => void;
  watch(options?: WatchOptions): AsyncIterableIterator<Change>;
  watch(first?: ChangeListener | WatchOptions, options?: WatchOptions) {
    return watchChanges(this, undefined, first, options);
  }

  watchSeries(label: string, first?: ChangeListener | WatchOptions, options?: WatchOptions) {
    return watchChanges(this, label, first, options);
  }

  /** Waits for the next change after the heads `since`: see `nextChange` in watch.ts. */
  async nextChange(since: readonly string[] | undefined, options: PollOptions): Promise<PollResult> {
    const signal = this.untilClosed(options.signal);
    return (await operations()).nextChange(this, since, { ...options, signal });
  }

  async exclusively<T>(
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const ending = this.untilClosed(signal);
    throwIfAborted(ending);
    const result = await this.#commits.run(() => work(ending), ending);
    await this.repo.changed(this.changelog, ending);
    return result;
  }
}
