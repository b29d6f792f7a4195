import { listenToArrows } from "../series/arrow-keys.ts";
import { SeriesPanel, type SeriesPanelEvents } from "../series/series-panel.ts";
import type { Page } from "../state/page-state.ts";
import { byId } from "./dom.ts";
import { showLabels } from "./label-list.ts";
import { onShortcut } from "./shortcut.ts";

/** Where the lists are below the chart: as in style/narrow.css. */
const LISTS_BELOW = "(max-width: 52rem)";

export interface SidebarEvents extends Omit<SeriesPanelEvents, "found"> {
  collection(label: string): void;
}

/** The lists of collections and series, with a search box for both. */
export class Sidebar {
  readonly #box = byId("side");
  readonly #search = byId("search", "input");
  readonly #events: SidebarEvents;
  readonly #series: SeriesPanel;
  #page: Page | undefined;
  /** Collections that were found by their titles and descriptions. */
  #described: readonly string[] = [];

  constructor(events: SidebarEvents) {
    // Where the lists are below the chart, what was chosen in them is out of view.
    const toTop = () => {
      if (matchMedia(LISTS_BELOW).matches) scrollTo({ top: 0 });
    };
    this.#events = {
      ...events,
      collection: (label) => {
        toTop();
        events.collection(label);
      },
      series: (labels, collection) => {
        toTop();
        events.series(labels, collection);
      },
    };
    this.#series = new SeriesPanel({
      ...this.#events,
      found: (collections) => {
        if (collections.length === this.#described.length) return;
        this.#described = [...collections];
        this.#showCollections();
      },
    });
    this.#search.addEventListener("input", () => this.#find());
    this.#search.addEventListener("keydown", (event) => this.#onKey(event));
    listenToArrows(byId("series"), () => this.#search.focus());
    byId("find").addEventListener("click", () => this.#search.focus());
    onShortcut("/", () => this.#beginSearch());
  }

  /** Shows the collections, and the series of the open one. */
  show(page: Page): void {
    const { collections, target } = page;
    const isOther = target.collection !== this.#page?.target.collection;
    this.#page = page;
    this.#box.hidden = collections.length === 0;
    this.#showSeriesBox();
    this.#showCollections();
    this.#series.show(page);
    if (isOther && this.#search.value) {
      this.#search.value = "";
      this.#find();
    }
  }

  #find(): void {
    this.#described = [];
    this.#showCollections();
    this.#showSeriesBox();
    this.#series.search(this.#search.value);
  }

  /** Hides the list of series if there is nothing to list. */
  #showSeriesBox(): void {
    const isEmpty = (this.#page?.open?.labels ?? []).length === 0;
    byId("series-box").hidden = isEmpty && !this.#search.value;
  }

  /** Shows the collections, or those of them that are searched for. */
  #showCollections(): void {
    const found = this.#found;
    byId("collections-box").hidden = found.length === 0;
    showLabels(byId("collections", "ul"), found, this.#page?.target.collection, (label) =>
      this.#events.collection(label),
    );
  }

  /** The collections whose names, titles or descriptions contain what is searched for: all, without a search. */
  get #found(): string[] {
    const query = this.#search.value.trim().toLowerCase();
    return (this.#page?.collections ?? []).filter(
      (label) => label.toLowerCase().includes(query) || this.#described.includes(label),
    );
  }

  /** Shows the first of what was found. */
  #selectFirst(): void {
    if (this.#search.value.trim() === "" || this.#series.selectFirst()) return;
    const [collection] = this.#found;
    if (collection !== undefined) this.#events.collection(collection);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#selectFirst();
    else if (event.key === "ArrowDown") byId("series").querySelector("button")?.focus();
    else if (event.key === "Escape" && this.#search.value) {
      this.#search.value = "";
      this.#find();
    } else return;
    event.preventDefault();
  }

  #beginSearch(): void {
    if (this.#box.hidden) return;
    this.#search.focus();
    this.#search.select();
  }
}
