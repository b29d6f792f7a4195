import { byId } from "./dom.ts";
import { formatCount } from "./format.ts";
import { showLabels } from "./label-list.ts";

/** A list longer than this gets a search box. */
const SEARCH_THRESHOLD = 12;
/** No list shows more than this at a time. */
const MAX_SHOWN = 200;

export interface SidebarEvents {
  collection(label: string): void;
  /** The first is to be looked at, the others drawn with it. */
  series(labels: readonly string[]): void;
}

/** The lists of collections and series, with a search over many. */
export class Sidebar {
  readonly #box = byId("side", HTMLElement);
  readonly #search = byId("search", HTMLInputElement);
  readonly #events: SidebarEvents;
  #labels: readonly string[] = [];
  #chosen: readonly string[] = [];

  constructor(events: SidebarEvents) {
    this.#events = events;
    this.#search.addEventListener("input", () => this.#showSeries());
  }

  show(
    collections: readonly string[],
    collection: string | undefined,
    labels: readonly string[],
    chosen: readonly string[],
  ): void {
    this.#box.hidden = collections.length === 0;
    const picked = collection === undefined ? [] : [collection];
    const pick = this.#events.collection;
    showLabels(byId("collections", HTMLUListElement), collections, picked, { select: pick });
    this.#labels = labels;
    this.#search.value = "";
    this.select(chosen);
  }

  select(chosen: readonly string[]): void {
    this.#chosen = chosen;
    this.#showSeries();
  }

  #showSeries(): void {
    const wanted = this.#search.value.trim().toLowerCase();
    const found = this.#labels.filter((label) => label.toLowerCase().includes(wanted));
    const shown = found.slice(0, MAX_SHOWN);
    showLabels(byId("series", HTMLUListElement), shown, this.#chosen, {
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
    const on = this.#chosen.includes(label);
    const chosen = on ? this.#chosen.filter((one) => one !== label) : [...this.#chosen, label];
    if (chosen.length > 0) this.#events.series(chosen);
  }
}
