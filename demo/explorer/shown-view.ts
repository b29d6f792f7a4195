import type { Repo } from "lakota";
import { Chart } from "../chart/chart.ts";
import type { ChangeMark, ChartData } from "../chart/chart-data.ts";
import { ChartMenu } from "../chart/chart-menu.ts";
import { ChartControls } from "../chart/controls.ts";
import { xAxisOf } from "../data/axes.ts";
import { ExportMenu } from "../export/export-menu.ts";
import { Exporter } from "../export/exporter.ts";
import { byId } from "../page/dom.ts";
import { formatQuantity } from "../page/format.ts";
import type { ProgressBar } from "../page/progress-bar.ts";
import { ReadStatistics } from "../page/read-statistics.ts";
import { SummaryPanel } from "../page/summary-panel.ts";
import type { Session, SessionEvents } from "../session.ts";
import { type Page, titleOf } from "../state/page-state.ts";
import { RowsTable } from "../table/rows-table.ts";

/** Rows on each side of one that is zoomed to. */
const ROWS_AROUND = 24;
/** What belongs to a chart, and cannot be used until there is one. */
const ABOUT_CHART = ["tools", "downloads", "summary", "table", "history", "changes", "revisions-box"];

export interface ShownViewOptions {
  progress: ProgressBar;
  announce(sentence: string): void;
  failed(error: unknown): void;
}

/** Shows what was read: the chart with its controls, statistics and the table, and exports them. */
export class ShownView {
  readonly #session: Session;
  readonly #options: ShownViewOptions;
  readonly #statistics = new ReadStatistics();
  readonly #chart: Chart;
  readonly #controls: ChartControls;
  readonly #menu: ChartMenu;
  readonly #exports: ExportMenu;
  readonly #exporter: Exporter;
  readonly #summary: SummaryPanel;
  readonly #table: RowsTable;

  constructor(session: Session, options: ShownViewOptions) {
    this.#session = session;
    this.#options = options;
    const { failed, announce, progress } = options;
    this.#chart = new Chart(byId("chart"), {
      view: (view) => {
        this.#controls.show(view, session.page.target.moment);
        this.#menu.showView(view);
        this.#exports.show(session.page, this.#controls.range);
      },
      moved: (view) => {
        session.beginView();
        session.refine({ view });
      },
      loaded: (data) => session.endView(data),
      cursor: (text) => this.#controls.showCursor(text),
      announce,
      hide: (hidden) => session.refine({ hidden }),
      failed,
    });
    this.#controls = new ChartControls(this.#chart);
    this.#menu = new ChartMenu({
      extremes: (extremes) => session.refine({ extremes }),
      shape: (shape) => session.refine({ shape }),
      log: (log) => session.refine({ log }),
      resample: (resample) => session.show({ ...session.page.target, resample }, true),
      zone: (zone) => session.show({ ...session.page.target, zone }, true),
    });
    this.#exporter = new Exporter({
      chart: this.#chart,
      progress,
      captions: () => this.#controls,
      failed,
    });
    this.#exports = new ExportMenu((kind) => void this.#exporter.export(kind, session.page));
    this.#summary = new SummaryPanel(failed);
    this.#table = new RowsTable(failed);
  }

  /** Starts to measure what another picture takes. */
  beginRead(repo: Repo | undefined): Promise<void> {
    return this.#statistics.start(repo);
  }

  draw(...[source, options]: Parameters<SessionEvents["draw"]>): Promise<ChartData | undefined> {
    return this.#chart.show(source, options);
  }

  /** Parts of the x axis to shade. */
  set marks(marks: readonly ChangeMark[]) {
    this.#chart.marks = marks;
  }

  /** Ends the export that is under way. Returns whether there was one. */
  cancelExport(): boolean {
    return this.#exporter.cancel();
  }

  /** Zooms to some rows around a place on the x axis. */
  zoomTo(x: number): void {
    const { shown, target } = this.#session.page;
    const margin = ROWS_AROUND * (shown?.chart?.step ?? 0);
    if (margin > 0) this.#session.show({ ...target, view: [x - margin, x + margin] });
  }

  /** Draws a state of the page. What has not changed is left alone. */
  show(page: Page, former: Page): void {
    const { open, shown, target, busy } = page;
    if (open !== former.open || shown !== former.shown || target !== former.target) this.#showMenu(page);
    const { hidden, shape, extremes, log } = target;
    this.#chart.style = { hidden, shape, extremes, log };
    this.#showLayout(page);
    const hasEnded = !busy && former.busy && !shown;
    if (shown !== former.shown || hasEnded) this.#showResult(page);
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

  /** Shows the parts of the page that have something to show. While something is read, its place stays free. */
  #showLayout({ shown, busy, open, problem }: Page): void {
    const isWaiting = busy && !shown;
    const hasRows = shown?.chart && !(shown.rows === 0 && problem);
    const figure = byId("figure");
    figure.hidden = !hasRows && !isWaiting;
    figure.classList.toggle("waiting", isWaiting);
    for (const id of ABOUT_CHART) byId(id).inert = isWaiting;
    byId("downloads").hidden = !shown && !(isWaiting && open);
    if (shown || busy) return;
    this.#chart.clear();
    this.#statistics.hide();
  }

  #showResult(page: Page): void {
    const { shown } = page;
    if (!shown && page.busy) return; // the next result is on its way
    this.#summary.show(page);
    this.#table.show(page);
    this.#exports.show(page, this.#controls.range);
    if (!shown) return;
    if (shown.chart) {
      const label = `Chart of ${titleOf(page)}: ${formatQuantity(shown.rows, "row")}`;
      byId("chart").setAttribute("aria-label", label);
    } else {
      this.#chart.clear();
      this.#table.open();
    }
    const { repo } = this.#session;
    if (repo) this.#statistics.show(repo, shown.rows, (sentence) => this.#options.announce(sentence));
  }
}
