import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";

/** Height of a row that was not drawn yet, in pixels. */
const ESTIMATED_HEIGHT = 32;
/** Rows that are drawn before and after those in view. */
const OVERSCAN = 8;

/** A row of a list. */
export interface ListRow {
  /** The same for the same row, whatever the list contains besides. */
  readonly key: string;
  /** What its look depends on: it is drawn again when that changes. */
  readonly state: string;
  draw(): HTMLLIElement;
  /** Called when it is in view, or nearly. */
  onSeen?(): void;
}

interface DrawnRow {
  readonly row: ListRow;
  readonly element: HTMLLIElement;
}

/** A list that draws the rows in view only, whose heights differ. */
export class VirtualList {
  readonly #list: HTMLUListElement;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLLIElement>;
  #rows: readonly ListRow[] = [];
  #drawn: ReadonlyMap<string, DrawnRow> = new Map();
  #isDrawing = false;
  #isOutdated = false;

  /** @param scroller what scrolls the list */
  constructor(scroller: HTMLElement, list: HTMLUListElement) {
    this.#list = list;
    this.#virtualizer = new Virtualizer(this.#options(scroller));
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
  }

  show(rows: readonly ListRow[]): void {
    this.#rows = rows;
    const { scrollElement } = this.#virtualizer;
    if (scrollElement) this.#virtualizer.setOptions(this.#options(scrollElement));
    this.#virtualizer._willUpdate();
    this.#draw();
  }

  /** Scrolls until a row is in view, if the list has it. */
  scrollTo(key: string): void {
    const index = this.#rows.findIndex((row) => row.key === key);
    if (index >= 0) this.#virtualizer.scrollToIndex(index, { align: "auto" });
  }

  toTop(): void {
    this.#virtualizer.scrollToOffset(0);
  }

  #options(scroller: HTMLElement) {
    return {
      count: this.#rows.length,
      getScrollElement: () => scroller,
      estimateSize: () => ESTIMATED_HEIGHT,
      getItemKey: (index: number) => this.#rows[index]!.key,
      overscan: OVERSCAN,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#draw(),
    };
  }

  /** Draws the rows in view. Again, if they turn out to be higher or lower, so that others are in view. */
  #draw(): void {
    this.#isOutdated = true;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    while (this.#isOutdated) {
      this.#isOutdated = false;
      this.#drawOnce();
    }
    this.#isDrawing = false;
    for (const { row } of this.#drawn.values()) row.onSeen?.();
  }

  /** Elements of rows that look the same stay, with the focus. */
  #drawOnce(): void {
    const items = this.#virtualizer.getVirtualItems();
    const drawn = new Map<string, DrawnRow>();
    for (const { index } of items) {
      const row = this.#rows[index];
      if (!row) continue;
      const former = this.#drawn.get(row.key);
      const element = former?.row.state === row.state ? former.element : replacement(row, former?.element);
      element.dataset.index = String(index);
      drawn.set(row.key, { row, element });
    }
    for (const [key, { element }] of this.#drawn) if (drawn.get(key)?.element !== element) element.remove();
    this.#drawn = drawn;
    let next = this.#list.firstElementChild;
    for (const { element } of drawn.values()) {
      if (element === next) next = next.nextElementSibling;
      else this.#list.insertBefore(element, next);
    }
    this.#list.style.paddingTop = `${items[0]?.start ?? 0}px`;
    this.#list.style.height = `${this.#virtualizer.getTotalSize()}px`;
    for (const { element } of drawn.values()) this.#virtualizer.measureElement(element);
  }
}

/** Draws a row again. If one of its buttons has the focus, the new one gets it. */
function replacement(row: ListRow, former: HTMLLIElement | undefined): HTMLLIElement {
  const element = row.draw();
  if (!former) return element;
  const focused = [...former.querySelectorAll("button")].indexOf(document.activeElement as HTMLButtonElement);
  former.replaceWith(element);
  element.querySelectorAll("button")[focused]?.focus();
  return element;
}
