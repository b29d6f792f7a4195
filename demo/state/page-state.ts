import type { Collection, CollectionDescription, Revision, RevisionDetails, Series } from "lakota";
import type { ChartSource, XRange } from "../chart/chart-data.ts";
import { EMPTY_SETTINGS, type Settings } from "../connection/settings.ts";
import type { KeyValues } from "../data/key-values.ts";
import type { Span } from "../data/range.ts";
import type { Resample } from "../data/resample.ts";
import type { Problem } from "./problem.ts";
import { NO_TARGET, type Target } from "./target.ts";

/** A revision with what its file says about it. */
export type DetailedRevision = Revision & RevisionDetails;

/** Labels that are listed when a collection is opened. More are listed where they are looked at. */
export const FIRST_LABELS = 1_000;

/** Whether the labels of an open collection are those of all its series. */
export const hasAllLabels = ({ labels }: Pick<OpenCollection, "labels">): boolean =>
  labels.length < FIRST_LABELS;

/** The open collection. */
export interface OpenCollection {
  readonly collection: Collection;
  /** Labels of its first series: at most {@link FIRST_LABELS}. */
  readonly labels: readonly string[];
  /** What is known of it and its columns. */
  readonly info: CollectionDescription;
}

/** What was read of the selected series. */
export interface Shown {
  /** The first is the selected one. */
  readonly series: readonly Series[];
  /** What is known of these series, and of the columns. */
  readonly info: CollectionDescription;
  /** Names of the columns that were read: the index, those drawn, and those that cannot be drawn. */
  readonly columns: readonly string[];
  /** Undefined where the index has no numbers, or there are no rows. */
  readonly span: Span | undefined;
  /** The values of the further index columns; undefined with a single index column. */
  readonly keys: KeyValues | undefined;
  /** The condition that all rows meet which are shown; undefined if there is none. */
  readonly where: string | undefined;
  /** How the rows of the chart are grouped; undefined if they are not. */
  readonly resample: Resample | undefined;
  /** The time zone by whose clocks times are shown. */
  readonly zone: string;
  /** Undefined where there is nothing to draw. */
  readonly chart: ChartSource | undefined;
  /** Rows in {@link range}. */
  readonly rows: number;
  /** The visible part of the x axis; undefined without a chart. */
  readonly range: XRange | undefined;
}

/** Whether the store has confirmed what is shown. */
export type Confirmation = "none" | "waiting" | "confirmed" | "failed";

/** All that the page shows, at one moment. It never changes: a change makes another one. */
export interface Page {
  readonly settings: Settings;
  /** Whether a repository is open. */
  readonly connection: "none" | "opening" | "open" | "failed";
  /** Labels of the repository's collections. */
  readonly collections: readonly string[];
  /** What is asked for, and named by title and address. */
  readonly target: Target;
  /** The collection of {@link target}, once it is open. */
  readonly open: OpenCollection | undefined;
  /** What was read of the series of {@link target}. */
  readonly shown: Shown | undefined;
  /** Whether a request is under way. */
  readonly busy: boolean;
  /** Why there is nothing to show, or not all. */
  readonly problem: Problem | undefined;
  readonly confirmation: Confirmation;
}

export const EMPTY_PAGE: Page = {
  settings: EMPTY_SETTINGS,
  connection: "none",
  collections: [],
  target: NO_TARGET,
  open: undefined,
  shown: undefined,
  busy: false,
  problem: undefined,
  confirmation: "none",
};

/**
 * The state of the page, which its parts draw. Each change keeps two rules: {@link Page.open} is the collection of
 * {@link Page.target}, and {@link Page.shown} was read from its series; what belongs to anything else is dropped.
 */
export class PageState {
  #page: Page = EMPTY_PAGE;
  readonly #onChange: (page: Page, former: Page) => void;

  constructor(onChange: (page: Page, former: Page) => void) {
    this.#onChange = onChange;
  }

  get page(): Page {
    return this.#page;
  }

  /** Another repository is being opened. */
  connecting(settings: Settings, target: Target): void {
    this.#set({ ...EMPTY_PAGE, settings, target, connection: "opening", busy: this.#page.busy });
  }

  connected(collections: readonly string[]): void {
    this.#update({ connection: "open", collections });
  }

  /** Something else is asked for. */
  aimAt(target: Target): void {
    const { open, shown } = this.#page;
    const isOpen = open !== undefined && open.collection.label === target.collection;
    const labels = shown?.series.map(({ label }) => label) ?? [];
    const isShown = isOpen && labels.length > 0 && sameTexts(labels, target.series);
    this.#update({
      target,
      open: isOpen ? open : undefined,
      shown: isShown ? shown : undefined,
      confirmation: isShown ? this.#page.confirmation : "none",
    });
  }

  /** The target is the same, told more precisely: by names in place of defaults, or by how it is drawn. */
  refine(parts: Partial<Omit<Target, "collection">>): void {
    this.#update({ target: { ...this.#page.target, ...parts } });
  }

  opened(open: OpenCollection): void {
    if (open.collection.label !== this.#page.target.collection)
      throw new Error(`"${open.collection.label}" was opened, but another collection is shown.`);
    this.#update({ open });
  }

  relisted(collections: readonly string[], labels: readonly string[]): void {
    const { open } = this.#page;
    // Equal labels stay the same object: what draws them has nothing to do.
    const isSame = open && sameTexts(open.labels, labels);
    this.#update({ collections, open: open && (isSame ? open : { ...open, labels }) });
  }

  show(shown: Shown): void {
    this.#update({ shown });
  }

  /** Another part of the x axis was read. */
  showRange(range: XRange, rows: number): void {
    const { shown } = this.#page;
    if (shown) this.#update({ shown: { ...shown, range, rows } });
  }

  /** A request starts. */
  begin(): void {
    this.#update({ busy: true, problem: undefined, confirmation: "none" });
  }

  end(): void {
    this.#update({ busy: false });
  }

  /** There is nothing to show, or no longer: what was shown is dropped. */
  fail(problem: Problem): void {
    const { connection } = this.#page;
    this.#update({ problem, shown: undefined, connection: connection === "opening" ? "failed" : connection });
  }

  /** Says why the chart is not all there is, beside what is shown. */
  remark(problem: Problem | undefined): void {
    this.#update({ problem });
  }

  confirm(confirmation: Confirmation): void {
    this.#update({ confirmation });
  }

  #update(parts: Partial<Page>): void {
    this.#set({ ...this.#page, ...parts });
  }

  #set(page: Page): void {
    const former = this.#page;
    this.#page = page;
    this.#onChange(page, former);
  }
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i]);

/** Returns the title of the page. It names what is asked for, whether it is there or not. */
export function titleOf({ connection, collections, target: { collection, series } }: Page): string {
  switch (connection) {
    case "none":
      return "Time series on S3";
    case "opening":
      return "Connecting";
    case "failed":
      return "Not connected";
    default: {
      if (collections.length === 0) return "An empty repository";
      const [first] = series;
      if (first === undefined) return collection ?? "";
      return series.length > 3 ? `${first} and ${series.length - 1} more` : series.join(", ");
    }
  }
}
