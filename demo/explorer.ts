import type { Collection, Repo, Revision, Series } from "lakota";
import { Chart } from "./chart/chart.ts";
import type { ChartData, XRange as Places } from "./chart/chart-data.ts";
import { ChartControls } from "./chart/controls.ts";
import { connectionName, openRepo } from "./connection/connect.ts";
import { ConnectionForm } from "./connection/connection-form.ts";
import { ConnectionStatus } from "./connection/connection-status.ts";
import { EMPTY_SETTINGS, type Settings } from "./connection/settings.ts";
import { openChartSource, readSpan } from "./data/chart-source.ts";
import { type Range, type Span, unionSpan } from "./data/range.ts";
import { type CostStart, costSince, costStart, ZERO_COST } from "./data/read-cost.ts";
import { EditDialog } from "./edit/edit-dialog.ts";
import { Timeline } from "./history/timeline.ts";
import { showCollectionInfo } from "./page/collection-info.ts";
import { byId } from "./page/dom.ts";
import { exportCsv, exportPng, save } from "./page/download.ts";
import { formatQuantity } from "./page/format.ts";
import { LiveButton } from "./page/live-button.ts";
import { MessagePanel } from "./page/message-panel.ts";
import { OfflinePanel } from "./page/offline-panel.ts";
import { hideFigures, ProgressBar, showFigures, showTotals } from "./page/read-statistics.ts";
import { RowsTable } from "./page/rows-table.ts";
import { Sidebar } from "./page/sidebar.ts";
import { Toolbar } from "./page/toolbar.ts";
import { readUrl, type UrlState, writeUrl } from "./page/url-state.ts";
import { dataSourceOf, type DataSource as Origin } from "./seed/data-sources.ts";

const element = (id: string) => byId(id, HTMLElement);

/** The page: which repo, collection, series, range and moment are shown, and what happens when that changes. */
export class Explorer {
  readonly #home: Settings | undefined;
  readonly #form = new ConnectionForm((settings) => void this.connect(settings));
  readonly #message = new MessagePanel(() => this.openForm());
  readonly #progress = new ProgressBar();
  readonly #tools = new Toolbar(
    (range) => this.#choose(range),
    () => this.#read(),
  );
  readonly #side = new Sidebar({
    collection: (label) => this.#pickCollection(label),
    series: (labels) => this.#pickSeries(labels),
  });
  readonly #chart = new Chart(element("chart"), {
    view: (view) => this.#controls.show(view, this.#origin?.timeZone, this.#before),
    loaded: (picture) => this.#showPicture(picture),
    cursor: (text) => this.#controls.showCursor(text),
    announce: (text) => this.#say(text),
    failed: (error) => this.#fail(error, () => this.#read()),
  });
  readonly #controls = new ChartControls(this.#chart);
  readonly #edit = new EditDialog((sentence) => this.#afterWrite(sentence));
  readonly #timeline = new Timeline({
    select: (before) => this.#travel(before),
    restore: (revision) => this.#goBack(revision),
    marks: (marks) => {
      this.#chart.marks = marks;
    },
    failed: (error) => this.#fail(error, () => this.#read()),
  });
  readonly #offline = new OfflinePanel((error) => this.#fail(error, () => this.#read()));
  readonly #state = new ConnectionStatus(() => this.#read(true));
  readonly #live = new LiveButton((change) => this.#onNews(change), element("live-toggle"));
  readonly #table = new RowsTable((error) => this.#fail(error, () => this.#read()));
  #settings: Settings = EMPTY_SETTINGS;
  #repo: Repo | undefined;
  #collections: string[] = [];
  #collection: Collection | undefined;
  /** The first is the one that is looked at; the others are drawn with it. */
  #series: readonly Series[] = [];
  #span: Span | undefined;
  /** That of the current state. */
  #spanNow: Span | undefined;
  #range: Range;
  /** The state right before this revision is shown; undefined: the current one. */
  #before: Revision | undefined;
  /** Ends what is under way; each new wish of the user takes the place of the last. */
  #current = new AbortController();
  /** When the current wish was made, and what the repo had done until then. */
  #begun: CostStart = ZERO_COST;

  /** @param home the repo that this page is made for: its address need not name that */
  constructor(home: Settings | undefined) {
    this.#home = home;
    this.#range = readUrl().range;
    element("connection").addEventListener("click", () => this.openForm());
    element("cancel").addEventListener("click", () => this.#current.abort());
    element("edit-open").addEventListener("click", () => this.#openEdit());
    element("csv").addEventListener("click", () => this.#download("csv"));
    element("png").addEventListener("click", () => this.#download("png"));
    addEventListener("hashchange", () => this.#follow());
  }

  /** What is seen where neither the page nor a link names a repository. */
  welcome(): void {
    const advice = "Give the address of a bucket, or of a published repository on any web host.";
    this.#message.showEmpty("No repository is open", advice, true);
    this.openForm();
  }

  openForm(): void {
    this.#form.open(this.#settings);
  }

  /** Opens a repository and shows the collection and series that the page's address names, or the first. */
  async connect(settings: Settings): Promise<void> {
    this.#settings = settings;
    this.#repo?.close();
    this.#repo = undefined;
    this.#leaveCollection();
    this.#collections = [];
    this.#side.show([], undefined, [], []);
    this.#tools.hide();
    this.#blank();
    this.#state.connecting(connectionName(settings));
    await this.#attempt(
      "Connecting",
      async (signal) => {
        const repo = await openRepo(settings);
        this.#repo = repo;
        this.#collections = await repo.ls({ signal });
        await this.#state.show(repo, this.#collection);
        if (this.#collections.length === 0) {
          this.#title("An empty repository");
          this.#message.showEmpty(
            "No collections yet",
            "Write one with Lakota, or choose another address.",
            true,
          );
          return;
        }
        const place = readUrl();
        await this.#openCollection(pick(this.#collections, place.collection), place.series, signal);
      },
      () => this.connect(settings),
    );
  }

  #pickCollection(label: string, series: readonly string[] = []): void {
    const work = (signal: AbortSignal) => this.#openCollection(label, series, signal);
    void this.#attempt(label, work, () => this.#pickCollection(label, series));
  }

  #pickSeries(labels: readonly string[]): void {
    const work = (signal: AbortSignal) => this.#openSeries(labels, signal);
    void this.#attempt(labels[0] ?? "", work, () => this.#pickSeries(labels));
  }

  #choose(range: Range): void {
    this.#range = range;
    this.#read();
  }

  /** Reads and draws again. @param keep what is zoomed into stays in view */
  #read(keep = false): void {
    const title = this.#series[0]?.label ?? "";
    void this.#attempt(
      title,
      (signal) => this.#readSeries(signal, keep),
      () => this.#read(keep),
    );
  }

  #leaveCollection(): void {
    this.#live.stop();
    this.#collection = undefined;
    this.#series = [];
    this.#before = undefined;
    this.#offline.hide();
  }

  async #openCollection(label: string, wanted: readonly string[], signal: AbortSignal): Promise<void> {
    const repo = this.#repo;
    if (!repo) return;
    const collection = await repo.collection(label, { signal });
    const labels = await collection.ls({ signal });
    if (signal.aborted) return;
    this.#leaveCollection();
    this.#collection = collection;
    this.#timeline.reset();
    this.#tools.showColumns(collection.schema);
    this.#side.show(this.#collections, label, labels, []);
    showCollectionInfo(collection, this.#origin);
    if (labels.length === 0) {
      this.#title(label);
      this.#message.showEmpty("No series yet", `The collection "${label}" is empty.`);
      return;
    }
    const known = wanted.filter((one) => labels.includes(one));
    await this.#openSeries(known.length > 0 ? known : [labels[0]!], signal);
  }

  async #openSeries(labels: readonly string[], signal: AbortSignal): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    this.#series = labels.map((label) => collection.series(label));
    this.#spanNow = undefined;
    this.#title(labels.join(", "));
    this.#side.select(labels);
    this.#progress.start();
    await this.#readSeries(signal, false);
  }

  async #readSeries(signal: AbortSignal, keep: boolean): Promise<void> {
    const [repo, collection, series] = [this.#repo, this.#collection, this.#series];
    if (!repo || !collection || series.length === 0) return;
    const columns = this.#tools.selectedColumns(collection.schema);
    const labels = series.map(({ label }) => label);
    const shared = this.#settings === this.#home ? undefined : this.#settings;
    writeUrl({ collection: collection.label, series: labels, range: this.#range }, shared);
    const wish = {
      collection,
      series,
      columns,
      range: this.#range,
      units: this.#origin?.units ?? {},
      before: this.#before,
      signal,
      onProgress: this.#progress.show.bind(this.#progress),
    };
    this.#span = await readSpan(wish);
    if (!this.#before) this.#spanNow = this.#span;
    this.#tools.showRanges(this.#span, this.#range);
    // What was not there yet has its place all the same: there it can be marked.
    const source = await openChartSource(wish, this.#span && unionSpan(this.#span, this.#spanNow));
    if (signal.aborted) return;
    element("figure").hidden = !source;
    element("png").hidden = !source;
    if (source) await this.#chart.show(source, signal, keep);
    else {
      this.#chart.clear();
      const rows = await series[0]!.length({ signal, ...(this.#before && { before: this.#before }) });
      this.#showCost(rows);
      this.#explainNoChart(rows);
    }
    if (signal.aborted) return;
    this.#table.show(series[0]!, { columns, before: this.#before, span: this.#span });
    element("downloads").hidden = false;
    await Promise.all([this.#timeline.show(collection, labels), this.#offline.show(repo, collection)]);
    await this.#state.show(repo, this.#collection);
    this.#live.follow(collection, labels);
  }

  #explainNoChart(rows: number): void {
    if (rows === 0 && this.#before)
      this.#message.showEmpty("No rows then", "The series was empty at that moment.");
    else if (rows === 0) this.#message.showEmpty("No rows", "This series is empty. Write some.");
    else {
      this.#table.open();
      const why = "There is no column of numbers over a time or a number. The rows are below.";
      this.#message.showEmpty("Nothing to draw", why);
    }
  }

  #showPicture({ rows, range }: ChartData): void {
    element("chart").setAttribute(
      "aria-label",
      `Chart of ${this.#titleText}: ${formatQuantity(rows, "row")}`,
    );
    this.#message.hide();
    if (rows === 0) this.#message.showEmpty("No rows in this range", "Choose a wider one.");
    this.#table.range = range;
    this.#showCost(rows);
  }

  #showCost(rows: number): void {
    const repo = this.#repo;
    if (!repo) return;
    const begun = this.#begun;
    void repo.status().then(
      (status) => {
        if (repo !== this.#repo) return;
        this.#say(showFigures(rows, costSince(begun, status)));
        this.#watchKept(repo, status.kept);
      },
      () => {}, // closed meanwhile
    );
  }

  /** The cache writes behind the read: its size is shown until it grows no more. */
  #watchKept(repo: Repo, before: number): void {
    setTimeout(async () => {
      if (repo !== this.#repo) return;
      const status = await repo.status().catch(() => undefined); // closed meanwhile
      if (!status || repo !== this.#repo || element("figures").hidden) return;
      showTotals(status);
      if (status.kept !== before) this.#watchKept(repo, status.kept);
    }, 500);
  }

  /** Does one wish of the user: ends the last one, shows that it is under way, and says if it failed. */
  async #attempt(
    title: string,
    work: (signal: AbortSignal) => Promise<void>,
    again: () => void,
  ): Promise<void> {
    this.#current.abort();
    const current = new AbortController();
    this.#current = current;
    this.#title(title);
    this.#message.hide();
    element("main").setAttribute("aria-busy", "true");
    this.#progress.start();
    try {
      this.#begun = await costStart(this.#repo);
      await work(current.signal);
    } catch (error) {
      if (current !== this.#current) return; // another wish has taken its place
      if (current.signal.aborted) this.#showCancelled(again);
      else this.#fail(error, again);
    } finally {
      if (current === this.#current) {
        this.#progress.end();
        element("main").removeAttribute("aria-busy");
      }
    }
  }

  #showCancelled(again: () => void): void {
    this.#blank();
    this.#message.showEmpty("Cancelled", "What had arrived is kept on this device.");
    this.#message.offerRetry(again);
    this.#say("Cancelled");
  }

  #fail(error: unknown, again: () => void): void {
    this.#blank();
    if (this.#collections.length === 0) {
      this.#state.failed();
      this.#title("Not connected");
    }
    this.#say(this.#message.showError(error, again));
  }

  /** Takes away what the last read showed: it is not what was asked for. */
  #blank(): void {
    this.#chart.clear();
    hideFigures();
    for (const id of ["figure", "downloads"]) element(id).hidden = true;
    this.#table.hide();
    this.#timeline.hide();
    this.#offline.hide();
  }

  #openEdit(): void {
    if (!this.#collection || !this.#series[0]) return;
    this.#edit.open(this.#collection, this.#series[0]).catch((error: unknown) => this.#say(String(error)));
  }

  #afterWrite(sentence: string): void {
    this.#say(sentence);
    this.#timeline.reset();
    this.#timeline.open();
    this.#before = undefined;
    this.#read(true);
  }

  #travel(before: Revision | undefined): void {
    this.#before = before;
    this.#read(true);
  }

  #goBack({ id, time }: Revision): void {
    const collection = this.#collection;
    if (!collection) return;
    const again = () => this.#pickCollection(collection.label);
    const labels = this.#series.map(({ label }) => label);
    const work = async (signal: AbortSignal) => {
      await collection.revert(id, {
        signal,
        note: { message: `Back to ${time.toISOString().slice(0, 19)}` },
      });
      await this.#openCollection(collection.label, labels, signal);
    };
    void this.#attempt(this.#titleText, work, again);
  }

  /** Somebody has written. */
  #onNews(sentence: string): void {
    this.#say(sentence);
    if (!this.#before) this.#read(true);
  }

  #download(kind: "csv" | "png"): void {
    const [collection, series] = [this.#collection, this.#series[0]];
    if (!collection || !series) return;
    const name = series.label.replace(/[^\p{L}\p{N}._-]+/gu, "_");
    const work = async (signal: AbortSignal) => {
      if (kind === "png") return save(await exportPng(this.#chart.image()), `${name}.png`);
      const range: Places | undefined = this.#span && this.#chart.view;
      const columns = this.#tools.selectedColumns(collection.schema);
      save(await exportCsv(series, { schema: collection.schema, columns, range, signal }), `${name}.csv`);
    };
    this.#progress.start();
    work(this.#current.signal)
      .catch((error: unknown) => this.#fail(error, () => this.#read()))
      .finally(() => this.#progress.end());
  }

  /** Where the data are from, which is known of the repository that this page is made for. */
  get #origin(): Origin | undefined {
    return this.#settings === this.#home ? dataSourceOf(this.#collection?.label ?? "") : undefined;
  }

  get #titleText(): string {
    return element("title").textContent ?? "";
  }

  #title(text: string): void {
    element("title").textContent = text;
    document.title = `${text} · Lakota`;
  }

  #say(text: string): void {
    element("live").textContent = text;
  }

  /** Someone edited the address, or followed a link within the page. */
  #follow(): void {
    const place: UrlState = readUrl();
    this.#range = place.range;
    if (this.#collections.length > 0)
      this.#pickCollection(pick(this.#collections, place.collection), place.series);
  }
}

/** The wanted label if it is there, else the first. */
const pick = (labels: readonly string[], wanted: string | undefined): string =>
  labels.find((label) => label === wanted) ?? labels[0] ?? "";
