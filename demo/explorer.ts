import type { ReadProgress } from "lakota";
import { Chart } from "./chart/chart.ts";
import { ChartMenu } from "./chart/chart-menu.ts";
import { ChartControls } from "./chart/controls.ts";
import type { PictureTexts } from "./chart/image.ts";
import { connectionName } from "./connection/connect.ts";
import { ConnectionForm } from "./connection/connection-form.ts";
import { ConnectionStatus } from "./connection/connection-status.ts";
import { KnownRepos } from "./connection/known-repos.ts";
import { explainObstacle } from "./connection/obstacle-dialog.ts";
import { localStorageOrNone, RecentRepos } from "./connection/recent-repos.ts";
import { EMPTY_SETTINGS, isInBrowser, SAMPLE_SETTINGS, type Settings } from "./connection/settings.ts";
import { xAxisOf } from "./data/axes.ts";
import { EditDialog } from "./edit/edit-dialog.ts";
import { type ExportKind, ExportMenu } from "./export/export-menu.ts";
import { fileName } from "./export/file-name.ts";
import { save, toPng } from "./export/save.ts";
import type { FileDialog } from "./files/file-dialog.ts";
import { listenToFiles } from "./files/file-drop.ts";
import { HistoryPanel } from "./history/history-panel.ts";
import { RevertDialog } from "./history/revert-dialog.ts";
import { Address } from "./page/address.ts";
import { showCollectionInfo, sourceText } from "./page/collection-info.ts";
import { byId } from "./page/dom.ts";
import { embedCode } from "./page/embed.ts";
import { FilterBox } from "./page/filter-box.ts";
import { formatQuantity } from "./page/format.ts";
import { LiveButton } from "./page/live-button.ts";
import { MessagePanel } from "./page/message-panel.ts";
import { OfflinePanel } from "./page/offline-panel.ts";
import { ProgressBar } from "./page/progress-bar.ts";
import { ReadStatistics } from "./page/read-statistics.ts";
import { onShortcut } from "./page/shortcut.ts";
import { Sidebar } from "./page/sidebar.ts";
import { SummaryPanel } from "./page/summary-panel.ts";
import { Toolbar } from "./page/toolbar.ts";
import { UnconfirmedNote } from "./page/unconfirmed-note.ts";
import { Session } from "./session.ts";
import { hasAllLabels, type Page, titleOf } from "./state/page-state.ts";
import { nothing } from "./state/problem.ts";
import { freshTarget, NO_TARGET, type Target } from "./state/target.ts";
import { RowsTable } from "./table/rows-table.ts";

/** Rows on each side of one that is zoomed to. */
const ROWS_AROUND = 24;

const element = (id: string) => byId(id);

/** The page: draws the state of the session, and passes what the user does to it. */
export class Explorer {
  readonly #session: Session;
  readonly #address = new Address((target) => this.#session.show(target));
  /** Shows an error that occurred outside of requests. */
  readonly #onError = (error: unknown) => this.#session.fail(error);
  readonly #form = new ConnectionForm((settings) => this.connect(settings, undefined, true));
  readonly #recent = new RecentRepos(localStorageOrNone());
  readonly #known: KnownRepos;
  readonly #connection = new ConnectionStatus(() => this.#session.reload());
  readonly #message = new MessagePanel(() => this.openForm());
  readonly #progress = new ProgressBar();
  readonly #statistics = new ReadStatistics();
  readonly #sidebar = new Sidebar({
    collection: (label) => this.#session.select(label),
    series: (labels, collection) => this.#session.select(collection, labels),
    open: (collection, signal) => this.#session.collection(collection, signal),
    failed: this.#onError,
  });
  readonly #toolbar = new Toolbar({
    range: (range) => this.#session.show({ ...this.#target, range, view: undefined }),
    columns: (columns) => this.#session.show({ ...this.#target, columns }, true),
    keys: (keys) => this.#session.show({ ...this.#target, keys }, true),
  });
  readonly #filter = new FilterBox((where) => this.#session.show({ ...this.#target, where }, true));
  readonly #chart = new Chart(element("chart"), {
    view: (view) => {
      this.#controls.show(view, this.#session.page.target.moment);
      this.#menu.showView(view);
      this.#exports.show(this.#session.page, this.#controls.range);
    },
    moved: (view) => {
      this.#session.beginView();
      this.#session.refine({ view });
    },
    loaded: (data) => this.#session.endView(data),
    cursor: (text) => this.#controls.showCursor(text),
    announce: (text) => this.#announce(text),
    hide: (hidden) => this.#session.refine({ hidden }),
    failed: this.#onError,
  });
  readonly #controls = new ChartControls(this.#chart);
  readonly #menu = new ChartMenu({
    extremes: (extremes) => this.#session.refine({ extremes }),
    shape: (shape) => this.#session.refine({ shape }),
    log: (log) => this.#session.refine({ log }),
    resample: (resample) => this.#session.show({ ...this.#target, resample }, true),
    zone: (zone) => this.#session.show({ ...this.#target, zone }, true),
  });
  readonly #exports = new ExportMenu(
    (kind) => this.#export(kind),
    (text) => this.#announce(text),
  );
  /** Aborts the export that is under way. */
  #exporting: AbortController | undefined;
  readonly #unconfirmed = new UnconfirmedNote((text) => this.#announce(text));
  readonly #summary = new SummaryPanel(this.#onError);
  readonly #table = new RowsTable(this.#onError);
  readonly #live = new LiveButton((sentence) => this.#onUpdate(sentence), element("live-toggle"));
  readonly #offline = new OfflinePanel(this.#onError);
  readonly #edit = new EditDialog({
    written: (sentence) => this.#onWritten(sentence),
    connect: (field) => this.openForm(field),
  });
  #files: FileDialog | undefined;
  /** Whether the generated series are there: on a later visit they may be, too. */
  #hasSample = false;
  readonly #revert = new RevertDialog({
    reverted: (sentence) => this.#onWritten(sentence),
    connect: (field) => this.openForm(field),
  });
  readonly #history = new HistoryPanel({
    show: (parts) => this.#session.show({ ...this.#target, ...parts }, true),
    restore: (revision) => this.#change(() => this.#session.restore(revision)),
    revert: (collection, revisions, revision) => {
      const { settings } = this.#session.page;
      this.#revert.open(settings, collection, revisions, revision).catch(this.#onError);
    },
    merge: () => this.#change(() => this.#session.merge()),
    copyLink: (moment) => void this.#copyLink(moment),
    zoom: (x) => this.#zoomTo(x),
    marks: (marks) => {
      this.#chart.marks = marks;
    },
  });

  /**
   * @param home the page's default repository, which links to the page do not have to contain
   */
  constructor(home: Settings | undefined) {
    this.#session = new Session(home, {
      changed: (page, former) => this.#show(page, former),
      reading: (repo) => this.#statistics.start(repo),
      progress: (progress) => this.#progress.show(progress),
      draw: (source, options) => this.#chart.show(source, options),
      settled: () => this.#onSettled(),
      unconfirmed: () => this.#connection.failed(),
    });
    this.#known = new KnownRepos(this.#recent, home, {
      open: (settings) => {
        this.#form.close();
        this.connect(settings, NO_TARGET);
      },
      sample: () => {
        this.#form.close();
        this.connect(SAMPLE_SETTINGS, freshTarget("weather"));
      },
    });
    element("connection").addEventListener("click", () => this.openForm());
    element("copy-embed").addEventListener("click", () => void this.#copyEmbed());
    element("keys-open").addEventListener("click", () => this.#showKeys());
    onShortcut("?", () => this.#showKeys());
    element("cancel").addEventListener("click", () => {
      if (this.#exporting) this.#exporting.abort();
      else this.#session.cancel();
    });
    element("edit-open").addEventListener("click", () => this.#openEdit());
    listenToFiles((file) => void this.#addFile(file).catch(this.#onError));
  }

  /** Shows the page where neither its build nor the link contains a repository. */
  welcome(): void {
    const advice =
      "To look around, open the sample: generated data that need no server. Or connect to a bucket or a published repository, or add a file of your own, which stays in this browser.";
    const recent = this.#known.recent(EMPTY_SETTINGS).map((settings) => ({
      label: connectionName(settings),
      run: () => this.connect(settings, NO_TARGET),
    }));
    const remedies = [
      { label: "Open the sample", run: () => this.connect(SAMPLE_SETTINGS, freshTarget("weather")) },
      { label: "Connect to a repository", run: () => this.openForm() },
      { label: "Add a file", run: () => element("add-file").click() },
      ...recent,
    ];
    this.#message.show(nothing("No repository is open", advice, { remedies }));
  }

  /** @param field to begin with */
  openForm(field?: keyof Settings): void {
    const { settings } = this.#session.page;
    this.#known.show(settings);
    this.#form.open(settings, field);
  }

  /**
   * Opens a repository.
   *
   * @param target what to show. Default: what the page's address names
   * @param orFirst whether the first collection is shown instead of one that is missing
   */
  connect(settings: Settings, target = this.#address.read(), orFirst = false): void {
    if (settings.uri === SAMPLE_SETTINGS.uri && !this.#hasSample) {
      this.#writeSample(target);
      return;
    }
    this.#connection.connecting(connectionName(settings));
    void this.#session.connect(settings, target, orFirst);
  }

  get #target(): Target {
    return this.#session.page.target;
  }

  /** Draws a state of the page. Parts that draw what has not changed are left alone. */
  #show(page: Page, former: Page): void {
    const { open, shown, target, busy, confirmation } = page;
    const title = titleOf(page);
    element("title").textContent = title;
    document.title = `${title} · Lakota`;
    if (target !== former.target && page.connection === "open")
      this.#address.write(target, this.#session.sharedSettings);
    if (busy !== former.busy) this.#showBusy(busy);
    if (open !== former.open || page.collections !== former.collections || target !== former.target)
      this.#sidebar.show(page);
    if (open !== former.open || shown?.info !== former.shown?.info) showCollectionInfo(page);
    if (open?.collection !== former.open?.collection) {
      this.#live.stop();
      this.#offline.hide();
    }
    if (open !== former.open || shown !== former.shown || target !== former.target || busy !== former.busy)
      this.#toolbar.show(page);
    this.#filter.show(page);
    if (open !== former.open || shown !== former.shown || target !== former.target) this.#showMenu(page);
    const { hidden, shape, extremes, log } = target;
    this.#chart.style = { hidden, shape, extremes, log };
    if (page.connection === "open" && former.connection !== "open" && page.collections.length > 0)
      this.#known.opened(page.settings);
    const embed = element("copy-embed");
    embed.hidden = isInBrowser(page.settings);
    if (target !== former.target) embed.textContent = "Copy embed code";
    this.#showLayout(page);
    const hasEnded = !busy && former.busy && !shown;
    if (shown !== former.shown || hasEnded) this.#showResult(page);
    if (shown && open && shown.series !== former.shown?.series)
      this.#live.follow(open.collection, target.series);
    if (page.connection === "failed" && former.connection !== "failed") this.#connection.failed();
    if (confirmation !== former.confirmation) this.#unconfirmed.show(confirmation);
    // The store may not have answered: the status knows, and tries again.
    const isNewError = page.problem?.kind === "error" && page.problem !== former.problem;
    if (isNewError && page.connection === "open" && confirmation !== "failed")
      void this.#connection.show(this.#session.repo, open?.collection);
    const sentence = this.#message.show(page.problem);
    if (sentence) this.#announce(sentence);
  }

  #showMenu({ open, shown, target }: Page): void {
    const axis = open && xAxisOf(open.collection.schema);
    this.#menu.showState({
      resample: target.resample,
      chosenZone: target.zone,
      described: open?.info.timeZone,
      time: axis?.time ?? false,
      days: axis?.days ?? false,
      step: shown?.span?.step ?? 0,
    });
  }

  #showBusy(busy: boolean): void {
    if (busy) {
      element("main").setAttribute("aria-busy", "true");
      this.#progress.start();
    } else {
      this.#progress.end();
      element("main").removeAttribute("aria-busy");
    }
  }

  /** Shows the parts of the page that have something to show. While something is read, its place stays free. */
  #showLayout(page: Page): void {
    const { shown, busy, open, problem } = page;
    this.#history.show(page);
    const isWaiting = busy && !shown;
    const hasRows = shown?.chart && !(shown.rows === 0 && problem);
    const figure = element("figure");
    figure.hidden = !hasRows && !isWaiting;
    figure.classList.toggle("waiting", isWaiting);
    for (const id of ["tools", "downloads", "summary", "table", "history", "changes", "revisions-box"])
      element(id).inert = isWaiting;
    element("downloads").hidden = !shown && !(isWaiting && open);
    if (shown || busy) return;
    this.#chart.clear();
    this.#statistics.hide();
  }

  /** Shows what was read. */
  #showResult(page: Page): void {
    const { shown } = page;
    if (!shown && page.busy) return; // the next result is on its way
    this.#summary.show(page);
    this.#table.show(page);
    this.#exports.show(page, this.#controls.range);
    if (!shown) return;
    if (shown.chart) {
      const label = `Chart of ${titleOf(page)}: ${formatQuantity(shown.rows, "row")}`;
      element("chart").setAttribute("aria-label", label);
    } else {
      this.#chart.clear();
      this.#table.open();
    }
    const { repo } = this.#session;
    if (repo) this.#statistics.show(repo, shown.rows, (sentence) => this.#announce(sentence));
  }

  async #onSettled(): Promise<void> {
    const { repo, page } = this.#session;
    await this.#connection.show(repo, page.open?.collection);
    if (repo && page.open && page.shown && !isInBrowser(page.settings))
      await this.#offline.show(
        repo,
        page.open.collection,
        hasAllLabels(page.open) ? page.open.labels : undefined,
      );
  }

  #openEdit(): void {
    const { open, target, settings } = this.#session.page;
    const [label] = target.series;
    if (!open || label === undefined) return;
    this.#edit
      .open(settings, open.collection, open.collection.series(label))
      .catch((error: unknown) => this.#announce(String(error)));
  }

  /** Writes the repository of generated series, and then opens it. */
  #writeSample(target: Target): void {
    const work = async () => {
      const { writeSample } = await import("./sample/sample.ts");
      await writeSample();
      this.#hasSample = true;
      this.connect(SAMPLE_SETTINGS, target);
    };
    this.#progress.start();
    work()
      .catch(this.#onError)
      .finally(() => this.#progress.end());
  }

  #showKeys(): void {
    import("./page/keys-dialog.ts").then(({ showKeys }) => showKeys()).catch(this.#onError);
  }

  async #copyEmbed(): Promise<void> {
    const code = embedCode(location.href, document.title);
    try {
      await navigator.clipboard.writeText(code);
      this.#announce("Embed code copied.");
      element("copy-embed").textContent = "Embed code copied";
    } catch {
      prompt("Copy this code into your page:", code); // without https the browser forbids it
    }
  }

  /** Shows how a file would be stored as a series, writes it if the user agrees, and then shows the series. */
  async #addFile(file: File): Promise<void> {
    const { FileDialog } = await import("./files/file-dialog.ts");
    this.#files ??= new FileDialog((settings, collection, series, sentence) => {
      this.#announce(sentence);
      this.connect(settings, freshTarget(collection, [series]));
    });
    await this.#files.open(file, this.#session.page.settings, this.#session.repo);
  }

  #onWritten(sentence: string): void {
    this.#announce(sentence);
    this.#session.show({ ...this.#target, moment: undefined, compare: undefined }, true);
  }

  /** Makes a revision, unless the repository cannot be written: then says why. */
  #change(make: () => void): void {
    explainObstacle(this.#session.page.settings, (field) => this.openForm(field))
      .then((isObstructed) => {
        if (!isObstructed) make();
      })
      .catch(this.#onError);
  }

  /** Copies a link to what is shown, as it was before a moment. */
  async #copyLink(moment: string): Promise<void> {
    const link = this.#address.linkTo({ ...this.#target, moment }, this.#session.sharedSettings);
    try {
      await navigator.clipboard.writeText(link);
      this.#announce("Link copied.");
      element("copy-moment").textContent = "Link copied";
    } catch {
      prompt("Copy this link:", link); // without https the browser forbids it
    }
  }

  /** Zooms to some rows around a place on the x axis. */
  #zoomTo(x: number): void {
    const step = this.#session.page.shown?.chart?.step ?? 0;
    const margin = ROWS_AROUND * step;
    if (margin > 0) this.#session.show({ ...this.#target, view: [x - margin, x + margin] });
  }

  /** Live mode has started, or has found revisions of other writers. */
  #onUpdate(sentence: string): void {
    this.#announce(sentence);
    if (this.#target.moment === undefined) this.#session.reload();
  }

  #export(kind: ExportKind): void {
    const { page } = this.#session;
    const { open, shown, target } = page;
    if (!open || !shown) return;
    this.#exporting?.abort();
    const exporting = new AbortController();
    this.#exporting = exporting;
    const { signal } = exporting;
    const encode = async (): Promise<Blob> => {
      if (kind === "png") return toPng(this.#chart.image(this.#pictureTexts(page)));
      if (kind === "svg")
        return new Blob([(await this.#chart.svg(this.#pictureTexts(page))) ?? ""], { type: "image/svg+xml" });
      const [{ FORMATS }, { exportFrames }] = await Promise.all([
        import("./export/formats.ts"),
        import("./export/export-frames.ts"),
      ]);
      const { schema } = open.collection;
      const onProgress = (progress: ReadProgress) => this.#progress.show(progress);
      const frames = exportFrames({ schema, shown, before: target.moment, signal, onProgress });
      const { type } = FORMATS[kind];
      return new Blob(await FORMATS[kind].encode(frames, shown.zone, signal), { type });
    };
    this.#progress.start();
    encode()
      .then((blob) => {
        if (!signal.aborted) save(blob, fileName(shown, kind));
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onError(error);
      })
      .finally(() => {
        if (this.#exporting !== exporting) return;
        this.#exporting = undefined;
        this.#progress.end();
      });
  }

  /** Returns what a picture says besides its chart, so that it can be understood without the page. */
  #pictureTexts(page: Page): PictureTexts {
    const { open, target } = page;
    const text = (id: string) => element(id).textContent ?? "";
    const source = (open && sourceText(open.info)) ?? connectionName(page.settings);
    const filter = target.where === undefined ? "" : `Only rows with ${target.where}.`;
    return {
      title: [target.collection, titleOf(page)].filter(Boolean).join(": "),
      range: this.#controls.range,
      captions: [text("view"), filter, source].filter(Boolean),
    };
  }

  /** Has a screen reader read a text aloud. */
  #announce(text: string): void {
    element("live").textContent = text;
  }
}
