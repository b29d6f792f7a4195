import { mapLimit } from "../../async/map-limit.ts";
import { FlatTable } from "../flat-table.ts";
import type { Segment } from "../segment-table.ts";
import { BranchPage, heightOf, type Page } from "./page.ts";
import type { TreeTable } from "./tree-table.ts";

/** Pages of one level of a tree. The root has no digest, but its content as key. */
type Pages = ReadonlyMap<string, Page>;

/**
 * Returns the segments of the leaves that only one of two trees has. A series may be in such leaves of both, unchanged.
 */
export async function loadDifferences(
  a: TreeTable,
  b: TreeTable,
  signal?: AbortSignal,
): Promise<[Segment[], Segment[]]> {
  let left: Pages = new Map([["root", a.root]]);
  let right: Pages = new Map([["root", b.root]]);
  for (let height = Math.max(heightOf(a.root), heightOf(b.root)); height > 0; height--) {
    const [belowLeft, belowRight] = [below(a, left, height), below(b, right, height)];
    [left, right] = await Promise.all([
      loadOthers(belowLeft, belowRight, signal),
      loadOthers(belowRight, belowLeft, signal),
    ]);
  }
  return [segmentsIn(left), segmentsIn(right)];
}

type Load = (signal: AbortSignal | undefined) => Promise<Page>;

/** Returns the pages one level below. Pages that are lower already stay. */
function below(table: TreeTable, pages: Pages, height: number): Map<string, Load> {
  const found = new Map<string, Load>();
  for (const [key, page] of pages) {
    if (!(page instanceof BranchPage) || page.height < height) found.set(key, async () => page);
    else
      for (const child of page.children)
        found.set(child.digest, (signal) => table.child(page, child, signal));
  }
  return found;
}

/** Returns the pages of one tree that the other one does not have. */
async function loadOthers(
  pages: ReadonlyMap<string, Load>,
  shared: ReadonlyMap<string, Load>,
  signal: AbortSignal | undefined,
): Promise<Pages> {
  const own = [...pages].filter(([key]) => !shared.has(key));
  return new Map(await mapLimit(own, async ([key, load]) => [key, await load(signal)] as const));
}

function segmentsIn(leaves: Pages): Segment[] {
  return [...leaves.values()].flatMap((leaf) => (leaf instanceof FlatTable ? leaf.slice(0, leaf.size) : []));
}
