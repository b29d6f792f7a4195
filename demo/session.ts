import { type Collection, LakotaError, type ReadProgress, type Repo } from "lakota";
import type { ChartData, ChartSource, XRange } from "./chart/chart-data.ts";
import { openRepo } from "./connection/connect.ts";
import { addressProblem, type Settings } from "./connection/settings.ts";
import { KnownFirst } from "./data/known-first.ts";
import { readInfo } from "./data/read-info.ts";
import { LatestRequest } from "./latest-request.ts";
import {
  emptyProblem,
  filterProblem,
  missingCollection,
  missingSeries,
  rangeProblem,
} from "./state/explanations.ts";
import {
  type DetailedRevision,
  FIRST_LABELS,
  hasAllLabels,
  type Page,
  PageState,
} from "./state/page-state.ts";
import { nothing, type Problem } from "./state/problem.ts";
import { readShown } from "./state/read-shown.ts";
import { freshTarget, NO_TARGET, type Target } from "./state/target.ts";

export interface SessionEvents {
  /** The state of the page has changed. */
  changed(page: Page, former: Page): void;
  /** Reading for another picture starts. `repo` is undefined before one is open. */
  reading(repo: Repo | undefined): Promise<void>;
  progress(progress: ReadProgress): void;
  /** Draws a chart. Undefined if the signal has fired. @param keepView whether the zoomed range stays in view */
  draw(
    source: ChartSource,
    options: { signal: AbortSignal; keepView: boolean; view: XRange | undefined },
  ): Promise<ChartData | undefined>;
  /** A result is shown, and the store has confirmed it or cannot be reached. */
  settled(): Promise<void>;
  /** The store cannot confirm what is shown. */
  unconfirmed(): void;
}

/**
 * How an app uses Lakota: opens a repository, a collection and its series, and reads them. Each call changes the state
 * of the page step by step; a later call ends an earlier one. Independent of the DOM.
 */
export class Session {
  readonly #home: Settings | undefined;
  readonly #events: SessionEvents;
  readonly #state: PageState;
  readonly #requests: LatestRequest;
  #repo: Repo | undefined;
  /** The reads of the current state: they resolve to what the last visit knew until the store has answered. */
  #reads = new KnownFirst();

  /** @param home the page's default repository */
  constructor(home: Settings | undefined, events: SessionEvents) {
    this.#home = home;
    this.#events = events;
    this.#state = new PageState((page, former) => events.changed(page, former));
    this.#requests = new LatestRequest({
      started: () => this.#state.begin(),
      ended: () => this.#state.end(),
      cancelled: (retry) => this.#state.fail({ kind: "cancelled", retry }),
      failed: (error, retry) => this.#state.fail(this.#problemOf(error, retry)),
    });
  }

  get page(): Page {
    return this.#state.page;
  }

  get repo(): Repo | undefined {
    return this.#repo;
  }

  /** Fires when the latest request is cancelled or superseded. */
  get signal(): AbortSignal {
    return this.#requests.signal;
  }

  /** The settings that a link has to contain; undefined for the page's default repository. */
  get sharedSettings(): Settings | undefined {
    const { settings } = this.page;
    return settings === this.#home ? undefined : settings;
  }

  cancel(): void {
    this.#requests.cancel();
  }

  /** Shows an error that occurred outside of requests. */
  fail(error: unknown): void {
    this.#state.fail({ kind: "error", error, retry: () => this.show(this.page.target) });
  }

  /**
   * Opens a repository, and in it what `target` names.
   *
   * @param orFirst whether the first collection is shown instead of one that is missing: the target is that of
   * the repository before
   */
  async connect(settings: Settings, target: Target, orFirst = false): Promise<void> {
    this.#repo?.close();
    this.#repo = undefined;
    this.#reads = new KnownFirst();
    this.#state.connecting(settings, target);
    const retry = () => void this.connect(settings, this.page.target, orFirst);
    await this.#requests.run(async (signal) => {
      await this.#events.reading(undefined);
      const problem = addressProblem(settings.uri);
      if (problem) return this.#state.fail(nothing("Invalid address", problem, { connection: true }));
      const repo = await openRepo(settings);
      if (signal.aborted) repo.close();
      signal.throwIfAborted();
      this.#repo = repo;
      const { collection } = target;
      const collections = await this.#reads.take<string[]>((onStale) => repo.ls({ onStale }), {
        suffices: (known) => (collection === undefined ? known.length > 0 : known.includes(collection)),
        signal,
      });
      signal.throwIfAborted();
      this.#state.connected(collections);
      const isElsewhere = orFirst && collection !== undefined && !collections.includes(collection);
      await this.#read(isElsewhere ? NO_TARGET : target, signal, false);
      void this.#confirm(signal);
    }, retry);
  }

  /**
   * Shows what a target names.
   *
   * @param keepView whether the zoomed range stays in view
   */
  show(target: Target, keepView = false): void {
    const { connection, settings } = this.page;
    if (connection !== "open") return void this.connect(settings, target);
    void this.#request(target, (signal) => this.#read(target, signal, keepView));
  }

  /** Shows another collection or other series. The zoom is reset. */
  select(collection: string, series: readonly string[] = []): void {
    const { target } = this.page;
    const { range, where, resample, shape, log, zone } = target;
    // While one collection is looked at, its rows are chosen and drawn alike.
    const kept = collection === target.collection ? { range, where, resample, shape, log } : {};
    this.show({ ...freshTarget(collection, series), zone, ...kept });
  }

  /** Returns a collection of the open repository, to list and describe its series. */
  async collection(label: string, signal: AbortSignal): Promise<Pick<Collection, "ls" | "info">> {
    const { open } = this.page;
    if (open?.collection.label === label) return open.collection;
    if (!this.#repo) throw new Error("No repository is open.");
    return this.#repo.collection(label, { allowStale: true, signal });
  }

  /** Reads again what is shown. Selection and view stay. */
  reload(): void {
    this.show(this.page.target, true);
  }

  /** Another part of the x axis is read by the chart. */
  beginView(): void {
    void this.#events.reading(this.#repo);
  }

  /** Another part of the x axis is drawn. */
  endView({ range, rows }: ChartData): void {
    this.#state.showRange(range, rows);
    // What the store has refused, it does not confirm because of a zoom; and one wait confirms all.
    if (this.page.confirmation === "confirmed") void this.#confirm(this.signal);
  }

  /** How it is drawn has changed, which needs no read. */
  refine(parts: Partial<Omit<Target, "collection">>): void {
    this.#state.refine(parts);
  }

  /** Makes the state of a revision the current state, as a new revision. */
  restore({ id, time }: DetailedRevision): void {
    const target = { ...this.page.target, moment: undefined, compare: undefined };
    void this.#request(target, async (signal) => {
      const note = { message: `Restore the state of ${time.toISOString().slice(0, 19)}` };
      await this.page.open?.collection.revert(id, { signal, note });
      await this.#relist(signal);
      await this.#read(target, signal, true);
    });
  }

  /** Joins all heads of the collection. */
  merge(): void {
    const { target } = this.page;
    void this.#request(target, async (signal) => {
      await this.page.open?.collection.merge({ signal, note: { message: "Merge" } });
      await this.#read(target, signal, true);
    });
  }

  /** What is no longer there may be there again, but as something else: then the repository is opened anew. */
  #problemOf(error: unknown, retry: () => void): Problem {
    const { settings, target } = this.page;
    const reconnect = () => void this.connect(settings, target);
    return { kind: "error", error, retry: isNotFound(error) ? reconnect : retry };
  }

  /** Runs `work` as the latest request, which leads to `target`. */
  #request(target: Target, work: (signal: AbortSignal) => Promise<void>, isRefresh = false): Promise<void> {
    const retry = () => void this.#request(target, (signal) => this.#read(target, signal, false));
    return this.#requests.run(async (signal) => {
      this.#state.aimAt(target);
      await this.#events.reading(this.#repo);
      await work(signal);
      void this.#confirm(signal, isRefresh);
    }, retry);
  }

  /** Reads and shows a target, or says why that is not possible. */
  async #read(wanted: Target, signal: AbortSignal, keepView: boolean): Promise<void> {
    const target = await this.#open(wanted, signal);
    if (!target) return;
    const { open } = this.page;
    if (!open) throw new Error("No collection is open.");
    const showAll = () => this.show({ ...target, range: NO_TARGET.range, view: undefined });
    const removeFilter = () => this.show({ ...target, where: undefined });
    const wrong =
      rangeProblem(open.collection, target, showAll) ??
      (await filterProblem(open.collection, target, removeFilter));
    signal.throwIfAborted();
    if (wrong) {
      this.#state.fail(wrong);
      return;
    }
    const shown = await readShown(open, target, {
      reads: this.#reads,
      signal,
      onProgress: (progress) => this.#events.progress(progress),
      draw: (source, view) => this.#events.draw(source, { signal, keepView, view }),
    });
    signal.throwIfAborted();
    this.#state.show(shown);
    const empty = emptyProblem(shown, target, { showAll, removeFilter });
    if (empty) this.#state.remark(empty);
  }

  /**
   * Opens the collection of a target. Returns the target with the names of the collection and series that are shown by
   * default; undefined if one is missing, which the page then says.
   */
  async #open(wanted: Target, signal: AbortSignal): Promise<Target | undefined> {
    const { collections } = this.page;
    const label = wanted.collection ?? collections[0];
    if (label === undefined || collections.length === 0) {
      const advice = "Create one with Lakota, or choose another address.";
      this.#state.fail(nothing("No collections yet", advice, { connection: true }));
      return undefined;
    }
    let target: Target = { ...wanted, collection: label };
    this.#state.aimAt(target);
    if (!collections.includes(label)) {
      this.#state.fail(missingCollection(label, collections, (other) => this.select(other)));
      return undefined;
    }
    const labels = this.page.open?.labels ?? (await this.#openCollection(label, target.series, signal));
    const [first] = labels;
    if (first === undefined) {
      this.#state.fail(nothing("No series yet", `The collection “${label}” is empty.`));
      return undefined;
    }
    if (target.series.length === 0) {
      target = { ...target, series: [first] };
      this.#state.aimAt(target);
    }
    const existing = await this.#existing(target.series, labels, signal);
    const missing = target.series.filter((name) => !existing.includes(name));
    if (missing.length === 0) return target;
    const choose = (series: readonly string[]) => this.show({ ...wanted, series });
    const near = hasAllLabels({ labels }) ? labels : [...labels, ...(await this.#near(missing[0]!, signal))];
    this.#state.fail(missingSeries(label, missing, existing, near, choose));
    return undefined;
  }

  /** Returns those of some series that the open collection has. `labels` are its first ones. */
  async #existing(
    names: readonly string[],
    labels: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const { collection } = this.page.open ?? {};
    if (!collection) throw new Error("No collection is open.");
    const exists = async (name: string) => {
      if (labels.includes(name) || hasAllLabels({ labels })) return labels.includes(name);
      // Of the labels that begin with a name, the name itself is the first.
      const list = (onStale: (known: string[]) => void) => collection.ls({ prefix: name, limit: 1, onStale });
      const [found] = await this.#reads.take<string[]>(list, {
        suffices: ([known]) => known === name,
        signal,
      });
      return found === name;
    };
    const isThere = await Promise.all(names.map(exists));
    signal.throwIfAborted();
    return names.filter((_, i) => isThere[i]);
  }

  /** Returns labels of the open collection that begin as one does which it lacks. */
  async #near(label: string, signal: AbortSignal): Promise<string[]> {
    const prefix = label.slice(0, Math.ceil(label.length / 2));
    const near = (await this.page.open?.collection.ls({ prefix, limit: FIRST_LABELS, signal })) ?? [];
    signal.throwIfAborted();
    return near;
  }

  /**
   * Opens a collection in its current state, and lists its first series. If these are all, `wanted` are among them, if
   * they exist.
   */
  async #openCollection(
    label: string,
    wanted: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    if (!this.#repo) throw new Error("No repository is open.");
    const collection = await this.#repo.collection(label, { allowStale: true, signal });
    const list = (onStale: (known: string[]) => void) => collection.ls({ limit: FIRST_LABELS, onStale });
    const [labels, info] = await Promise.all([
      this.#reads.take<string[]>(list, {
        suffices: (known) =>
          known.length > 0 &&
          (!hasAllLabels({ labels: known }) || wanted.every((name) => known.includes(name))),
        signal,
      }),
      readInfo(collection, { reads: this.#reads, signal }),
    ]);
    signal.throwIfAborted();
    this.#state.opened({ collection, labels, info });
    return labels;
  }

  /**
   * Waits until the store has confirmed what is shown. If it has something else, that is read, once: whoever writes all
   * the time is followed by "Live".
   */
  async #confirm(signal: AbortSignal, isRefresh = false): Promise<void> {
    if (signal.aborted) return;
    this.#state.confirm("waiting");
    try {
      await this.#reads.settled();
      if (signal.aborted) return;
      this.#state.confirm("confirmed");
      if (this.#reads.changed && !isRefresh) {
        this.#refresh();
        return;
      }
      await this.#events.settled();
    } catch (error) {
      if (signal.aborted) return;
      this.#events.unconfirmed();
      this.#state.confirm("failed");
      const problem = this.#problemOf(error, () => this.reload());
      // What was known before stays, unless the store no longer has it.
      if (isNotFound(error)) this.#state.fail(problem);
      else this.#state.remark(problem);
    }
  }

  /** Lists again, and reads again what is shown. Selection and view stay. */
  #refresh(): void {
    const { target } = this.page;
    const work = async (signal: AbortSignal) => {
      this.#reads.changed = false;
      await this.#relist(signal);
      await this.#read(target, signal, true);
    };
    void this.#request(target, work, true);
  }

  /** Lists the collections again, and the first series of the open one. */
  async #relist(signal: AbortSignal): Promise<void> {
    const [collections = [], labels = []] = await Promise.all([
      this.#repo?.ls({ signal }),
      this.page.open?.collection.ls({ limit: FIRST_LABELS, signal }),
    ]);
    signal.throwIfAborted();
    this.#state.relisted(collections, labels);
  }
}

const isNotFound = (error: unknown): boolean => error instanceof LakotaError && error.code === "not-found";
