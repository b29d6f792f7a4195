import type { LabelPages } from "./label-pages.ts";

/** Labels that are asked for at a time. */
const PAGE = 500;
/** Sorts after all other characters: what is in a folder is skipped by asking for what is after this. */
const LAST = "\u{10ffff}";

/** A line of the tree: a series, a folder of series, or the place where more of a folder is still to be listed. */
export type TreeRow =
  | { readonly kind: "series"; readonly label: string; readonly name: string; readonly depth: number }
  | {
      readonly kind: "folder";
      readonly prefix: string;
      readonly name: string;
      readonly depth: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: "more"; readonly prefix: string; readonly depth: number; readonly hasFailed: boolean };

type Entry = { readonly label: string } | { readonly folder: string };

/** What is directly in a folder, as far as it has been listed. */
interface Level {
  readonly entries: Entry[];
  /** What was listed last; undefined before. */
  after: string | undefined;
  isComplete: boolean;
  isLoading: boolean;
  hasFailed: boolean;
}

const emptyLevel = (): Level => ({
  entries: [],
  after: undefined,
  isComplete: false,
  isLoading: false,
  hasFailed: false,
});

/**
 * The series of a collection as a tree of folders: labels are divided at "/". A level is listed page by page, and what is
 * in closed folders is skipped, so that the tree of very many series costs as much as what is seen of it.
 */
export class LabelTree {
  readonly #pages: LabelPages;
  readonly #levels = new Map<string, Level>();
  readonly #open = new Set<string>();

  /**
   * @param first labels of the collection
   * @param isComplete whether these are all
   */
  constructor(pages: LabelPages, first: readonly string[], isComplete: boolean) {
    this.#pages = pages;
    const root = emptyLevel();
    this.#levels.set("", root);
    add(root, "", first, isComplete);
    this.#openOnlyChild("");
  }

  get rows(): TreeRow[] {
    const rows: TreeRow[] = [];
    this.#collect("", 0, rows);
    return rows;
  }

  toggle(prefix: string): void {
    if (!this.#open.delete(prefix)) this.#open.add(prefix);
  }

  /** Opens the folders that a series is in. */
  reveal(label: string): void {
    for (let slash = label.indexOf("/"); slash >= 0; slash = label.indexOf("/", slash + 1))
      this.#open.add(label.slice(0, slash + 1));
  }

  /** Returns the folder of which more is to be listed before the rows can show a series; undefined if nothing. */
  nextToList(label: string): string | undefined {
    let prefix = "";
    for (;;) {
      const level = this.#levels.get(prefix);
      const slash = label.indexOf("/", prefix.length);
      const folder = slash < 0 ? undefined : label.slice(0, slash + 1);
      const isListed = level?.entries.some((entry) =>
        "label" in entry ? entry.label === label : entry.folder === folder,
      );
      if (!isListed) return level?.isComplete ? undefined : prefix;
      if (folder === undefined) return undefined;
      prefix = folder;
    }
  }

  /** Opens the folders that are open in another tree. */
  openAs(other: LabelTree): void {
    for (const prefix of other.#open) this.#open.add(prefix);
  }

  /** Lists the next page of a folder, unless that is under way. Returns whether there is more to show. */
  async load(prefix: string): Promise<boolean> {
    const level = this.#levels.get(prefix) ?? emptyLevel();
    this.#levels.set(prefix, level);
    if (level.isLoading || level.isComplete) return false;
    level.isLoading = true;
    level.hasFailed = false;
    try {
      const { after } = level;
      const labels = await this.#pages.ls({ prefix, limit: PAGE, ...(after !== undefined && { after }) });
      add(level, prefix, labels, labels.length < PAGE);
      this.#openOnlyChild(prefix);
      return true;
    } catch (error) {
      level.hasFailed = true;
      throw error;
    } finally {
      level.isLoading = false;
    }
  }

  /** A folder that is the only thing in another one is open: there is nothing to choose. */
  #openOnlyChild(prefix: string): void {
    const { entries, isComplete } = this.#levels.get(prefix)!;
    const [only] = entries;
    if (isComplete && entries.length === 1 && only && "folder" in only) this.#open.add(only.folder);
  }

  #collect(prefix: string, depth: number, rows: TreeRow[]): void {
    const level = this.#levels.get(prefix);
    for (const entry of level?.entries ?? []) {
      if ("label" in entry) {
        const { label } = entry;
        rows.push({ kind: "series", label, name: label.slice(prefix.length) || label, depth });
        continue;
      }
      const isOpen = this.#open.has(entry.folder);
      rows.push({
        kind: "folder",
        prefix: entry.folder,
        name: entry.folder.slice(prefix.length),
        depth,
        isOpen,
      });
      if (isOpen) this.#collect(entry.folder, depth + 1, rows);
    }
    if (!level?.isComplete) rows.push({ kind: "more", prefix, depth, hasFailed: level?.hasFailed ?? false });
  }
}

/** Adds a page of labels to a level. */
function add(level: Level, prefix: string, labels: readonly string[], isComplete: boolean): void {
  for (const label of labels) {
    const slash = label.indexOf("/", prefix.length);
    if (slash < 0) {
      level.entries.push({ label });
      level.after = label;
      continue;
    }
    const folder = label.slice(0, slash + 1);
    level.after = folder + LAST;
    const last = level.entries.at(-1);
    if (!last || !("folder" in last) || last.folder !== folder) level.entries.push({ folder });
  }
  level.isComplete = isComplete;
}
