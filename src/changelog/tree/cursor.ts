import { BranchPage, type Page } from "./page.ts";
import type { TreeTable } from "./tree-table.ts";

/** Branches from the root down, with the position of the child that the path follows. */
type Path = readonly (readonly [branch: BranchPage, position: number])[];

/** A place among the pages of one level of a tree. */
export class Cursor {
  readonly page: Page;
  /** Its digest; undefined for the root. */
  readonly digest: string | undefined;
  readonly #table: TreeTable;
  readonly #path: Path;

  private constructor(table: TreeTable, page: Page, path: Path) {
    this.#table = table;
    this.page = page;
    this.#path = path;
    const [parent, position] = path.at(-1) ?? [];
    this.digest = parent?.children[position!]?.digest;
  }

  /** Returns the page of a level that has, or would have, a label. */
  static find(table: TreeTable, height: number, label: string, signal: AbortSignal): Promise<Cursor> {
    const position = (branch: BranchPage) => Math.min(branch.positionOf(label), branch.children.length - 1);
    return Cursor.#descend(table, table.root, [], height, position, signal);
  }

  static async #descend(
    table: TreeTable,
    from: Page,
    path: Path,
    height: number,
    positionIn: (branch: BranchPage) => number,
    signal: AbortSignal,
  ): Promise<Cursor> {
    let page = from;
    let down = path;
    while (page instanceof BranchPage && page.height > height) {
      const position = positionIn(page);
      down = [...down, [page, position]];
      page = await table.child(page, page.children[position]!, signal);
    }
    return new Cursor(table, page, down);
  }

  /** Whether no page of the level follows. */
  get isLast(): boolean {
    return this.#path.every(([branch, position]) => position === branch.children.length - 1);
  }

  /** Returns the next page of the level; undefined after the last one. */
  async next(height: number, signal: AbortSignal): Promise<Cursor | undefined> {
    for (let i = this.#path.length - 1; i >= 0; i--) {
      const [branch, position] = this.#path[i]!;
      const child = branch.children[position + 1];
      if (!child) continue;
      const path: Path = [...this.#path.slice(0, i), [branch, position + 1]];
      const page = await this.#table.child(branch, child, signal);
      return Cursor.#descend(this.#table, page, path, height, () => 0, signal);
    }
    return undefined;
  }
}
