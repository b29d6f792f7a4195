import { mapLimit } from "../../async/map-limit.ts";
import { BranchPage, type Page } from "./page.ts";
import type { PageSource } from "./page-source.ts";
import type { TreeTable } from "./tree-table.ts";

/** A page of a tree, as {@link walkPages} visits it. */
export interface VisitedPage {
  readonly page: Page;
  /** Undefined for the root, which is in the commit. */
  readonly digest: string | undefined;
  /** Whether the commit has it. */
  readonly isEmbedded: boolean;
}

/** What a walk does. */
export interface PageVisitor {
  /** Whether a page and all below it are left out. Is called before it is read. */
  skip(digest: string): boolean;
  visit(page: VisitedPage): Promise<void> | void;
  /** Is called with the error of a page that cannot be read. Default: the walk ends with it. */
  onError?(error: unknown, digest: string): Promise<unknown>;
}

/**
 * Visits the pages of a tree from the root down, level by level.
 *
 * @param source reads the pages. Default: that of the table
 */
export async function walkPages(
  table: TreeTable,
  { skip, visit, onError }: PageVisitor,
  signal?: AbortSignal,
  source: PageSource = table.source,
): Promise<void> {
  await visit({ page: table.root, digest: undefined, isEmbedded: true });
  let branches = table.root instanceof BranchPage ? [table.root] : [];
  while (branches.length > 0) {
    const height = branches[0]!.height - 1;
    const digests = new Set(branches.flatMap(({ children }) => children.map(({ digest }) => digest)));
    const wanted = [...digests].filter((digest) => !skip(digest));
    const pages = await mapLimit(wanted, async (digest): Promise<BranchPage | undefined> => {
      let page: Page;
      try {
        page = await source.load(digest, table.pages, height, signal);
      } catch (error) {
        if (!onError) throw error;
        await onError(error, digest);
        return undefined;
      }
      await visit({ page, digest, isEmbedded: table.pages.has(digest) });
      return page instanceof BranchPage ? page : undefined;
    });
    branches = pages.filter((page) => page !== undefined);
  }
}
