import type { ChartSource, LineSummary, XRange } from "../chart/chart-data.ts";
import type { Page } from "../state/page-state.ts";
import { byId, createElement } from "./dom.ts";
import { formatCount, formatValue } from "./format.ts";

/** The columns of the table: the name, and how a summary is shown below it. */
const COLUMNS: readonly [name: string, text: (summary: LineSummary) => string][] = [
  ["Rows", ({ rows }) => formatCount(rows)],
  ["Missing", ({ missing }) => formatCount(missing)],
  ["Min", ({ min }) => valueOrDash(min)],
  ["Max", ({ max }) => valueOrDash(max)],
  ["Mean", ({ mean }) => valueOrDash(mean)],
  ["Sum", ({ sum }) => valueOrDash(sum)],
  ["Last", ({ last }) => valueOrDash(last)],
];

const valueOrDash = (value: number): string => (Number.isNaN(value) ? "–" : formatValue(value));

/** The statistics of what is in view. All its rows are read for them, so only while the panel is open. */
export class SummaryPanel {
  readonly #box = byId("summary", "details");
  readonly #onError: (error: unknown) => void;
  #content: { chart: ChartSource; range: XRange } | undefined;
  #request = new AbortController();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#box.addEventListener("toggle", () => void this.#read());
  }

  /** Shows the statistics of what the chart shows. It is hidden while there is none. */
  show({ shown }: Page): void {
    this.#request.abort();
    const { chart, range } = shown ?? {};
    this.#content = chart && range && { chart, range };
    this.#box.hidden = !this.#content;
    void this.#read();
  }

  async #read(): Promise<void> {
    this.#request.abort();
    if (!this.#box.open || !this.#content) return;
    this.#request = new AbortController();
    const { signal } = this.#request;
    const { chart, range } = this.#content;
    try {
      const summaries = await chart.summarise(range, signal);
      if (!signal.aborted) this.#fill(chart, summaries);
    } catch (error) {
      if (!signal.aborted) this.#onError(error);
    }
  }

  #fill({ lines }: ChartSource, summaries: readonly LineSummary[]): void {
    const head = ["Line", ...COLUMNS.map(([name]) => name)].map((text) =>
      createElement("th", { text, attributes: { scope: "col" } }),
    );
    const rows = summaries.map((summary, i) => {
      const { name, unit } = lines[i]!;
      const unitText = unit ? [createElement("span", { class: "unit", text: unit })] : [];
      const label = createElement("th", { attributes: { scope: "row" }, children: [name, ...unitText] });
      const cells = COLUMNS.map(([, text]) => createElement("td", { text: text(summary) }));
      return createElement("tr", { children: [label, ...cells] });
    });
    byId("summary-scroll").tabIndex = 0; // makes it scrollable by keyboard
    byId("summary-head", "thead").replaceChildren(createElement("tr", { children: head }));
    byId("summary-body", "tbody").replaceChildren(...rows);
  }
}
