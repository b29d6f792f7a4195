import type { Commit } from "../../changelog/commit.ts";
import { decodeTouched, unpackMap } from "../../changelog/decode-table.ts";
import type { LoadedSegments } from "../../changelog/segment-table.ts";
import { BranchPage } from "../../changelog/tree/page.ts";
import { PageSource } from "../../changelog/tree/page-source.ts";
import { TreeTable } from "../../changelog/tree/tree-table.ts";
import { type VisitedPage, walkPages } from "../../changelog/tree/walk-pages.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { ChunkVerifier } from "./chunk-verifier.ts";
import type { VerifyProgress } from "./verify-progress.ts";

/** Checks what the revisions of a collection refer to: the pages of their tables, lists of ranges, and chunks. */
export class TableVerifier {
  readonly #label: string;
  readonly #schema: Schema;
  readonly #chunks: ChunkVerifier;
  readonly #progress: VerifyProgress;
  readonly #signal: AbortSignal;
  /** Files are read even where a commit has the same page. */
  readonly #sources: Readonly<Record<"embedded" | "files", PageSource>>;
  /** Pages and lists of ranges that were read, by digest. */
  readonly #pages = new Set<string>();

  constructor(
    { label, schema, store }: { label: string; schema: Schema; store: Store },
    chunks: ChunkVerifier,
    progress: VerifyProgress,
    signal: AbortSignal,
  ) {
    this.#label = label;
    this.#schema = schema;
    this.#chunks = chunks;
    this.#progress = progress;
    this.#signal = signal;
    this.#sources = {
      embedded: new PageSource(store, schema, true),
      files: new PageSource(store, schema, true),
    };
  }

  /** Checks a revision, given by its id and its content. */
  async check(revision: string, { table, touched }: Commit): Promise<void> {
    if (touched?.file !== undefined) await this.#ranges(touched.file, revision);
    if (!(table instanceof TreeTable)) {
      for await (const part of table.parts(this.#signal)) await this.#segments(part, revision);
      return;
    }
    const skip = (digest: string, isEmbedded: boolean) => {
      const key = isEmbedded ? `${digest} embedded` : digest;
      const isKnown = this.#pages.has(key);
      this.#pages.add(key);
      return isKnown;
    };
    const visit = async ({ page, isEmbedded }: VisitedPage) => {
      if (!isEmbedded) this.#progress.read(this.#label);
      if (page instanceof BranchPage) return;
      for await (const part of page.parts()) await this.#segments(part, revision);
    };
    const onError = (error: unknown, digest: string) =>
      this.#orProblem(digest, revision, () => Promise.reject(error));
    const sourceOf = (isEmbedded: boolean) => this.#sources[isEmbedded ? "embedded" : "files"];
    await walkPages(table, { skip, visit, onError }, this.#signal, sourceOf);
  }

  async #ranges(file: string, revision: string): Promise<void> {
    if (this.#pages.has(file)) return;
    this.#pages.add(file);
    await this.#orProblem(file, revision, async () => {
      const bytes = await this.#sources.files.bytes(file, new Map(), this.#signal);
      await decodeTouched(unpackMap(bytes, "list of ranges"), this.#schema);
    });
  }

  #segments(part: LoadedSegments, revision: string): Promise<void> {
    return this.#chunks.check(this.#label, this.#schema.columns, revision, part);
  }

  #orProblem(digest: string, revision: string, work: () => Promise<void>): Promise<unknown> {
    return this.#progress.orProblem(this.#label, hashedPath(digest), work, revision);
  }
}
