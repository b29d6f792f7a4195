import { Mutex } from "../../async/mutex.ts";
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
import { type PollResult, pollChanges, WATCH_INTERVAL } from "../../async/poll.ts";
import { isUnreachable } from "../../stores/cache/cache-store.ts";
import type { ReadSource } from "../read/read-context.ts";
import type { ChunkWriter } from "../write/chunk-writer.ts";
import type { Transaction } from "../write/transaction.ts";
import { listRevisions } from "./log.ts";
import type { RepoContext } from "./repo-context.ts";
import { EngineSeries } from "./series.ts";

/** A collection whose work is done on this thread. */
export class EngineCollection implements Collection {
  readonly label: string;
  readonly schema: Schema;
  /** Its folder in the store. */
  readonly path: string;
  readonly #changelog: Changelog;
  readonly repo: RepoContext;
  /** Commits come one after the other, as far as can be seen to from here: two at once would make two heads. */
  readonly #commits: Mutex;

  constructor(label: string, schema: Schema, path: string, workshop: RepoContext) {
    this.label = label;
    this.schema = schema;
    this.path = path;
    this.repo = workshop;
    this.#changelog = new Changelog(workshop.store, path, schema, workshop.maxAge);
    this.#commits = new Mutex(`lakota ${workshop.store.uri} ${path}`);
  }

  /** Its revisions, for what works on a whole repo. */
  get changelog(): Changelog {
    return this.#changelog;
  }

  get source(): ReadSource {
    return this.repo.source;
  }

  async state(before?: string, signal?: AbortSignal): Promise<State> {
    throwIfAborted(this.repo.closed);
    return this.#changelog.state(before, this.untilClosed(signal));
  }

  /**
   * Reads what the heads show; of what is pinned that, where the store has newer that cannot be fetched. What is asked for as
   * of a time (`before`) is answered exactly or not at all.
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
      const late = await import("./operations.ts").catch(() => {
        throw error;
      });
      return late.readLocalState(this.#changelog, this.repo.store, error, work, this.untilClosed(signal));
    }
  }

  /** A signal that fires with the caller's, and when the repo is closed. */
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
    return listRevisions(this.#changelog, options, this.untilClosed(options.signal));
  }

  async refresh({ signal }: CallOptions = {}): Promise<void> {
    this.#changelog.refresh();
    await this.#changelog.log(undefined, signal);
  }

  async batch<T>(work: (batch: Batch) => Promise<T>, options: ChangeOptions = {}): Promise<T> {
    throwIfAborted(this.repo.closed);
    const { Transaction } = await import("./operations.ts");
    const transaction = new Transaction(this);
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

  /** Answers the revision; undefined where nothing changed. */
  commit(transaction: Transaction, { note, signal }: ChangeOptions): Promise<string | undefined> {
    return this.#exclusively((ending) => transaction.commit(this.#changelog, note, ending), signal);
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
    const { diff } = await import("./operations.ts");
    return diff(this.#changelog, ids, options, { schema: this.schema, source: this.source, signal });
  }

  async revert(to: RevisionRef, options: ChangeOptions = {}): Promise<void> {
    const { revert } = await import("./operations.ts");
    const writer = await this.#writer();
    await this.#exclusively(async (signal) => {
      const id = await this.#resolve(to, signal);
      return revert(this.#changelog, writer, id, options, signal);
    }, options.signal);
  }

  async merge(options: ChangeOptions = {}): Promise<MergeReport> {
    const { merge } = await import("./operations.ts");
    const writer = await this.#writer();
    return this.#exclusively((signal) => merge(this.#changelog, writer, options, signal), options.signal);
  }

  async trim(options: TrimOptions = {}): Promise<TrimReport> {
    const { trim } = await import("./operations.ts");
    const { store } = this.repo;
    return this.#exclusively((signal) => trim(this.#changelog, store, options, signal), options.signal);
  }

  async defrag(options: DefragOptions = {}): Promise<DefragReport> {
    const { defrag } = await import("./operations.ts");
    return this.#exclusively((signal) => defrag(this, options, signal), options.signal);
  }

  async pin(options: PinOptions = {}): Promise<PinReport> {
    const { pin } = await import("./operations.ts");
    const { path, schema, repo: workshop } = this;
    return pin(
      { path, schema, changelog: this.#changelog, workshop },
      options,
      this.untilClosed(options.signal),
    );
  }

  async unpin(series?: string | readonly string[]): Promise<void> {
    const { unpin } = await import("./operations.ts");
    return unpin(
      this.repo,
      this.path,
      series === undefined ? undefined : [series].flat(),
      this.untilClosed(undefined),
    );
  }

  async pinned(): Promise<string[]> {
    const { pinned } = await import("./operations.ts");
    return pinned(this.repo, this.path);
  }

  watch(listener: (change: Change) => void, options: WatchOptions = {}): () => void {
    return this.#watch(undefined, listener, options);
  }

  /** What {@link Series.watch} does. */
  watchSeries(label: string, listener: (change: Change) => void, options: WatchOptions): () => void {
    return this.#watch(label, listener, options);
  }

  #watch(label: string | undefined, listener: (change: Change) => void, options: WatchOptions): () => void {
    const every = options.every ?? WATCH_INTERVAL;
    const next = (since: readonly string[] | undefined, signal: AbortSignal) =>
      this.nextChange(since, { every, label, signal });
    return pollChanges(next, listener, options);
  }

  /** What is new since the heads `since`: see `nextChange` in watch.ts. */
  async nextChange(
    since: readonly string[] | undefined,
    { every, label, signal }: { every: number; label?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<PollResult> {
    const { nextChange } = await import("./operations.ts");
    const options = { every, label, signal: this.untilClosed(signal) };
    return nextChange(this.#changelog, this.repo.store, since, options);
  }

  async #resolve(ref: RevisionRef, signal: AbortSignal): Promise<string> {
    throwIfAborted(signal);
    return this.#changelog.resolve(typeof ref === "string" ? ref : ref.id, signal);
  }

  async #writer(): Promise<ChunkWriter> {
    const { writerOf } = await import("./operations.ts");
    return writerOf(this.repo);
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

/** @throws `invalid-argument` */
function checkLabel(label: string): string {
  if (typeof label === "string" && label !== "") return label;
  throw new LakotaError("invalid-argument", "A series needs a label that is not empty.");
}
