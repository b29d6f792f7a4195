import type { Frame, Revision, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import type { Span } from "../data/range.ts";
import { byId, createElement } from "./dom.ts";
import { formatQuantity, formatTime, formatValue } from "./format.ts";

/** Number of rows that the table shows. */
const ROWS = 50;

/** Which columns the table shows, and of which state. */
interface TableContent {
  columns: readonly string[];
  before: Revision | undefined;
  span: Span | undefined;
}

/** The first rows of the range that the chart shows, as a table. They are read only while it is open. */
export class RowsTable {
  readonly #box = byId("table", HTMLDetailsElement);
  readonly #onError: (error: unknown) => void;
  #series: Series | undefined;
  #content: TableContent = { columns: [], before: undefined, span: undefined };
  #range: XRange | undefined;
  #request = new AbortController();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#box.addEventListener("toggle", () => this.#read());
  }

  open(): void {
    this.#box.open = true;
  }

  hide(): void {
    this.#request.abort();
    this.#box.hidden = true;
  }

  show(series: Series, content: TableContent): void {
    this.#series = series;
    this.#content = content;
    if (!content.span) this.#range = undefined;
    this.#box.hidden = false;
    this.#read();
  }

  /** The part of the x axis whose rows are shown. */
  set range(range: XRange) {
    this.#range = range;
    this.#read();
  }

  #read(): void {
    this.#request.abort();
    const series = this.#series;
    if (!this.#box.open || !series) return;
    this.#request = new AbortController();
    const { signal } = this.#request;
    const { columns, before, span } = this.#content;
    const [start, stop] = this.#range ?? [];
    const bounds =
      start !== undefined && stop !== undefined
        ? ({ start: Math.floor(start), stop: Math.ceil(stop), closed: "both" } as const)
        : {};
    let known: Frame | undefined;
    const show = (frame: Frame) => {
      if (!signal.aborted && frame !== known) this.#fill(frame, span?.step ?? 0);
      known = frame;
    };
    const options = { columns, limit: ROWS + 1, numbers: true, signal, ...(before && { before }) };
    series
      .read({ ...bounds, ...options, onStale: show })
      .then(show)
      .catch((error: unknown) => {
        if (!signal.aborted) this.#onError(error);
      });
  }

  #fill(frame: Frame, step: number): void {
    const shown = Math.min(ROWS, frame.length);
    byId("table-title", HTMLElement).textContent =
      frame.length > ROWS
        ? `The first ${ROWS} rows as a table`
        : `${formatQuantity(shown, "row")} as a table`;
    byId("scroll", HTMLElement).tabIndex = 0; // makes it scrollable by keyboard
    const columns = frame.columns.map((name) => cellsOf(frame, name, step));
    byId("head", HTMLTableSectionElement).replaceChildren(
      createElement("tr", {
        children: frame.columns.map((name) =>
          createElement("th", {
            attributes: { scope: "col" },
            children: [name, createElement("span", { class: "unit", text: frame.type(name) })],
          }),
        ),
      }),
    );
    byId("body", HTMLTableSectionElement).replaceChildren(
      ...Array.from({ length: shown }, (_, row) =>
        createElement("tr", { children: columns.map((cell) => createElement("td", { text: cell(row) })) }),
      ),
    );
  }
}

function cellsOf(frame: Frame, name: string, step: number): (row: number) => string {
  const values = frame.get(name);
  const isTime = frame.type(name).startsWith("datetime64");
  return (row) => {
    const item = values[row];
    if (typeof item === "number") return isTime ? formatTime(item, step) : formatValue(item);
    return typeof item === "string" ? item : typeof item === "bigint" ? String(item) : JSON.stringify(item);
  };
}
