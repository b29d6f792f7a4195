import { mapLimit } from "../../async/map-limit.ts";
import { BranchPage, type ChildPage } from "../../changelog/tree/page.ts";
import type { TreeTable } from "../../changelog/tree/tree-table.ts";
import { LakotaError } from "../../model/errors.ts";

/** A branch whose children are not known yet. */
interface Closed {
  readonly table: TreeTable;
  readonly parent: BranchPage;
  readonly child: ChildPage;
}

/**
 * The pages of some trees that are files: as many as it takes to tell which of them other trees have, too. What is below a
 * page that they share is not read.
 */
export class KeptPages {
  readonly #files = new Set<string>();
  /** By height and digest. */
  readonly #closed: Map<string, Closed>[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  constructor(tables: readonly TreeTable[]) {
    for (const table of tables) if (table.root instanceof BranchPage) this.#open(table, table.root);
  }

  has(digest: string): boolean {
    return this.#files.has(digest);
  }

  /**
   * Begins to follow a walk down another tree. What it returns is to be called before each level with the height of its pages
   * and their digests. Then {@link has} knows which of them are shared, unless they are below others that are.
   */
  follow(signal: AbortSignal): (height: number, digests: ReadonlySet<string>) => Promise<void> {
    let above: ReadonlySet<string> | undefined;
    return (height, digests) => {
      const shared = above;
      above = digests;
      // Several walks may be under way.
      const turn = this.#turn.then(() => this.#openDownTo(height + 1, shared, signal));
      this.#turn = turn.catch(() => {}); // thrown to its own walk
      return turn;
    };
  }

  /** @param shared pages of this height in the other tree; undefined if it has none above */
  async #openDownTo(
    height: number,
    shared: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    for (let level = shared ? height : this.#closed.length - 1; level >= height; level--) {
      const closed = this.#closed[level] ?? new Map<string, Closed>();
      const due = [...closed].filter(([digest]) => !shared?.has(digest) || !this.has(digest));
      await mapLimit(due, async ([digest, { table, parent, child }]) => {
        const page = await table.child(parent, child, signal).catch(unlessDamage);
        closed.delete(digest);
        if (page instanceof BranchPage) this.#open(table, page);
      });
    }
  }

  #open(table: TreeTable, page: BranchPage): void {
    const height = page.height - 1;
    const closed = this.#closed[height] ?? new Map<string, Closed>();
    for (let level = this.#closed.length; level <= height; level++) this.#closed[level] = new Map();
    this.#closed[height] = closed;
    for (const child of page.children) {
      const { digest } = child;
      if (!table.pages.has(digest)) this.#files.add(digest);
      if (height > 0) closed.set(digest, { table, parent: page, child });
    }
  }
}

/** What cannot be read is not known. */
function unlessDamage(error: unknown): undefined {
  if (!(error instanceof LakotaError) || (error.code !== "corrupt" && error.code !== "not-found"))
    throw error;
}
