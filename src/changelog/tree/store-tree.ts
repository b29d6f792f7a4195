import type { Bytes } from "../../model/bytes.ts";
import { throwIfAborted } from "../../model/errors.ts";
import { compareStrings } from "../../model/key.ts";
import { isUnreachable } from "../../stores/store.ts";
import { EditedTable, type SeriesChanges } from "../edited-table.ts";
import { bySeries, type EmbeddedChunks, type SegmentTable } from "../segment-table.ts";
import { Cursor } from "./cursor.ts";
import { BranchLevel, LeafLevel, type Level, type SeriesEntry } from "./levels.ts";
import { BranchPage, type ChildPage, decodePage, heightOf, lastOf, type Page } from "./page.ts";
import { PageRun } from "./page-run.ts";
import { PageSink, type PutFile } from "./page-sink.ts";
import type { PageSource } from "./page-source.ts";
import { TreeTable } from "./tree-table.ts";

/** What replaces the entry of one key in a level; without an entry, the key is removed. */
interface Edit<Entry> {
  readonly key: string;
  readonly entry: Entry | undefined;
}

/**
 * Returns a table as a tree for a commit, and stores its pages, but those that the commit itself can have. Where the table is
 * an edited tree, only the pages with edited series, and those above them, are stored again.
 */
export async function storeTree(
  table: SegmentTable,
  source: PageSource,
  putFile: PutFile,
  signal: AbortSignal,
): Promise<TreeTable> {
  const base = table instanceof EditedTable ? table.base : table;
  if (!(base instanceof TreeTable) || base.source !== source)
    return new TreeStore(source, putFile, signal).build(table);
  const changes = table instanceof EditedTable ? table.changes : undefined;
  return new TreeStore(source, putFile, signal).update(base, changes);
}

/** One tree that is stored. */
class TreeStore {
  readonly #source: PageSource;
  readonly #putFile: PutFile;
  readonly #signal: AbortSignal;
  readonly #sink: PageSink;

  constructor(source: PageSource, putFile: PutFile, signal: AbortSignal) {
    this.#source = source;
    this.#putFile = putFile;
    this.#signal = signal;
    this.#sink = new PageSink(putFile);
  }

  /** Makes a new tree. */
  async build(table: SegmentTable): Promise<TreeTable> {
    const run = new PageRun(new LeafLevel(this.#source.schema), this.#sink);
    for await (const { segments, embedded } of table.parts(this.#signal)) {
      throwIfAborted(this.#signal);
      for (const [label, own] of bySeries(segments)) await run.add({ label, segments: own, embedded });
    }
    return this.#finish(await run.end(), 0, undefined);
  }

  /** Makes a tree from another one. */
  async update(base: TreeTable, changes: SeriesChanges | undefined): Promise<TreeTable> {
    if (!changes || changes.series.size === 0) {
      // The commit that has these pages may be deleted.
      for (const pages of byHeight(await this.#embeddedPages(base))) await this.#putFiles(pages);
      return new TreeTable(base.root, base.rootBytes, new Map(), this.#source);
    }
    const { embedded } = changes;
    const edits = [...changes.series]
      .map(([label, segments]): Edit<SeriesEntry> => {
        return { key: label, entry: segments.length > 0 ? { label, segments, embedded } : undefined };
      })
      .sort((a, b) => compareStrings(a.key, b.key));
    const replaced = new Set<string>();
    const embeddedPages = await this.#embeddedPages(base);
    let above = await this.#rewrite(new LeafLevel(this.#source.schema), base, edits, replaced);
    for (let height = 1; height <= heightOf(base.root); height++) {
      await this.#putFiles(
        embeddedPages.filter((page) => page.height === height - 1 && !replaced.has(page.digest)),
      );
      above = await this.#rewrite(new BranchLevel(height), base, above, replaced);
    }
    const top = above.flatMap(({ entry }) => entry ?? []);
    return this.#finish(top, heightOf(base.root), base);
  }

  /**
   * Applies edits to one level.
   *
   * @param edits sorted
   * @param replaced gets the digests of the pages that are not in the new tree
   * @returns the edits of the level above
   */
  async #rewrite<Entry>(
    level: Level<Entry>,
    base: TreeTable,
    edits: readonly Edit<Entry>[],
    replaced: Set<string>,
  ): Promise<Edit<ChildPage>[]> {
    const { height } = level;
    const above = new Map<string, ChildPage | undefined>();
    let next = 0;
    while (next < edits.length) {
      const run = new PageRun(level, this.#sink);
      let cursor: Cursor | undefined = await Cursor.find(base, height, edits[next]!.key, this.#signal);
      do {
        throwIfAborted(this.#signal);
        const entries = level.entriesOf(cursor.page);
        const last = [...entries.keys()].at(-1);
        if (last !== undefined) above.set(last, undefined);
        if (cursor.digest !== undefined) replaced.add(cursor.digest);
        const { isLast } = cursor;
        while (next < edits.length && (isLast || compareStrings(edits[next]!.key, last!) <= 0)) {
          const { key, entry } = edits[next++]!;
          if (entry) entries.set(key, entry);
          else entries.delete(key);
        }
        for (const key of [...entries.keys()].sort(compareStrings)) await run.add(entries.get(key)!);
        // Where both trees have an end of a page, the pages after it are the same again.
        cursor = run.isAtEnd ? undefined : await this.#next(cursor, height);
      } while (cursor);
      for (const page of await run.end()) {
        replaced.delete(page.digest);
        above.set(lastOf(page), page);
      }
    }
    return [...above].map(([key, entry]) => ({ key, entry })).sort((a, b) => compareStrings(a.key, b.key));
  }

  /** Returns the next page. Undefined where it cannot be reached: offline, a page ends earlier than it should. */
  async #next(cursor: Cursor, height: number): Promise<Cursor | undefined> {
    try {
      return await cursor.next(height, this.#signal);
    } catch (error) {
      if (isUnreachable(error)) return undefined;
      throw error;
    }
  }

  async #putFiles(pages: readonly EmbeddedPage[]): Promise<void> {
    await Promise.all(pages.map(({ digest, bytes }) => this.#putFile(digest, bytes)));
  }

  /** Returns the pages that the commit of a tree has. */
  #embeddedPages({ pages }: TreeTable): Promise<EmbeddedPage[]> {
    const { schema } = this.#source;
    return Promise.all(
      [...pages].map(async ([digest, bytes]) => {
        return { digest, bytes, height: heightOf(await decodePage(bytes, schema)) };
      }),
    );
  }

  /** Makes the levels above some pages, up to the root. */
  async #finish(pages: readonly ChildPage[], from: number, base: TreeTable | undefined): Promise<TreeTable> {
    let [height, children] = [from, pages];
    while (children.length > 1) {
      const run = new PageRun(new BranchLevel(++height), this.#sink);
      for (const child of children) await run.add(child);
      children = await run.end();
    }
    const [top] = children;
    if (!top) return this.#table(await new LeafLevel(this.#source.schema).encode([]), "");
    const known = base?.pages ?? new Map();
    let digest = top.digest;
    let bytes =
      this.#sink.latest?.digest === digest ? this.#sink.latest.bytes : await this.#bytesOf(digest, known);
    let root: Page = await decodePage(bytes, this.#source.schema);
    // What was removed may leave branches with a single child, which no new tree has at its top.
    while (root instanceof BranchPage && root.children.length === 1) {
      digest = root.children[0]!.digest;
      bytes = await this.#bytesOf(digest, known);
      root = await decodePage(bytes, this.#source.schema);
    }
    return this.#table(bytes, digest);
  }

  #bytesOf(digest: string, known: EmbeddedChunks) {
    const pages = new Map([...known, ...this.#sink.embedded("")]);
    return this.#source.bytes(digest, pages, this.#signal);
  }

  async #table(rootBytes: Bytes, digest: string): Promise<TreeTable> {
    const root = await decodePage(rootBytes, this.#source.schema);
    const pages = await this.#reachable(root, this.#sink.embedded(digest));
    return new TreeTable(root, rootBytes, pages, this.#source);
  }

  /** Returns those of some pages to which the root leads: a tree that has lost levels has others. */
  async #reachable(root: Page, pages: EmbeddedChunks): Promise<EmbeddedChunks> {
    const found = new Map<string, Bytes>();
    const visit = async (page: Page): Promise<void> => {
      if (!(page instanceof BranchPage)) return;
      for (const { digest } of page.children) {
        const bytes = pages.get(digest);
        if (!bytes || found.has(digest)) continue;
        found.set(digest, bytes);
        await visit(await decodePage(bytes, this.#source.schema));
      }
    };
    await visit(root);
    return found;
  }
}

/** A page that a commit has. */
interface EmbeddedPage {
  readonly digest: string;
  readonly bytes: Bytes;
  readonly height: number;
}

/** Returns pages in groups, from the leaves up. */
function byHeight(pages: readonly EmbeddedPage[]): EmbeddedPage[][] {
  const groups: EmbeddedPage[][] = [];
  for (const page of pages) {
    const group = groups[page.height] ?? [];
    groups[page.height] = group;
    group.push(page);
  }
  return groups.filter((group) => group !== undefined);
}
