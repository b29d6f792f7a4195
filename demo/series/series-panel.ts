import type { Collection } from "lakota";
import { byId } from "../page/dom.ts";
import { formatCount } from "../page/format.ts";
import { hasAllLabels, type Page } from "../state/page-state.ts";
import type { LabelPages } from "./label-pages.ts";
import { LabelTree, type TreeRow } from "./label-tree.ts";
import { type RowEvents, rowOfMatch, rowOfTree, type Selection, seriesKey } from "./rows.ts";
import { type DescribedSeries, wordsOf } from "./search-descriptions.ts";
import { type SearchState, searchLabels } from "./search-labels.ts";
import { type ListRow, VirtualList } from "./virtual-list.ts";

export interface SeriesPanelEvents {
  /** The first is the selected series; the others are drawn in the same chart. */
  series(labels: readonly string[], collection: string): void;
  /** Returns what lists and describes the series of a collection. */
  open(collection: string, signal: AbortSignal): Promise<LabelPages & Pick<DescribedSeries, "info">>;
  /** The search has found collections by their titles and descriptions. */
  found(collections: readonly string[]): void;
  failed(error: unknown): void;
}

/** Pages of a folder, and of those it is in, that are listed to show where the selected series is. */
const MAX_PAGES = 40;

const NO_SELECTION: Selection = { collection: "", series: [] };

/** The series of the open collection, as a tree; or, with a query, what is found of it in all collections. */
export class SeriesPanel {
  readonly #status = byId("series-more");
  readonly #list = new VirtualList(byId("series-scroll"), byId("series", "ul"));
  readonly #events: SeriesPanelEvents;
  readonly #rowEvents: RowEvents;
  #collections: readonly string[] = [];
  #collection: Collection | undefined;
  #labels: readonly string[] = [];
  #tree: LabelTree | undefined;
  #selection = NO_SELECTION;
  #query = "";
  #found: SearchState | undefined;
  #searching = new AbortController();
  /** The series to scroll to once it is listed, and how many more pages are listed for it. */
  #sought: { readonly label: string; pages: number } | undefined;

  constructor(events: SeriesPanelEvents) {
    this.#events = events;
    for (const type of ["wheel", "pointerdown", "keydown"])
      byId("series-scroll").addEventListener(type, () => this.#stopSeeking(), { passive: true });
    this.#rowEvents = {
      select: (label, collection) => events.series([label], collection),
      toggle: (label) => this.#toggle(label),
      fold: (prefix) => {
        this.#stopSeeking();
        this.#tree?.toggle(prefix);
        this.#draw();
      },
      load: (prefix) => this.#load(prefix),
    };
  }

  /** Shows the series of the open collection. */
  show({ collections, open, target }: Page): void {
    const selection = { collection: target.collection ?? "", series: target.series };
    const isSame = open?.collection === this.#collection;
    const isNew =
      !isSame ||
      selection.collection !== this.#selection.collection ||
      selection.series[0] !== this.#selection.series[0];
    this.#collections = collections;
    this.#selection = selection;
    if (!isSame || open?.labels !== this.#labels) {
      const former = isSame ? this.#tree : undefined;
      this.#collection = open?.collection;
      this.#labels = open?.labels ?? [];
      this.#tree = open && new LabelTree(open.collection, open.labels, hasAllLabels(open));
      if (former) this.#tree?.openAs(former);
      else this.#list.toTop();
    }
    const [current] = target.series;
    if (isNew) this.#sought = current === undefined ? undefined : { label: current, pages: MAX_PAGES };
    if (isNew && current !== undefined) this.#tree?.reveal(current);
    this.#draw();
    this.#seek();
  }

  /** Searches all collections; with an empty text, shows the tree again. */
  search(text: string): void {
    this.#searching.abort();
    this.#searching = new AbortController();
    const { signal } = this.#searching;
    this.#query = text.trim();
    this.#found = undefined;
    this.#list.toTop();
    this.#draw();
    if (this.#query === "") {
      this.#seek();
      return;
    }
    const open = this.#selection.collection;
    // The open collection comes first.
    const others = this.#collections.filter((label) => label !== open);
    searchLabels(this.#query, {
      collections: open === "" ? others : [open, ...others],
      open: (collection, ending) => this.#events.open(collection, ending),
      onState: (state) => {
        this.#found = state;
        this.#events.found(state.collections);
        this.#draw();
      },
      signal,
    }).catch((error: unknown) => {
      if (!signal.aborted) this.#events.failed(error);
    });
  }

  /** Shows the first series that was found. Returns whether there is one. */
  selectFirst(): boolean {
    const [first] = this.#found?.matches ?? [];
    if (first) this.#events.series([first.label], first.collection);
    return first !== undefined;
  }

  #draw(): void {
    this.#list.show(this.#rows());
    this.#status.textContent = this.#query === "" ? "" : searchText(this.#found);
    this.#status.hidden = this.#query === "";
  }

  #rows(): ListRow[] {
    if (this.#query !== "") {
      const words = wordsOf(this.#query);
      const matches = this.#found?.matches ?? [];
      return matches.map((match) => rowOfMatch(match, words, this.#selection, this.#rowEvents));
    }
    return (this.#tree?.rows ?? []).map((row: TreeRow) => rowOfTree(row, this.#selection, this.#rowEvents));
  }

  #load(prefix: string): void {
    const tree = this.#tree;
    tree
      ?.load(prefix)
      .catch(() => {
        this.#stopSeeking();
        return true; // the row says so
      })
      .then((isNew) => {
        if (!isNew || tree !== this.#tree) return;
        this.#draw();
        this.#seek();
      });
  }

  /** Scrolls to the selected series, and lists the folders that it is in until they show it. */
  #seek(): void {
    const sought = this.#sought;
    if (!sought || !this.#tree || this.#query !== "") return;
    const folder = this.#tree.nextToList(sought.label);
    if (folder !== undefined && sought.pages-- > 0) {
      this.#load(folder);
      return;
    }
    this.#sought = undefined;
    this.#list.scrollTo(seriesKey({ collection: this.#selection.collection, label: sought.label }));
  }

  /** Leaves the list where someone has scrolled it to. */
  #stopSeeking(): void {
    this.#sought = undefined;
  }

  #toggle(label: string): void {
    const { series, collection } = this.#selection;
    const selected = series.includes(label) ? series.filter((each) => each !== label) : [...series, label];
    if (selected.length > 0) this.#events.series(selected, collection);
  }
}

function searchText(state: SearchState | undefined): string {
  if (!state) return "Searching…";
  const { matches, found, searched, failed, isDone } = state;
  const among = `${formatCount(found)} found among ${formatCount(searched)}`;
  const sentences = [
    !isDone && `Searching: ${among} so far.`,
    isDone && found === 0 && `Nothing found among ${formatCount(searched)}.`,
    isDone && found > 0 && `${among}.`,
    matches.length < found && `The first ${formatCount(matches.length)} are listed.`,
    failed.length > 0 && `Search incomplete; could not list: ${failed.join(", ")}.`,
  ];
  return sentences.filter(Boolean).join(" ");
}
