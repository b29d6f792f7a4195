import type { Frame, Revision, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import type { Span } from "../data/range.ts";
import { byId, createElement } from "./dom.ts";
import { formatQuantity, formatTime, formatValue } from "./format.ts";

const ROWS = 50;

/** What the table shows the rows of. */
interface TableContent {
  columns: readonly string[];
  before: Revision | undefined;
  span: Span | undefined;
}

/** The first rows of what is seen, in words and numbers. Read only while it is unfolded. */
export class RowsTable {
  readonly #box = byId("table", HTMLDetailsElement);
  readonly #failed: (error: unknown) => void;
  #series: Series | undefined;
  #shown: TableContent = { columns: [], before: undefined, span: undefined };
  #range: XRange | undefined;
  #reading = new AbortController();

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#box.addEventListener("toggle", () => this.#read());
  }

  open(): void {
    this.#box.open = true;
  }

  hide(): void {
    this.#reading.abort();
    this.#box.hidden = true;
  }

  show(series: Series, shown: TableContent): void {
    this.#series = series;
    this.#shown = shown;
    if (!shown.span) this.#range = undefined;
    this.#box.hidden = false;
    this.#read();
  }

  /** The part of the x axis whose rows to show. */
  set range(range: XRange) {
    this.#range = range;
    this.#read();
  }

  #read(): void {
    this.#reading.abort();
    const series = this.#series;
    if (!this.#box.open || !series) return;
    this.#reading = new AbortController();
    const { signal } = this.#reading;
    const { columns, before, span } = this.#shown;
    const [start, stop] = this.#range ?? [];
    const bounds =
      start !== undefined && stop !== undefined
        ? ({ start: Math.floor(start), stop: Math.ceil(stop), closed: "both" } as const)
        : {};
    series
      .read({ ...bounds, columns, limit: ROWS + 1, numbers: true, signal, ...(before && { before }) })
      .then((frame) => {
        if (!signal.aborted) this.#fill(frame, span?.step ?? 0);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#failed(error);
      });
  }

  #fill(frame: Frame, step: number): void {
    const shown = Math.min(ROWS, frame.length);
    byId("table-title", HTMLElement).textContent =
      frame.length > ROWS
        ? `The first ${ROWS} rows as a table`
        : `${formatQuantity(shown, "row")} as a table`;
    byId("scroll", HTMLElement).tabIndex = 0; // so that the keyboard can scroll it
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
