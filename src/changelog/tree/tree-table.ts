import { lookAhead } from "../../async/look-ahead.ts";
import { mapLimit } from "../../async/map-limit.ts";
import type { Bytes } from "../../model/bytes.ts";
import { compareStrings } from "../../model/key.ts";
import type { EmbeddedChunks, LabelRange, LoadedSegments, SegmentTable } from "../segment-table.ts";
import { joinParts } from "../segment-table.ts";
import { BranchPage, type ChildPage, lastOf, orderFault, type Page } from "./page.ts";
import type { PageSource } from "./page-source.ts";

/** Pages that are fetched ahead when all are read. */
const AHEAD = 8;

/** A walk through all series of a tree. */
interface Walk {
  readonly signal: AbortSignal | undefined;
  /** The last one in the pages that were visited. */
  last: string | undefined;
}

/** A table whose segments are in the leaves of a tree of pages. Its root is in the commit. */
export class TreeTable implements SegmentTable {
  readonly root: Page;
  readonly rootBytes: Bytes;
  /** The pages that the commit has besides the root, by digest. */
  readonly pages: EmbeddedChunks;
  readonly source: PageSource;

  constructor(root: Page, rootBytes: Bytes, pages: EmbeddedChunks, source: PageSource) {
    this.root = root;
    this.rootBytes = rootBytes;
    this.pages = pages;
    this.source = source;
  }

  /** Returns a child of one of its pages. */
  child(parent: BranchPage, child: ChildPage, signal?: AbortSignal): Promise<Page> {
    return this.source.child(parent, child, this.pages, signal);
  }

  async load(labels: readonly string[], signal?: AbortSignal): Promise<LoadedSegments> {
    const sorted = [...new Set(labels)].sort(compareStrings);
    const visit = async (page: Page, own: readonly string[]): Promise<LoadedSegments[]> => {
      if (!(page instanceof BranchPage)) return [{ segments: page.of(own), embedded: page.embedded }];
      const parts = await mapLimit(routes(page, own), async ([child, below]) =>
        visit(await this.child(page, child, signal), below),
      );
      return parts.flat();
    };
    return joinParts(await visit(this.root, sorted));
  }

  async files(labels: readonly string[], signal?: AbortSignal): Promise<string[]> {
    const sorted = [...new Set(labels)].sort(compareStrings);
    const visit = async (page: Page, own: readonly string[]): Promise<string[]> => {
      if (!(page instanceof BranchPage)) return [];
      const below = await mapLimit(routes(page, own), async ([child, labels]) => [
        ...(this.pages.has(child.digest) ? [] : [child.digest]),
        ...(page.height > 1 ? await visit(await this.child(page, child, signal), labels) : []),
      ]);
      return below.flat();
    };
    return visit(this.root, sorted);
  }

  async *parts(signal?: AbortSignal): AsyncIterable<LoadedSegments> {
    yield* this.#partsBelow(this.root, { signal, last: undefined });
  }

  async *#partsBelow(page: Page, walk: Walk): AsyncIterable<LoadedSegments> {
    if (!(page instanceof BranchPage)) return yield* page.parts();
    for await (const child of this.#children(page, page.children, walk)) yield* this.#partsBelow(child, walk);
  }

  /** Returns children of a branch, in their order. */
  async *#children(
    page: BranchPage,
    children: readonly ChildPage[],
    walk: Walk,
    depth: number | ((done: number) => number) = AHEAD,
  ): AsyncIterable<Page> {
    const load = async (child: ChildPage) => ({ child, below: await this.child(page, child, walk.signal) });
    for await (const { child, below } of lookAhead(children, depth, load)) {
      if (below instanceof BranchPage && below.height === 1) {
        this.source.check(child.digest, orderFault(below, walk.last));
        walk.last = lastOf(child);
      }
      yield below;
    }
  }

  async labels(range: LabelRange = {}, signal?: AbortSignal): Promise<string[]> {
    const { prefix = "", after, limit = Number.POSITIVE_INFINITY } = range;
    if (!(this.root instanceof BranchPage)) return this.root.labels(range);
    const found: string[] = [];
    const walk = { prefix, after, signal, last: undefined };
    for await (const label of this.#labelsBelow(this.root, walk)) {
      if (found.length >= limit || !label.startsWith(prefix)) break;
      found.push(label);
    }
    return found;
  }

  /** Yields the labels that sort after `after` and not before `prefix`. Reads no leaf: their parents list them. */
  async *#labelsBelow(
    page: BranchPage,
    walk: Walk & { readonly prefix: string; readonly after: string | undefined },
  ): AsyncIterable<string> {
    const { prefix, after } = walk;
    const isListed = (label: string) =>
      compareStrings(label, prefix) >= 0 && (after === undefined || compareStrings(label, after) > 0);
    const children = page.children.filter((child) => isListed(lastOf(child)));
    if (page.height === 1) return yield* children.flatMap(({ labels }) => labels.filter(isListed));
    // The first child suffices for a limit of a few labels.
    const depth = (done: number) => (done === 0 ? 1 : AHEAD);
    for await (const child of this.#children(page, children, walk, depth))
      if (child instanceof BranchPage) yield* this.#labelsBelow(child, walk);
  }
}

/** Returns the children that may have some series, each with these series. */
function routes(page: BranchPage, sorted: readonly string[]): [child: ChildPage, labels: string[]][] {
  const routes = new Map<number, string[]>();
  for (const label of sorted) {
    const position = page.positionOf(label);
    const child = page.children[position];
    if (!child || (page.height === 1 && !child.labels.includes(label))) continue;
    const own = routes.get(position);
    if (own) own.push(label);
    else routes.set(position, [label]);
  }
  return [...routes].map(([position, labels]) => [page.children[position]!, labels]);
}
