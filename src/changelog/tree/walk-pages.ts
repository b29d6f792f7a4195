import { mapLimit } from "../../async/map-limit.ts";
import type { EmbeddedChunks } from "../segment-table.ts";
import { BranchPage, type ChildPage, lastOf, orderFault, type Page } from "./page.ts";
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
  /** Is called before each level below the root with the height of its pages and their digests. */
  enter?(height: number, digests: ReadonlySet<string>): Promise<void>;
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
  { enter, skip, visit, onError }: PageVisitor,
  signal?: AbortSignal,
  sourceOf: (isEmbedded: boolean) => PageSource = () => table.source,
): Promise<void> {
  await visit({ page: table.root, digest: undefined, isEmbedded: true });
  let branches = table.root instanceof BranchPage ? [table.root] : [];
  while (branches.length > 0) {
    const below = branches.flatMap((parent) => parent.children.map((child) => ({ parent, child })));
    // In a stranger's tree, all pages of a level may have the same children.
    const children = [...new Map(below.map((one) => [keyOf(one.child), one])).values()];
    await enter?.(branches[0]!.height - 1, new Set(children.map(({ child }) => child.digest)));
    const wanted = children.filter(({ child }) => !skip(child.digest, table.pages.has(child.digest)));
    const failed = async (error: unknown, digest: string) => {
      if (!onError) throw error;
      await onError(error, digest);
    };
    const pages = await mapLimit(wanted, async ({ parent, child }) => {
      const { digest } = child;
      const isEmbedded = table.pages.has(digest);
      let page: Page;
      try {
        page = await sourceOf(isEmbedded).child(parent, child, isEmbedded ? table.pages : NONE, signal);
      } catch (error) {
        await failed(error, digest);
        return undefined;
      }
      await visit({ page, digest, isEmbedded });
      return page instanceof BranchPage ? { page, child } : undefined;
    });
    branches = [];
    let last: string | undefined;
    for (const found of pages) {
      if (!found) continue;
      const { page, child } = found;
      try {
        if (page.height === 1) table.source.check(child.digest, orderFault(page, last));
        branches.push(page);
        last = lastOf(child);
      } catch (error) {
        await failed(error, child.digest);
      }
    }
  }
}

/** A page, and what its parent says of it. */
const keyOf = (child: ChildPage): string => `${child.digest} ${child.labels.length} ${lastOf(child)}`;
