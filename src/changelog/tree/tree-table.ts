import { lookAhead } from "../../async/look-ahead.ts";
import { mapLimit } from "../../async/map-limit.ts";
import type { Bytes } from "../../model/bytes.ts";
import { compareStrings } from "../../model/key.ts";
import type { EmbeddedChunks, LabelRange, LoadedSegments, SegmentTable } from "../segment-table.ts";
import { joinParts } from "../segment-table.ts";
import { BranchPage, type ChildPage, checkChild, lastOf, type Page } from "./page.ts";
import type { PageSource } from "./page-source.ts";

/** Pages that are fetched ahead when all are read. */
const AHEAD = 8;

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
  async child(parent: BranchPage, child: ChildPage, signal?: AbortSignal): Promise<Page> {
    const page = await this.source.load(child.digest, this.pages, parent.height - 1, signal);
    checkChild(page, child);
    return page;
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
    yield* this.#partsBelow(this.root, signal);
  }

  async *#partsBelow(page: Page, signal: AbortSignal | undefined): AsyncIterable<LoadedSegments> {
    if (!(page instanceof BranchPage)) return yield* page.parts();
    const children = lookAhead(page.children, AHEAD, (child) => this.child(page, child, signal));
    for await (const child of children) yield* this.#partsBelow(child, signal);
  }

  async labels(range: LabelRange = {}, signal?: AbortSignal): Promise<string[]> {
    const { prefix = "", after, limit = Number.POSITIVE_INFINITY } = range;
    if (!(this.root instanceof BranchPage)) return this.root.labels(range);
    const found: string[] = [];
    for await (const label of this.#labelsBelow(this.root, { prefix, after, signal })) {
      if (found.length >= limit || !label.startsWith(prefix)) break;
      found.push(label);
    }
    return found;
  }

  /** Yields the labels that sort after `after` and not before `prefix`. Reads no leaf: their parents list them. */
  async *#labelsBelow(
    page: BranchPage,
    bounds: { prefix: string; after: string | undefined; signal: AbortSignal | undefined },
  ): AsyncIterable<string> {
    const { prefix, after, signal } = bounds;
    const isListed = (label: string) =>
      compareStrings(label, prefix) >= 0 && (after === undefined || compareStrings(label, after) > 0);
    const children = page.children.filter((child) => isListed(lastOf(child)));
    if (page.height === 1) return yield* children.flatMap(({ labels }) => labels.filter(isListed));
    // The first child suffices for a limit of a few labels.
    const depth = (done: number) => (done === 0 ? 1 : AHEAD);
    const pages = lookAhead(children, depth, (child) => this.child(page, child, signal));
    for await (const child of pages) if (child instanceof BranchPage) yield* this.#labelsBelow(child, bounds);
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
