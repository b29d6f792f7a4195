import type { Collection, Frame, Repo, Revision, Series } from "lakota";
import { readPlace, writePlace } from "./address.ts";
import { Chart, type View } from "./chart.ts";
import { connectionName, open } from "./connection.ts";
import { type Beginning, beginning, type Cost, costSince, NOTHING_DONE } from "./cost.ts";
import { byId, make } from "./dom.ts";
import { EditDialog } from "./edit/dialog.ts";
import { History } from "./edit/history.ts";
import { ConnectionForm } from "./form.ts";
import { count, counted } from "./format.ts";
import { Message } from "./message.ts";
import { showPicks } from "./picks.ts";
import { plotOf } from "./plot.ts";
import type { Range, Span } from "./range.ts";
import { readRange, spanOf } from "./reading.ts";
import { EMPTY_SETTINGS, type Settings } from "./settings.ts";
import { sourceOf } from "./sources.ts";
import { hideFigures, ProgressBar, showFigures, showTotals } from "./status.ts";
import { showTable } from "./table.ts";
import { Tools } from "./tools.ts";

/** A list longer than this gets a search box. */
const MANY = 12;
/** No list shows more than this at a time. */
const SHOWN = 200;

const element = (id: string) => byId(id, HTMLElement);

/** The page: which repo, collection, series and range are shown, and what happens when that changes. */
export class Explorer {
  readonly #form = new ConnectionForm((settings) => void this.connect(settings));
  readonly #message = new Message(() => this.openForm());
  readonly #progress = new ProgressBar();
  readonly #tools = new Tools(
    (range) => this.#read(range),
    () => this.#read(this.#range),
  );
  readonly #chart = new Chart(element("chart"), {
    view: (view) => this.#showView(view),
    cursor: (text) => {
      element("cursor").textContent = text || this.#view;
    },
    say: (text) => this.#say(text),
  });
  readonly #edit = new EditDialog((sentence) => this.#afterWrite(sentence));
  readonly #history = new History((revision) => this.#goBack(revision));
  readonly #search = byId("search", HTMLInputElement);
  #settings: Settings = EMPTY_SETTINGS;
  #repo: Repo | undefined;
  #collections: string[] = [];
  #collection: Collection | undefined;
  #labels: string[] = [];
  #series: Series | undefined;
  #span: Span | undefined;
  #range: Range;
  /** Which part of the x axis is seen. */
  #view = "";
  /** Ends what is under way; each new wish of the user takes the place of the last. */
  #current = new AbortController();
  /** When the current wish was made, and what the repo had done until then. */
  #begun: Beginning = NOTHING_DONE;

  constructor() {
    this.#range = readPlace().range;
    element("connection").addEventListener("click", () => this.openForm());
    element("cancel").addEventListener("click", () => this.#cancel());
    element("edit-open").addEventListener("click", () => this.#openEdit());
    this.#search.addEventListener("input", () => this.#showSeries());
    document.querySelector(".zoom")?.addEventListener("click", (event) => this.#zoom(event));
    addEventListener("hashchange", () => this.#follow());
  }

  openForm(): void {
    this.#form.open(this.#settings);
  }

  /** Opens a repository and shows the collection and series that the page's address names, or the first. */
  async connect(settings: Settings): Promise<void> {
    this.#settings = settings;
    this.#repo?.close();
    this.#repo = undefined;
    this.#collection = undefined;
    this.#collections = [];
    this.#labels = [];
    this.#showLists();
    this.#showSource("");
    this.#tools.hide();
    this.#blank();
    element("connection-text").textContent = connectionName(settings);
    element("connection").dataset.state = "connecting";
    await this.#attempt(
      "Connecting",
      async (signal) => {
        const repo = await open(settings);
        this.#repo = repo;
        this.#collections = await repo.ls({ signal });
        element("connection").dataset.state = "open";
        this.#showLists();
        if (this.#collections.length === 0) {
          this.#title("An empty repository");
          this.#message.showEmpty(
            "No collections yet",
            "Write one with Lakota, or choose another prefix.",
            true,
          );
          return;
        }
        await this.#openCollection(pick(this.#collections, readPlace().collection), signal);
      },
      () => this.connect(settings),
    );
  }

  #pickCollection(label: string): void {
    void this.#attempt(
      label,
      (signal) => this.#openCollection(label, signal),
      () => this.#pickCollection(label),
    );
  }

  #pickSeries(label: string): void {
    void this.#attempt(
      label,
      (signal) => this.#openSeries(label, signal),
      () => this.#pickSeries(label),
    );
  }

  #read(range: Range): void {
    this.#range = range;
    const title = this.#series?.label ?? "";
    void this.#attempt(
      title,
      (signal) => this.#readSeries(signal),
      () => this.#read(range),
    );
  }

  #openEdit(): void {
    if (!this.#collection || !this.#series) return;
    this.#edit.open(this.#collection, this.#series).catch((error: unknown) => this.#say(String(error)));
  }

  #afterWrite(sentence: string): void {
    this.#say(sentence);
    this.#history.open();
    if (this.#series) this.#pickSeries(this.#series.label);
  }

  #goBack({ id, time }: Revision): void {
    const collection = this.#collection;
    const title = this.#series?.label ?? "";
    if (!collection) return;
    void this.#attempt(
      title,
      async (signal) => {
        await collection.revert(id, {
          signal,
          note: { message: `Back to ${time.toISOString().slice(0, 19)}` },
        });
        await this.#openCollection(collection.label, signal);
      },
      () => this.#pickCollection(collection.label),
    );
  }

  async #openCollection(label: string, signal: AbortSignal): Promise<void> {
    const repo = this.#repo;
    if (!repo) return;
    const collection = await repo.collection(label, { signal });
    const labels = await collection.ls({ signal });
    if (signal.aborted) return;
    this.#collection = collection;
    this.#labels = labels;
    this.#series = undefined;
    this.#search.value = "";
    this.#tools.offerColumns(collection.schema);
    this.#showLists();
    this.#showSource(label);
    if (labels.length === 0) {
      this.#title(label);
      this.#message.showEmpty("No series yet", `The collection "${label}" is empty.`);
      return;
    }
    await this.#openSeries(pick(labels, readPlace().series), signal);
  }

  async #openSeries(label: string, signal: AbortSignal): Promise<void> {
    const collection = this.#collection;
    if (!collection) return;
    const series = collection.series(label);
    this.#series = series;
    this.#title(label);
    this.#showLists();
    this.#progress.start();
    this.#span = await spanOf(collection, series, signal);
    if (!signal.aborted) await this.#readSeries(signal);
  }

  async #readSeries(signal: AbortSignal): Promise<void> {
    const [repo, collection, series] = [this.#repo, this.#collection, this.#series];
    if (!repo || !collection || !series) return;
    writePlace({ collection: collection.label, series: series.label, range: this.#range });
    this.#tools.offerRanges(this.#span, this.#range);
    const frame = await readRange(series, {
      range: this.#range,
      span: this.#span,
      columns: this.#tools.chosen(collection.schema),
      signal,
      onProgress: (progress) => this.#progress.show(progress),
    });
    const cost = costSince(this.#begun, await repo.status());
    if (signal.aborted) return;
    await this.#history.show(collection);
    await this.#show(frame, collection, cost);
    this.#watchKept(repo, cost.total.kept);
  }

  /** The cache writes behind the read: its size is shown until it grows no more. */
  #watchKept(repo: Repo, before: number): void {
    setTimeout(async () => {
      if (repo !== this.#repo) return;
      const status = await repo.status().catch((error: unknown) => {
        if (repo === this.#repo) throw error; // else the repo was closed meanwhile
      });
      if (!status || repo !== this.#repo || element("figures").hidden) return;
      showTotals(status);
      if (status.kept !== before) this.#watchKept(repo, status.kept);
    }, 500);
  }

  async #show(frame: Frame, collection: Collection, cost: Cost): Promise<void> {
    const plot = plotOf(frame, collection.schema, collection.label);
    element("figure").hidden = !plot;
    element("chart").setAttribute(
      "aria-label",
      `Chart of ${this.#series?.label}: ${counted(frame.length, "row")}`,
    );
    if (plot) await this.#chart.show(plot);
    else this.#chart.clear();
    element("table").hidden = frame.length === 0;
    showTable(frame, plot?.step ?? 0);
    const sentence = showFigures(frame.length, cost);
    if (frame.length === 0) this.#message.showEmpty("No rows in this range", "Choose a wider one.");
    else if (!plot) {
      byId("table", HTMLDetailsElement).open = true;
      this.#message.showEmpty(
        "Nothing to draw",
        "There is no column of numbers over a time or a number. The rows are below.",
      );
    }
    this.#say(sentence);
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
      this.#begun = await beginning(this.#repo);
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

  #cancel(): void {
    this.#current.abort();
  }

  #showCancelled(again: () => void): void {
    this.#blank();
    this.#message.showEmpty("Cancelled", "What had arrived is kept on this device.");
    this.#message.offer(again);
    this.#say("Cancelled");
  }

  #fail(error: unknown, again: () => void): void {
    this.#blank();
    if (this.#collections.length === 0) {
      element("connection").dataset.state = "failed";
      this.#title("Not connected");
    }
    this.#say(this.#message.showError(error, again));
  }

  /** Takes away what the last read showed: it is not what was asked for. */
  #blank(): void {
    this.#chart.clear();
    hideFigures();
    element("figure").hidden = true;
    element("table").hidden = true;
    this.#history.hide();
  }

  #showLists(): void {
    element("side").hidden = this.#collections.length === 0;
    showPicks(byId("collections", HTMLUListElement), this.#collections, this.#collection?.label, (label) =>
      this.#pickCollection(label),
    );
    this.#showSeries();
  }

  #showSeries(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#labels.filter((label) => label.toLowerCase().includes(wanted));
    const shown = found.slice(0, SHOWN);
    showPicks(byId("series", HTMLUListElement), shown, this.#series?.label, (label) =>
      this.#pickSeries(label),
    );
    element("search-label").hidden = this.#labels.length <= MANY;
    const more = element("series-more");
    more.hidden = found.length > 0 && found.length === shown.length;
    more.textContent =
      found.length === 0 ? "No series of that name." : `${count(found.length - shown.length)} more: search.`;
    if (this.#labels.length === 0) more.hidden = true;
  }

  #showSource(collection: string): void {
    const source = sourceOf(collection);
    const columns = this.#collection?.schema.columns.map(({ name }) => name).join(", ");
    element("about").textContent = source?.about ?? (columns ? `${collection}: ${columns}` : "");
    const footer = element("source");
    footer.hidden = !source;
    if (!source) return;
    const link = make("a", { text: source.origin, attributes: { href: source.url, rel: "noreferrer" } });
    footer.replaceChildren("Data: ", link, ` by way of vega-datasets. Terms: ${source.licence}.`);
  }

  #title(text: string): void {
    element("title").textContent = text;
    document.title = `${text} · Lakota`;
  }

  #say(text: string): void {
    element("live").textContent = text;
  }

  #showView({ span, detail, zoomed, thinned, extremes }: View): void {
    this.#view = span;
    element("cursor").textContent = span;
    element("view").textContent =
      `${detail} Times are ${sourceOf(this.#collection?.label ?? "")?.clock ?? "UTC"}.`;
    byId("reset", HTMLButtonElement).disabled = !zoomed;
    const button = byId("extremes", HTMLButtonElement);
    button.hidden = !thinned;
    button.setAttribute("aria-pressed", String(extremes));
  }

  #zoom(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-zoom]") : null;
    const actions: Record<string, () => void> = {
      earlier: () => this.#chart.pan(-0.5),
      later: () => this.#chart.pan(0.5),
      in: () => this.#chart.zoom(0.5),
      out: () => this.#chart.zoom(2),
      reset: () => this.#chart.reset(),
      extremes: () => {
        this.#chart.extremes = button?.getAttribute("aria-pressed") !== "true";
      },
    };
    actions[button?.dataset.zoom ?? ""]?.();
  }

  /** Someone edited the address, or followed a link within the page. */
  #follow(): void {
    const place = readPlace();
    this.#range = place.range;
    if (this.#collections.length > 0) this.#pickCollection(pick(this.#collections, place.collection));
  }
}

/** The wanted label if it is there, else the first. */
const pick = (labels: readonly string[], wanted: string | undefined): string =>
  labels.find((label) => label === wanted) ?? labels[0] ?? "";
