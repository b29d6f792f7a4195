import type { Commit } from "../../changelog/commit.ts";
import type { LoadedSegments } from "../../changelog/segment-table.ts";
import { BranchPage, heightOf } from "../../changelog/tree/page.ts";
import { TreeTable } from "../../changelog/tree/tree-table.ts";
import { walkPages } from "../../changelog/tree/walk-pages.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { KeptPages } from "./kept-pages.ts";

/** A chunk file. */
export interface ReferencedChunk {
  readonly column: Column;
  /** Number of rows that its commit states. */
  readonly rows: number;
  /** Whether its digest is certain to be of what it holds. */
  readonly exact: boolean;
}

/** A file named by its digest that revisions refer to: a chunk, or a page of a tree, or its list of touched ranges. */
export type ReferencedFile = ReferencedChunk | { readonly height: number };

/** The files that revisions refer to, by digest. */
export class ReferencedFiles {
  readonly files = new Map<string, ReferencedFile>();
  readonly #collection: EngineCollection;
  readonly #kept: KeptPages;
  readonly #present: ReadonlySet<string>;
  readonly #signal: AbortSignal;

  /**
   * @param kept pages to which revisions refer that are where the files are to be copied. What is below them is left out.
   * Other pages there do not count: a garbage collection may remove what is below them
   * @param present paths of the files that are there
   */
  constructor(
    collection: EngineCollection,
    kept: KeptPages,
    present: ReadonlySet<string>,
    signal: AbortSignal,
  ) {
    this.#collection = collection;
    this.#kept = kept;
    this.#present = present;
    this.#signal = signal;
  }

  /**
   * Adds the files of a revision.
   *
   * @param isWhole whether those of its table are wanted, and not only what a merge of its descendants needs
   */
  async add({ table, touched }: Commit, isWhole: boolean): Promise<void> {
    if (touched?.file !== undefined) this.files.set(touched.file, { height: 0 });
    if (!isWhole) return;
    if (!(table instanceof TreeTable)) {
      for await (const part of table.parts(this.#signal)) this.#addChunks(part);
      return;
    }
    const isKept = (digest: string) => this.#kept.has(digest) && this.#present.has(hashedPath(digest));
    await walkPages(
      table,
      {
        enter: this.#kept.follow(this.#signal),
        skip: (digest) => this.files.has(digest) || isKept(digest),
        visit: ({ page, digest, isEmbedded }) => {
          if (digest !== undefined && !isEmbedded) this.files.set(digest, { height: heightOf(page) });
          if (!(page instanceof BranchPage))
            this.#addChunks({ segments: page.slice(0, page.size), embedded: page.embedded });
        },
      },
      this.#signal,
    );
  }

  #addChunks({ segments, embedded }: LoadedSegments): void {
    const { columns } = this.#collection.schema;
    for (const { digests, length, exact = false } of segments) {
      digests.forEach((digest, i) => {
        if (length === 0 || embedded.has(digest)) return;
        const known = this.files.get(digest);
        const isExact = exact || (known !== undefined && "exact" in known && known.exact);
        this.files.set(digest, { column: columns[i]!, rows: length, exact: isExact });
      });
    }
  }
}

/** Returns files in groups in which they are to be stored: chunks first, then pages from the leaves up. */
export function inOrder<T extends readonly [digest: string, file: ReferencedFile]>(
  files: readonly T[],
): T[][] {
  const levels = new Map<number, T[]>();
  for (const one of files) {
    const [, file] = one;
    const level = "height" in file ? file.height : -1;
    levels.set(level, [...(levels.get(level) ?? []), one]);
  }
  return [...levels].sort(([a], [b]) => a - b).map(([, group]) => group);
}
