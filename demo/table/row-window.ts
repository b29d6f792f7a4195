import { createElement } from "../page/dom.ts";
import { ScrollScale } from "./scroll-scale.ts";

/** Height of a row in pixels: as in style/table.css. */
export const ROW_HEIGHT = 29;
/** Most rows in view. */
const MAX_VISIBLE = 14;
/** A move of the scrollbar by more than this many times the visible height is one to another place. */
const JUMP = 2;

interface RowWindowOptions {
  scroller: HTMLElement;
  table: HTMLTableElement;
  /** Returns what the cells of a row say; undefined if it has not been read yet. */
  cells(row: number): readonly string[] | undefined;
  /** The classes of cells, by column. */
  classes(): readonly string[];
  /** Rows come into view. */
  onMove(first: number, last: number): void;
}

/**
 * Draws the rows of a table that are in view, whatever their number. The table stays at its place in an element of the
 * height of all rows, which scrolls.
 */
export class RowWindow {
  readonly #options: RowWindowOptions;
  readonly #body: HTMLTableSectionElement;
  readonly #frame = createElement("div", { class: "row-window" });
  readonly #space = createElement("div", { class: "row-space", children: [this.#frame] });
  #rows = 0;
  #scale = new ScrollScale(0, ROW_HEIGHT, 0);
  /** The position in the table, in pixels. */
  #top = 0;
  /** The position of the scrollbar that was last seen or set. */
  #scrollTop = 0;

  constructor(options: RowWindowOptions) {
    this.#options = options;
    const { scroller, table } = options;
    this.#body = table.tBodies[0] ?? table.createTBody();
    scroller.append(this.#space);
    this.#frame.append(table);
    scroller.addEventListener("scroll", () => this.#onScroll());
    scroller.addEventListener("scrollend", () => this.#settle());
    scroller.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
    scroller.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows a table of another length. @param keepTop whether the rows in view stay */
  show(rows: number, keepTop: boolean): void {
    this.#rows = rows;
    const { scroller, table } = this.#options;
    const head = table.tHead?.offsetHeight ?? 0;
    const visible = Math.min(rows, MAX_VISIBLE) * ROW_HEIGHT;
    this.#scale = new ScrollScale(rows, ROW_HEIGHT, visible);
    this.#frame.style.height = `${head + visible}px`;
    this.#space.style.height = `${head + this.#scale.height}px`;
    // A scrollbar below the rows covers none of them.
    scroller.style.maxHeight = `${head + visible + scroller.offsetHeight - scroller.clientHeight}px`;
    table.setAttribute("aria-rowcount", String(rows + 1));
    this.#moveTo(keepTop ? this.#top : 0);
  }

  /** Draws the rows in view again. */
  draw(): void {
    const first = Math.floor(this.#top / ROW_HEIGHT);
    const last = Math.min(this.#rows - 1, first + MAX_VISIBLE);
    const classes = this.#options.classes();
    const rows = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
      const cells = this.#options.cells(first + i);
      return createElement("tr", {
        attributes: { "aria-rowindex": String(first + i + 2) },
        class: cells ? "" : "unread",
        children: classes.map((name, column) => {
          const text = cells?.[column] ?? "…";
          // Long texts are cut off by the style: the whole is in the tooltip.
          const attributes: Record<string, string> = text.length > 40 ? { title: text } : {};
          return createElement("td", { text, class: name, attributes });
        }),
      });
    });
    this.#body.replaceChildren(...rows);
    this.#body.style.transform = `translateY(${first * ROW_HEIGHT - this.#top}px)`;
    this.#keepWidths();
  }

  /** Columns become wider where a cell needs it, and never narrower: nothing moves back and forth while rows scroll. */
  #keepWidths(): void {
    for (const cell of this.#options.table.tHead?.rows[0]?.cells ?? []) {
      cell.style.minWidth = `${Math.ceil(cell.getBoundingClientRect().width)}px`;
    }
  }

  #moveTo(top: number): void {
    this.#top = this.#scale.clamp(top);
    this.#settle();
    this.#moved();
  }

  #moved(): void {
    const first = Math.floor(this.#top / ROW_HEIGHT);
    this.#options.onMove(first, first + MAX_VISIBLE);
    this.draw();
  }

  /** Puts the scrollbar where it belongs. */
  #settle(): void {
    const { scroller } = this.#options;
    const scrollTop = this.#scale.scrollTopOf(this.#top);
    if (Math.abs(scroller.scrollTop - scrollTop) >= 1) scroller.scrollTop = scrollTop;
    this.#scrollTop = scroller.scrollTop;
  }

  #onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#options.scroller;
    const moved = scrollTop - this.#scrollTop;
    if (moved === 0) return;
    this.#scrollTop = scrollTop;
    const isEnd = scrollTop <= 0 || scrollTop >= scrollHeight - clientHeight - 1;
    // A finger moves rows as far as itself; who drags the scrollbar moves through the whole table.
    const isStep = this.#scale.isScaled && !isEnd && Math.abs(moved) < JUMP * clientHeight;
    this.#top = this.#scale.clamp(isStep ? this.#top + moved : this.#scale.topOf(scrollTop));
    this.#moved();
  }

  #onWheel(event: WheelEvent): void {
    const { deltaY, deltaX, deltaMode, ctrlKey } = event;
    if (!this.#scale.isScaled || ctrlKey || Math.abs(deltaX) > Math.abs(deltaY)) return;
    const pixels = deltaY * (deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1);
    const top = this.#scale.clamp(this.#top + pixels);
    if (top === this.#top) return; // at an end, the page scrolls
    event.preventDefault();
    this.#moveTo(top);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.#options.scroller || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = (MAX_VISIBLE - 1) * ROW_HEIGHT;
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: -ROW_HEIGHT,
      ArrowDown: ROW_HEIGHT,
      PageUp: -page,
      PageDown: page,
      Home: Number.NEGATIVE_INFINITY,
      End: Number.POSITIVE_INFINITY,
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    this.#moveTo(this.#top + move);
  }
}
