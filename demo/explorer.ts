import { LakotaError, type Revision } from "lakota";
import { Chart } from "./chart/chart.ts";
import type { ChartData } from "./chart/chart-data.ts";
import { ChartControls } from "./chart/controls.ts";
import { connectionName } from "./connection/connect.ts";
import { ConnectionForm } from "./connection/connection-form.ts";
import { ConnectionStatus } from "./connection/connection-status.ts";
import type { Settings } from "./connection/settings.ts";
import type { Range } from "./data/range.ts";
import { EditDialog } from "./edit/edit-dialog.ts";
import { Timeline } from "./history/timeline.ts";
import { LatestRequest } from "./latest-request.ts";
import { showCollectionInfo } from "./page/collection-info.ts";
import { byId } from "./page/dom.ts";
import { exportCsv, exportPng, save } from "./page/download.ts";
import { formatQuantity } from "./page/format.ts";
import { LiveButton } from "./page/live-button.ts";
import { MessagePanel } from "./page/message-panel.ts";
import { OfflinePanel } from "./page/offline-panel.ts";
import { ProgressBar } from "./page/progress-bar.ts";
import { ReadStatistics } from "./page/read-statistics.ts";
import { RowsTable } from "./page/rows-table.ts";
import { Sidebar } from "./page/sidebar.ts";
import { Toolbar } from "./page/toolbar.ts";
import { UnconfirmedNote } from "./page/unconfirmed-note.ts";
import { readUrl, writeUrl } from "./page/url-state.ts";
import { Session } from "./session.ts";

const element = (id: string) => byId(id, HTMLElement);

/**
 * The page: connects its parts to the session. A change of the session starts a request that shows the
 * result.
 */
export class Explorer {
  readonly #session: Session;
  readonly #requests = new LatestRequest({
    started: () => this.#showStarted(),
    ended: () => this.#showEnded(),
    cancelled: (retry) => this.#showCancelled(retry),
    failed: (error, retry) => this.#showError(error, retry),
  });
  /** Shows an error that occurred outside of requests. */
  readonly #onError = (error: unknown) => this.#showError(error, () => this.#read());
  readonly #form = new ConnectionForm((settings) => void this.connect(settings));
  readonly #connection = new ConnectionStatus(() => this.#read(true));
  readonly #message = new MessagePanel(() => this.openForm());
  readonly #progress = new ProgressBar();
  readonly #statistics = new ReadStatistics();
  readonly #sidebar = new Sidebar({
    collection: (label) => this.#selectCollection(label),
    series: (labels) => this.#selectSeries(labels),
  });
  readonly #toolbar = new Toolbar(
    (range) => this.#selectRange(range),
    () => this.#read(),
  );
  readonly #chart = new Chart(element("chart"), {
    view: (view) => this.#controls.show(view, this.#session.dataSource?.timeZone, this.#session.before),
    loaded: (data) => {
      this.#onChartData(data);
      void this.#confirm(this.#requests.signal);
    },
    cursor: (text) => this.#controls.showCursor(text),
    announce: (text) => this.#announce(text),
    failed: this.#onError,
  });
  readonly #controls = new ChartControls(this.#chart);
  readonly #unconfirmed = new UnconfirmedNote((text) => this.#announce(text));
  readonly #table = new RowsTable(this.#onError);
  readonly #live = new LiveButton((sentence) => this.#onUpdate(sentence), element("live-toggle"));
  readonly #offline = new OfflinePanel(this.#onError);
  readonly #edit = new EditDialog((sentence) => this.#onWritten(sentence));
  readonly #timeline = new Timeline({
    select: (before) => this.#selectState(before),
    restore: (revision) => this.#restore(revision),
    marks: (marks) => {
      this.#chart.marks = marks;
    },
    failed: this.#onError,
  });

  /** @param home the page's default repository, which links to the page do not have to contain */
  constructor(home: Settings | undefined) {
    this.#session = new Session(home, readUrl().range);
    element("connection").addEventListener("click", () => this.openForm());
    element("cancel").addEventListener("click", () => this.#requests.cancel());
    element("edit-open").addEventListener("click", () => this.#openEdit());
    element("csv").addEventListener("click", () => this.#download("csv"));
    element("png").addEventListener("click", () => this.#download("png"));
    addEventListener("hashchange", () => this.#onHashChange());
  }

  /** Shows the page where neither its build nor the link contains a repository. */
  welcome(): void {
    const advice = "Enter the address of a bucket, or of a published repository on any web host.";
    this.#message.showEmpty("No repository is open", advice, true);
    this.openForm();
  }

  openForm(): void {
    this.#form.open(this.#session.settings);
  }

  /** Opens a repository and shows the collection and series of the page's URL, or the first ones. */
  async connect(settings: Settings): Promise<void> {
    const session = this.#session;
    session.reset(settings);
    this.#leaveCollection();
    this.#sidebar.show([], undefined, [], []);
    this.#toolbar.hide();
    this.#clear();
    this.#connection.connecting(connectionName(settings));
    const work = async (signal: AbortSignal) => {
      const { collection, series } = readUrl();
      await session.connect(collection, signal);
      if (session.collections.length === 0) {
        this.#setTitle("An empty repository");
        const advice = "Create one with Lakota, or choose another address.";
        this.#message.showEmpty("No collections yet", advice, true);
        return;
      }
      await this.#openCollection(labelOrFirst(session.collections, collection), series, signal);
    };
    await this.#request("Connecting", work, () => this.connect(settings));
  }

  /** Runs `work` as the latest request, with `title` as the page's title. */
  #request(
    title: string,
    work: (signal: AbortSignal) => Promise<void>,
    retry: () => void,
    isRefresh = false,
  ): Promise<void> {
    this.#setTitle(title);
    return this.#requests.run(async (signal) => {
      await this.#statistics.start(this.#session.repo);
      await work(signal);
      void this.#confirm(signal, isRefresh);
    }, retry);
  }

  /**
   * Waits until the store has confirmed what is shown. If it has something else, that is read, once: whoever writes all
   * the time is followed by "Live".
   */
  async #confirm(signal: AbortSignal, isRefresh = false): Promise<void> {
    const { repo, collection, allLabels, reads } = this.#session;
    if (signal.aborted) return;
    this.#unconfirmed.wait();
    try {
      await reads.settled();
      if (signal.aborted) return;
      this.#unconfirmed.hide();
      if (reads.changed && !isRefresh) {
        this.#refresh();
        return;
      }
      await this.#connection.show(repo, collection);
      if (repo && collection) await this.#offline.show(repo, collection, allLabels);
    } catch (error) {
      if (!signal.aborted) this.#showUnconfirmed(error);
    }
  }

  /** Reads again what is shown. Selection and view stay. */
  #refresh(): void {
    const session = this.#session;
    const { collection, labels } = session;
    if (!collection) return;
    const { label } = collection;
    const work = async (signal: AbortSignal) => {
      await session.relist(signal);
      session.reads.changed = false;
      this.#sidebar.show(session.collections, label, session.allLabels, labels);
      if (labels.length > 0 && labels.every((name) => session.allLabels.includes(name)))
        await this.#readSeries(signal, true);
      else await this.#openCollection(label, labels, signal);
    };
    void this.#request(this.#title, work, () => this.#refresh(), true);
  }

  #selectCollection(label: string, series: readonly string[] = []): void {
    const work = (signal: AbortSignal) => this.#openCollection(label, series, signal);
    void this.#request(label, work, () => this.#selectCollection(label, series));
  }

  #selectSeries(labels: readonly string[]): void {
    const work = (signal: AbortSignal) => this.#openSeries(labels, signal);
    void this.#request(labels[0] ?? "", work, () => this.#selectSeries(labels));
  }

  #selectRange(range: Range): void {
    this.#session.range = range;
    this.#read();
  }

  #selectState(before: Revision | undefined): void {
    this.#session.before = before;
    this.#read(true);
  }

  /** Reads and draws again. @param keepView whether the zoomed range stays in view */
  #read(keepView = false): void {
    const work = (signal: AbortSignal) => this.#readSeries(signal, keepView);
    void this.#request(this.#session.labels[0] ?? "", work, () => this.#read(keepView));
  }

  #restore(revision: Revision): void {
    const { collection, labels } = this.#session;
    if (!collection) return;
    const work = async (signal: AbortSignal) => {
      await this.#session.restore(revision, signal);
      await this.#openCollection(collection.label, labels, signal);
    };
    void this.#request(this.#title, work, () => this.#selectCollection(collection.label));
  }

  async #openCollection(label: string, series: readonly string[], signal: AbortSignal): Promise<void> {
    const collection = await this.#session.openCollection(label, series, signal);
    const labels = this.#session.allLabels;
    this.#leaveCollection();
    this.#timeline.reset();
    this.#toolbar.showColumns(collection.schema);
    this.#sidebar.show(this.#session.collections, label, labels, []);
    showCollectionInfo(collection, this.#session.dataSource);
    if (labels.length === 0) {
      this.#setTitle(label);
      this.#message.showEmpty("No series yet", `The collection "${label}" is empty.`);
      return;
    }
    const existing = series.filter((name) => labels.includes(name));
    await this.#openSeries(existing.length > 0 ? existing : [labels[0]!], signal);
  }

  async #openSeries(labels: readonly string[], signal: AbortSignal): Promise<void> {
    if (!this.#session.collection) return;
    this.#session.selectSeries(labels);
    this.#setTitle(labels.join(", "));
    this.#sidebar.select(labels);
    this.#progress.start();
    await this.#readSeries(signal, false);
  }

  async #readSeries(signal: AbortSignal, keepView: boolean): Promise<void> {
    const session = this.#session;
    const { repo, collection, series, labels, range, sharedSettings } = session;
    const [mainSeries] = series;
    if (!repo || !collection || !mainSeries) return;
    const columns = this.#toolbar.selectedColumns(collection.schema);
    writeUrl({ collection: collection.label, series: labels, range }, sharedSettings);
    await session.readSpan(signal);
    this.#toolbar.showRanges(session.span, session.range);
    const onProgress = this.#progress.show.bind(this.#progress);
    const source = await session.openChart({ columns, signal, onProgress });
    if (signal.aborted) return;
    element("figure").hidden = !source;
    element("png").hidden = !source;
    if (source) {
      const data = await this.#chart.show(source, signal, keepView);
      if (data) this.#onChartData(data);
    } else {
      this.#chart.clear();
      const { before } = session;
      const rows = await mainSeries.length({ signal, ...(before && { before }) });
      this.#showStatistics(rows);
      this.#explainNoChart(rows);
    }
    if (signal.aborted) return;
    this.#table.show(mainSeries, { columns, before: session.before, span: session.span });
    element("downloads").hidden = false;
    await this.#timeline.show(collection, labels);
    this.#live.follow(collection, labels);
  }

  #explainNoChart(rows: number): void {
    if (rows === 0 && this.#session.before)
      this.#message.showEmpty("No rows at that time", "The series was empty in this state.");
    else if (rows === 0) this.#message.showEmpty("No rows", "This series is empty.");
    else {
      this.#table.open();
      const advice =
        "A chart needs a column of numbers, and an index of times or numbers. The rows are in the table below.";
      this.#message.showEmpty("Nothing to draw", advice);
    }
  }

  #onChartData({ rows, range }: ChartData): void {
    element("chart").setAttribute("aria-label", `Chart of ${this.#title}: ${formatQuantity(rows, "row")}`);
    this.#message.hide();
    if (rows === 0) this.#message.showEmpty("No rows in this range", "Choose a wider range.");
    this.#table.range = range;
    this.#showStatistics(rows);
  }

  #showStatistics(rows: number): void {
    const { repo } = this.#session;
    if (repo) this.#statistics.show(repo, rows, (sentence) => this.#announce(sentence));
  }

  #showStarted(): void {
    this.#message.hide();
    this.#unconfirmed.hide();
    element("main").setAttribute("aria-busy", "true");
    this.#progress.start();
  }

  #showEnded(): void {
    this.#progress.end();
    element("main").removeAttribute("aria-busy");
  }

  #showCancelled(retry: () => void): void {
    this.#clear();
    this.#message.showEmpty("Cancelled", "Data received so far is kept on this device.");
    this.#message.offerRetry(retry);
    this.#announce("Cancelled");
  }

  #showError(error: unknown, retry: () => void): void {
    this.#clear();
    if (this.#session.collections.length === 0) {
      this.#connection.failed();
      this.#setTitle("Not connected");
    }
    this.#announce(this.#message.showError(error, retry));
  }

  /** Shows an error of the store. What was known before stays, unless the store no longer has it. */
  #showUnconfirmed(error: unknown): void {
    if (error instanceof LakotaError && error.code === "not-found") {
      this.#showError(error, () => this.connect(this.#session.settings));
      return;
    }
    this.#connection.failed();
    this.#unconfirmed.failed();
    this.#announce(this.#message.showError(error, () => this.#read(true)));
  }

  /** Removes the result of the last read. */
  #clear(): void {
    this.#chart.clear();
    this.#statistics.hide();
    for (const id of ["figure", "downloads"]) element(id).hidden = true;
    this.#table.hide();
    this.#timeline.hide();
    this.#offline.hide();
  }

  #leaveCollection(): void {
    this.#live.stop();
    this.#offline.hide();
  }

  #openEdit(): void {
    const { collection, series } = this.#session;
    if (!collection || !series[0]) return;
    this.#edit.open(collection, series[0]).catch((error: unknown) => this.#announce(String(error)));
  }

  #onWritten(sentence: string): void {
    this.#announce(sentence);
    this.#timeline.reset();
    this.#timeline.open();
    this.#selectState(undefined);
  }

  /** Live mode has started, or has found revisions of other writers. */
  #onUpdate(sentence: string): void {
    this.#announce(sentence);
    if (!this.#session.before) this.#read(true);
  }

  #download(kind: "csv" | "png"): void {
    const { collection, series, span } = this.#session;
    const [mainSeries] = series;
    if (!collection || !mainSeries) return;
    const { signal } = this.#requests;
    const name = mainSeries.label.replace(/[^\p{L}\p{N}._-]+/gu, "_");
    const work = async () => {
      if (kind === "png") return save(await exportPng(this.#chart.image()), `${name}.png`);
      const range = span && this.#chart.view;
      const columns = this.#toolbar.selectedColumns(collection.schema);
      save(await exportCsv(mainSeries, { schema: collection.schema, columns, range, signal }), `${name}.csv`);
    };
    this.#progress.start();
    work()
      .catch(this.#onError)
      .finally(() => this.#progress.end());
  }

  get #title(): string {
    return element("title").textContent ?? "";
  }

  #setTitle(text: string): void {
    element("title").textContent = text;
    document.title = `${text} · Lakota`;
  }

  /** Has a screen reader read a text aloud. */
  #announce(text: string): void {
    element("live").textContent = text;
  }

  /** The user edited the address, or followed a link within the page. */
  #onHashChange(): void {
    const { collection, series, range } = readUrl();
    const { collections } = this.#session;
    this.#session.range = range;
    if (collections.length > 0) this.#selectCollection(labelOrFirst(collections, collection), series);
  }
}

/** Returns the label if it exists, else the first one. */
const labelOrFirst = (labels: readonly string[], label: string | undefined): string =>
  labels.find((existing) => existing === label) ?? labels[0] ?? "";
