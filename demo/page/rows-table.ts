import type { Frame, Series } from "lakota";
import type { XRange } from "../chart/chart-data.ts";
import { readState } from "../data/read-state.ts";
import { type RowFilter, rowFilter } from "../data/row-filter.ts";
import type { Page } from "../state/page-state.ts";
import { byId, createElement } from "./dom.ts";
import { formatQuantity, formatTime, formatType, formatValue } from "./format.ts";

/** Number of rows that the table shows. */
const ROWS = 50;

/** Which rows the table shows. */
interface TableContent extends RowFilter {
  series: Series;
  columns: readonly string[];
  /** Id of the revision before which the rows are shown. */
  before: string | undefined;
  /** The smallest distance between two rows. */
  step: number;
  /** The part of the x axis; undefined for all. */
  range: XRange | undefined;
  /** The time zone by whose clocks times are shown. */
  zone: string;
}

/** The first rows of the range that the chart shows, as a table. They are read only while it is open. */
export class RowsTable {
  readonly #box = byId("table", HTMLDetailsElement);
  readonly #onError: (error: unknown) => void;
  #content: TableContent | undefined;
  #request = new AbortController();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#box.addEventListener("toggle", () => void this.#read());
  }

  open(): void {
    this.#box.open = true;
  }

  /** Shows the rows of the chart. It is hidden while nothing is shown. */
  show({ shown, target }: Page): void {
    const [series] = shown?.series ?? [];
    this.#box.hidden = !series;
    const content = shown &&
      series && {
        series,
        columns: shown.columns,
        before: target.moment,
        step: shown.span?.step ?? 0,
        range: shown.range,
        keys: shown.keys,
        where: shown.where,
        zone: shown.zone,
      };
    this.#content = content;
    if (content) void this.#read();
    else this.#request.abort();
  }

  async #read(): Promise<void> {
    this.#request.abort();
    if (!this.#box.open || !this.#content) return;
    this.#request = new AbortController();
    const { signal } = this.#request;
    const { series, columns, before, step, range, zone } = this.#content;
    const filter = this.#content;
    let known: Frame | undefined;
    const show = (frame: Frame) => {
      if (!signal.aborted && frame !== known) this.#fill(frame, step, zone);
      known = frame;
    };
    try {
      const bounds = range && ({ start: range[0], stop: range[1], closed: "both" } as const);
      const state = readState(before);
      const options = { ...bounds, ...state, ...(await rowFilter(filter)), columns, limit: ROWS + 1 };
      show(await series.read({ ...options, numbers: true, signal, onStale: show }));
    } catch (error) {
      if (!signal.aborted) this.#onError(error);
    }
  }

  #fill(frame: Frame, step: number, zone: string): void {
    const shown = Math.min(ROWS, frame.length);
    byId("table-title", HTMLElement).textContent =
      frame.length > ROWS
        ? `The first ${ROWS} rows as a table`
        : `${formatQuantity(shown, "row")} as a table`;
    byId("scroll", HTMLElement).tabIndex = 0; // makes it scrollable by keyboard
    const columns = frame.columns.map((name) => cellsOf(frame, name, step, zone));
    byId("head", HTMLTableSectionElement).replaceChildren(
      createElement("tr", {
        children: frame.columns.map((name) =>
          createElement("th", {
            attributes: { scope: "col" },
            children: [name, createElement("span", { class: "unit", text: formatType(frame.type(name)) })],
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

function cellsOf(frame: Frame, name: string, step: number, zone: string): (row: number) => string {
  const values = frame.get(name);
  const isTime = frame.type(name).startsWith("datetime64");
  const shown = /\[[DWMY]\]$/.test(frame.type(name)) ? "UTC" : zone; // dates have no time zone
  return (row) => {
    const item = values[row];
    if (typeof item === "number") return isTime ? formatTime(item, step, shown) : formatValue(item);
    return typeof item === "string" ? item : typeof item === "bigint" ? String(item) : JSON.stringify(item);
  };
}
