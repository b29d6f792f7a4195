import { mapLimit } from "../../async/map-limit.ts";
import type { EmbeddedChunks } from "../segment-table.ts";
import { BranchPage, checkChild, type Page } from "./page.ts";
import type { PageSource } from "./page-source.ts";
import type { TreeTable } from "./tree-table.ts";

const NONE: EmbeddedChunks = new Map();

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
  /**
   * Whether a page and all below it are left out. Is called before it is read.
   *
   * @param isEmbedded whether the commit has it
   */
  skip(digest: string, isEmbedded: boolean): boolean;
  visit(page: VisitedPage): Promise<void> | void;
  /** Is called with the error of a page that cannot be read. Default: the walk ends with it. */
  onError?(error: unknown, digest: string): Promise<unknown>;
}

/**
 * Visits the pages of a tree from the root down, level by level.
 *
 * @param sourceOf returns what reads a page. Default: the source of the table
 */
export async function walkPages(
  table: TreeTable,
  { skip, visit, onError }: PageVisitor,
  signal?: AbortSignal,
  sourceOf: (isEmbedded: boolean) => PageSource = () => table.source,
): Promise<void> {
  await visit({ page: table.root, digest: undefined, isEmbedded: true });
  let branches = table.root instanceof BranchPage ? [table.root] : [];
  while (branches.length > 0) {
    const height = branches[0]!.height - 1;
    const children = branches.flatMap((branch) => branch.children);
    const wanted = children.filter(({ digest }) => !skip(digest, table.pages.has(digest)));
    const pages = await mapLimit(wanted, async (child): Promise<BranchPage | undefined> => {
      const { digest } = child;
      const isEmbedded = table.pages.has(digest);
      let page: Page;
      try {
        page = await sourceOf(isEmbedded).load(digest, isEmbedded ? table.pages : NONE, height, signal);
        checkChild(page, child);
      } catch (error) {
        if (!onError) throw error;
        await onError(error, digest);
        return undefined;
      }
      await visit({ page, digest, isEmbedded });
      return page instanceof BranchPage ? page : undefined;
    });
    branches = pages.filter((page) => page !== undefined);
  }
}
