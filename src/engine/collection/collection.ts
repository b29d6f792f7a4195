import { lazy } from "../../async/lazy.ts";
import { Mutex } from "../../async/mutex.ts";
import { type PollResult, pollChanges, WATCH_INTERVAL } from "../../async/poll.ts";
import { Changelog, type State } from "../../changelog/changelog.ts";
import { labelsOf } from "../../changelog/segment-table.ts";
import type { Batch, Collection, PinOptions, PinReport } from "../../model/api/collection.ts";
import type {
  Change,
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
import type { CallOptions, ChangeOptions } from "../../model/api/options.ts";
import type { Series } from "../../model/api/series.ts";
import { BatchGuard } from "../../model/batch-guard.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { Schema } from "../../model/schema.ts";
import { isUnreachable } from "../../stores/store.ts";
import type { Transaction } from "../write/transaction.ts";
import type { CollectionContext } from "./collection-context.ts";
import { listRevisions } from "./log.ts";
import type { RepoContext } from "./repo-context.ts";
import { EngineSeries, type SeriesHost } from "./series.ts";

/** Everything but reading. Loaded on demand, since most users only read. */
const operations = lazy(() => import("./operations.ts"));

/** A collection whose work is done on the current thread. */
export class EngineCollection implements Collection, CollectionContext, SeriesHost {
  readonly label: string;
  readonly schema: Schema;
  readonly path: string;
  readonly changelog: Changelog;
  readonly repo: RepoContext;
  /** Serialises commits, as far as this origin reaches: two concurrent commits would make two heads. */
  readonly #commits: Mutex;

  constructor(label: string, schema: Schema, path: string, repo: RepoContext) {
    this.label = label;
    this.schema = schema;
    this.path = path;
    this.repo = repo;
    this.changelog = new Changelog(repo.store, path, schema, repo.maxAge);
    this.#commits = new Mutex(`lakota ${repo.store.uri} ${path}`);
  }

  /** Returns the merged state of all heads; with `before` (an epoch), their state right before it. */
  async state(before?: string, signal?: AbortSignal): Promise<State> {
    throwIfAborted(this.repo.closed);
    return this.changelog.state(before, this.untilClosed(signal));
  }

  /**
   * Runs `work` on the current state. If the store cannot be reached, falls back to the newest state that is stored on
   * this device. A state asked for by time (`before`) is exact or an error.
   */
  async readState<T>(
    work: (state: State) => Promise<T>,
    before: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    try {
      return await work(await this.state(before, signal));
    } catch (error) {
      if (before !== undefined || !isUnreachable(error)) throw error;
      const { readLocalState } = await operations().catch(() => {
        throw error;
      });
      return readLocalState(this.changelog, this.repo.store, error, work, this.untilClosed(signal));
    }
  }

  /** Returns a signal that fires with the caller's, and when the repo is closed. */
  untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const { closed } = this.repo;
    return AbortSignal.any(signal ? [closed, signal] : [closed]);
  }

  async ls({ signal }: CallOptions = {}): Promise<string[]> {
    return this.readState(async ({ commit }) => labelsOf(commit.table), undefined, signal);
  }

  series(label: string): Series {
    return new EngineSeries(this, checkLabel(label));
  }

  async log(options: LogOptions = {}): Promise<(Revision & RevisionDetails)[]> {
    throwIfAborted(this.repo.closed);
    const signal = this.untilClosed(options.signal);
    const revisions = await listRevisions(this.changelog, options, signal);
    if (!options.details) return revisions;
    const { withDetails } = await operations();
    return withDetails(this.changelog, revisions, signal);
  }

  async refresh({ signal }: CallOptions = {}): Promise<void> {
    this.changelog.refresh();
    await this.changelog.log(undefined, signal);
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    throwIfAborted(this.repo.closed);
    const transaction = await this.transaction();
    const guard = new BatchGuard();
    try {
      const result = await work({
        series: (label) => {
          checkLabel(label);
          return {
            write: (frame, options = {}) => guard.run(() => transaction.write(label, frame, options)),
            update: (frame) => guard.run(() => transaction.update(label, frame)),
            delete: (options) => guard.run(() => transaction.delete(label, options)),
          };
        },
        drop: (labels) => guard.run(() => transaction.drop([labels].flat().map(checkLabel))),
        rename: (label, to) => guard.run(() => transaction.rename(checkLabel(label), checkLabel(to))),
      });
      guard.end();
      await this.commit(transaction, options);
      return result;
    } finally {
      guard.end();
    }
  }

  /** Starts a transaction. It changes nothing before {@link commit}. */
  async transaction(): Promise<Transaction> {
    const { Transaction, writeContext } = await operations();
    return new Transaction(writeContext(this));
  }

  /** Commits a transaction. Returns the revision; undefined if nothing changed. */
  commit(transaction: Transaction, { note, signal }: ChangeOptions): Promise<string | undefined> {
    return this.#exclusively((ending) => transaction.commit(this.changelog, note, ending), signal);
  }

  drop(labels: string | readonly string[], options: ChangeOptions = {}): Promise<void> {
    return this.batch((batch) => batch.drop(labels), options);
  }

  rename(label: string, to: string, options: ChangeOptions = {}): Promise<void> {
    return this.batch((batch) => batch.rename(label, to), options);
  }

  async diff(from: RevisionRef, to: RevisionRef, options: DiffOptions = {}): Promise<RangeChange[]> {
    const signal = this.untilClosed(options.signal);
    const ids = await Promise.all([this.#resolve(from, signal), this.#resolve(to, signal)]);
    const { diff } = await operations();
    return diff(this.changelog, ids, options, { schema: this.schema, source: this.repo.source, signal });
  }

  async revert(to: RevisionRef, options: ChangeOptions = {}): Promise<void> {
    const { revert, writeContext } = await operations();
    await this.#exclusively(async (signal) => {
      const id = await this.#resolve(to, signal);
      return revert(this.changelog, writeContext(this).writer, id, options, signal);
    }, options.signal);
  }

  async merge(options: ChangeOptions = {}): Promise<MergeReport> {
    const { merge, writeContext } = await operations();
    return this.#exclusively(
      (signal) => merge(this.changelog, writeContext(this).writer, options, signal),
      options.signal,
    );
  }

  async trim(options: TrimOptions = {}): Promise<TrimReport> {
    const { trim } = await operations();
    const { store } = this.repo;
    return this.#exclusively((signal) => trim(this.changelog, store, options, signal), options.signal);
  }

  async defrag(options: DefragOptions = {}): Promise<DefragReport> {
    const { defrag } = await operations();
    return this.#exclusively((signal) => defrag(this, options, signal), options.signal);
  }

  async pin(options: PinOptions = {}): Promise<PinReport> {
    const { pin } = await operations();
    return pin(this, options, this.untilClosed(options.signal));
  }

  async unpin(series?: string | readonly string[], { signal }: CallOptions = {}): Promise<void> {
    const { unpin } = await operations();
    return unpin(this, series === undefined ? undefined : [series].flat(), this.untilClosed(signal));
  }

  async pinned(): Promise<string[]> {
    const { pinned } = await operations();
    return pinned(this);
  }

  watch(listener: (change: Change) => void, options: WatchOptions = {}): () => void {
    return this.watchSeries(undefined, listener, options);
  }

  /** Like {@link watch}, for one series if a label is given. */
  watchSeries(
    label: string | undefined,
    listener: (change: Change) => void,
    options: WatchOptions,
  ): () => void {
    const every = options.every ?? WATCH_INTERVAL;
    const next = (since: readonly string[] | undefined, signal: AbortSignal) =>
      this.nextChange(since, { every, label, signal });
    return pollChanges(next, listener, options);
  }

  /** Waits for the next change after the heads `since`: see `nextChange` in watch.ts. */
  async nextChange(
    since: readonly string[] | undefined,
    { every, label, signal }: { every: number; label?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<PollResult> {
    const { nextChange } = await operations();
    const options = { every, label, signal: this.untilClosed(signal) };
    return nextChange(this.changelog, this.repo.store, since, options);
  }

  async #resolve(ref: RevisionRef, signal: AbortSignal): Promise<string> {
    throwIfAborted(signal);
    return this.changelog.resolve(typeof ref === "string" ? ref : ref.id, signal);
  }

  async #exclusively<T>(
    work: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const ending = this.untilClosed(signal);
    throwIfAborted(ending);
    const result = await this.#commits.run(() => work(ending), ending);
    await this.repo.changed();
    return result;
  }
}

/** Returns a valid label. @throws `invalid-argument` */
function checkLabel(label: string): string {
  if (typeof label === "string" && label !== "") return label;
  throw new LakotaError("invalid-argument", "The label of a series must be a non-empty text.");
}
