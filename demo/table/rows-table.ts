import type { CollectionDescription, Frame } from "lakota";
import { describedAs } from "../data/read-info.ts";
import { createElement, elementsById } from "../page/dom.ts";
import { formatCount, formatQuantity, formatType } from "../page/format.ts";
import type { Page } from "../state/page-state.ts";
import { cellsOf, isNumeric, type TimeStyle } from "./cells.ts";
import { nextOrder, type Order, sortedPositions } from "./order.ts";
import { RowPages } from "./row-pages.ts";
import { RowWindow } from "./row-window.ts";
import { type TableContent, TableRows } from "./table-rows.ts";

/** Most rows that are read to sort them by a column other than the index. */
const MAX_SORTED = 500_000;
/** Milliseconds for which rows are in view before they are read: those that are only scrolled past are not. */
const DWELL = 60;

interface ShownTable {
  readonly content: TableContent;
  readonly times: TimeStyle;
  readonly info: CollectionDescription;
  /** The first index column, in whose order rows are stored. */
  readonly index: string;
}

/** A page of rows: what the cells of its columns say. */
type Cells = readonly ((row: number) => string)[];

/** All rows of the range that the chart shows, as a table that scrolls. They are read only while it is open. */
export class RowsTable {
  readonly #parts = elementsById({
    table: "details",
    tableTitle: "*",
    tableStatus: "*",
    tableCancel: "button",
    head: "thead",
    scroll: "*",
    rowsTable: "table",
  });
  readonly #window: RowWindow;
  readonly #onError: (error: unknown) => void;
  #shown: ShownTable | undefined;
  #order: Order | undefined;
  /** Cancels what is read for the whole table. */
  #request = new AbortController();
  #pages: RowPages<Cells> | undefined;
  /** All rows, and the positions of them in the order of a column. */
  #sorted: { readonly cells: Cells; readonly positions: Uint32Array } | undefined;
  #types: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
    this.#window = new RowWindow({
      scroller: this.#parts.scroll,
      table: this.#parts.rowsTable,
      cells: (row) => this.#cells(row),
      classes: () => this.#types.map((type) => (isNumeric(type) ? "number" : "")),
      onMove: (first, last) => this.#want(first, last),
    });
    this.#parts.table.addEventListener("toggle", () => void this.#read(false));
    this.#parts.tableCancel.addEventListener("click", () => this.#sortBy(undefined));
    this.#parts.head.addEventListener("click", ({ target }) => {
      const column = target instanceof Element ? target.closest("th")?.dataset.column : undefined;
      if (column !== undefined && this.#shown)
        this.#sortBy(nextOrder(this.#order, column, column === this.#shown.index));
    });
  }

  open(): void {
    this.#parts.table.open = true;
  }

  /** Shows the rows of the chart. It is hidden while nothing is shown. */
  show({ open, shown, target }: Page): void {
    const [series] = shown?.series ?? [];
    this.#parts.table.hidden = !series;
    const former = this.#shown?.content;
    if (!shown || !series || !open) {
      this.#shown = undefined;
      this.#stop();
      return;
    }
    const { columns, range, keys, where, zone } = shown;
    const content: TableContent = { series, columns, before: target.moment, range, keys, where };
    const index = open.collection.schema.index[0]!.name;
    this.#shown = { content, times: { step: shown.span?.step ?? 0, zone }, info: shown.info, index };
    const isSame =
      former?.series.label === series.label &&
      former.before === content.before &&
      former.where === where &&
      former.range?.join() === range?.join();
    if (!isSame) this.#order = undefined;
    void this.#read(isSame);
  }

  #stop(): void {
    this.#request.abort();
    this.#request = new AbortController();
    clearTimeout(this.#timer);
    this.#pages?.close();
    this.#pages = undefined;
    this.#sorted = undefined;
    this.#say("");
  }

  /** Counts the rows, and reads those in view. @param keepTop whether the place in the table stays */
  async #read(keepTop: boolean): Promise<void> {
    this.#stop();
    const shown = this.#shown;
    if (!this.#parts.table.open || !shown) return;
    const { signal } = this.#request;
    const rows = new TableRows(shown.content);
    const { label } = shown.content.series;
    try {
      const length = await rows.count(signal);
      if (signal.aborted) return;
      this.#parts.tableTitle.textContent = `${formatQuantity(length, "row")} of ${label} as a table`;
      const order = this.#order;
      const isIndex = order === undefined || order.column === shown.index;
      const first = await rows.page(0, isIndex && !order ? PAGE : 1, signal);
      if (signal.aborted) return;
      this.#showHead(first, shown);
      if (isIndex) this.#showPages(rows, length, order?.descending ? undefined : first, shown);
      else await this.#showSorted(rows, length, order, shown, signal);
      if (signal.aborted) return;
      this.#window.show(length, keepTop);
    } catch (error) {
      if (!signal.aborted) this.#onError(error);
    }
  }

  /** Shows rows in the order of the index, or in the opposite one. @param first the first page, if it was read */
  #showPages(rows: TableRows, length: number, first: Frame | undefined, { times }: ShownTable): void {
    const descending = this.#order !== undefined;
    this.#pages = new RowPages<Cells>({
      length,
      pageLength: PAGE,
      read: async (offset, limit, signal) => {
        if (offset === 0 && first) return pageOf(first, times);
        const from = descending ? length - offset - limit : offset;
        return pageOf(await rows.page(from, limit, signal), times, descending);
      },
      onPage: () => this.#window.draw(),
      onError: this.#onError,
    });
  }

  async #showSorted(
    rows: TableRows,
    length: number,
    { column, descending }: Order,
    { times }: ShownTable,
    signal: AbortSignal,
  ): Promise<void> {
    const number = formatQuantity(length, "row");
    this.#say(`Reading ${number} to sort them by ${column}…`, true);
    const frame = await rows.all(signal, ({ bytes, totalBytes }) => {
      if (signal.aborted || totalBytes === 0) return;
      const percent = Math.min(100, Math.round((100 * bytes) / totalBytes));
      this.#say(`Reading ${number} to sort them by ${column}: ${percent}%`, true);
    });
    if (signal.aborted) return;
    this.#sorted = { cells: pageOf(frame, times), positions: sortedPositions(frame.get(column), descending) };
    const direction = descending ? "highest first" : "lowest first";
    this.#say(`Sorted by ${column}, ${direction}. All ${number} were read for it.`);
  }

  /** @param order undefined for the order of the index */
  #sortBy(order: Order | undefined): void {
    const length = this.#pages?.length ?? this.#sorted?.positions.length ?? 0;
    if (order && order.column !== this.#shown?.index && length > MAX_SORTED) {
      this.#say(
        `To sort by ${order.column}, all ${formatCount(length)} rows would have to be read. ` +
          `Select a range with at most ${formatCount(MAX_SORTED)} rows first.`,
      );
      return;
    }
    this.#order = order;
    void this.#read(false);
  }

  #showHead(frame: Frame, { info, index }: ShownTable): void {
    this.#types = frame.columns.map((name) => frame.type(name));
    const names = [...this.#parts.head.querySelectorAll("th")].map(({ dataset }) => dataset.column);
    const isSame = names.join("\n") === frame.columns.join("\n");
    if (!isSame) this.#parts.head.replaceChildren(this.#newHead(frame, info));
    this.#parts.scroll.tabIndex = 0; // makes it scrollable by keyboard
    for (const cell of this.#parts.head.querySelectorAll("th")) {
      const order = this.#order ?? { column: index, descending: false };
      if (cell.dataset.column !== order.column) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
    }
  }

  #newHead(frame: Frame, info: CollectionDescription): HTMLTableRowElement {
    const cells = frame.columns.map((name) => {
      const type = frame.type(name);
      const described = describedAs(info.columns, name);
      const unit = createElement("span", { class: "unit", text: described?.unit ?? formatType(type) });
      const title = described?.description ?? `Sort by ${name}`;
      const button = createElement("button", {
        attributes: { type: "button", title },
        children: [createElement("span", { class: "name", text: name }), unit],
      });
      const cell = createElement("th", { class: isNumeric(type) ? "number" : "", children: [button] });
      cell.scope = "col";
      cell.dataset.column = name;
      return cell;
    });
    return createElement("tr", { attributes: { "aria-rowindex": "1" }, children: cells });
  }

  #cells(row: number): readonly string[] | undefined {
    if (this.#sorted) {
      const { cells, positions } = this.#sorted;
      return cells.map((cell) => cell(positions[row]!));
    }
    const found = this.#pages?.at(row);
    return found?.page.map((cell) => cell(found.index));
  }

  #want(first: number, last: number): void {
    clearTimeout(this.#timer);
    const pages = this.#pages;
    if (!pages) return;
    const want = () => pages.want(first, last);
    if (first === 0 || pages.has(first, last)) want();
    else this.#timer = setTimeout(want, DWELL);
  }

  #say(text: string, canCancel = false): void {
    this.#parts.tableStatus.textContent = text;
    this.#parts.tableCancel.hidden = !canCancel;
  }
}

/** Rows that are read at a time. */
const PAGE = 200;

/** @param isReversed whether the last row comes first */
function pageOf(frame: Frame, times: TimeStyle, isReversed = false): Cells {
  const last = frame.length - 1;
  const columns = frame.columns.map((name) => cellsOf(frame, name, times));
  return isReversed ? columns.map((cell) => (row) => cell(last - row)) : columns;
}
