import type { Page } from "../state/page-state.ts";
import { byId } from "./dom.ts";
import { formatCount } from "./format.ts";
import { showLabels } from "./label-list.ts";

/** A longer list of series has a search box. */
const SEARCH_THRESHOLD = 12;
/** Most series that the list shows at a time. */
const MAX_SHOWN = 200;

export interface SidebarEvents {
  collection(label: string): void;
  /** The first is the selected series; the others are drawn in the same chart. */
  series(labels: readonly string[]): void;
}

/** The lists of collections and series, with a search box for many series. */
export class Sidebar {
  readonly #box = byId("side", HTMLElement);
  readonly #search = byId("search", HTMLInputElement);
  readonly #events: SidebarEvents;
  #collection: string | undefined;
  #labels: readonly string[] = [];
  #selected: readonly string[] = [];

  constructor(events: SidebarEvents) {
    this.#events = events;
    this.#search.addEventListener("input", () => this.#showSeries());
  }

  /** Shows the collections, and the series of the open one. */
  show({ collections, open, target }: Page): void {
    this.#box.hidden = collections.length === 0;
    const { collection } = target;
    showLabels(
      byId("collections", HTMLUListElement),
      collections,
      collection === undefined ? [] : [collection],
      { select: this.#events.collection },
    );
    if (collection !== this.#collection) this.#search.value = "";
    this.#collection = collection;
    this.#labels = open?.labels ?? [];
    byId("series-box", HTMLElement).hidden = this.#labels.length === 0;
    this.#selected = target.series;
    this.#showSeries();
  }

  #showSeries(): void {
    const query = this.#search.value.trim().toLowerCase();
    const found = this.#labels.filter((label) => label.toLowerCase().includes(query));
    const shown = found.slice(0, MAX_SHOWN);
    showLabels(byId("series", HTMLUListElement), shown, this.#selected, {
      select: (label) => this.#events.series([label]),
      toggle: (label) => this.#toggle(label),
    });
    byId("search-label", HTMLElement).hidden = this.#labels.length <= SEARCH_THRESHOLD;
    const more = byId("series-more", HTMLElement);
    more.hidden = this.#labels.length === 0 || (found.length > 0 && found.length === shown.length);
    more.textContent =
      found.length === 0
        ? "No series of that name."
        : `${formatCount(found.length - shown.length)} more: search.`;
  }

  #toggle(label: string): void {
    const on = this.#selected.includes(label);
    const selected = on ? this.#selected.filter((each) => each !== label) : [...this.#selected, label];
    if (selected.length > 0) this.#events.series(selected);
  }
}
