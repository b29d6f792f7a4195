import type { RevisionFile } from "../../changelog/changelog-queries.ts";
import { digestOfId } from "../../changelog/revision.ts";
import { pageSource } from "../../changelog/tree/page-source.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { sha1 } from "../../codecs/sha1.ts";
import type { Bytes } from "../../model/bytes.ts";
import { LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import { fetchChunk } from "../../stores/fetch-chunk.ts";
import type { Store } from "../../stores/store.ts";
import type { EngineCollection } from "../collection/collection.ts";
import type { ReferencedChunk, ReferencedFile } from "./referenced-files.ts";

/** Reads files to be copied, and verifies them. */
export class VerifiedFiles {
  readonly #store: Store;
  readonly #decode: DecodeChunk;
  readonly #signal: AbortSignal;

  constructor({ store, decode }: { store: Store; decode: DecodeChunk }, signal: AbortSignal) {
    this.#store = store;
    this.#decode = decode;
    this.#signal = signal;
  }

  /** Returns a revision. @throws `corrupt` */
  async revision({ path, child }: RevisionFile): Promise<Bytes> {
    for (const reload of [false, true]) {
      const bytes = await this.#store.get(path, { signal: this.#signal, reload });
      if (bytes && (await sha1(bytes)) === digestOfId(child)) return bytes;
    }
    throw new LakotaError(
      "corrupt",
      `Revision ${path} in ${this.#store.uri} is missing, or does not match its name. Restore it from another copy.`,
    );
  }

  /** Returns a page, a list of ranges or a chunk. @throws `corrupt`, `not-found` */
  file(digest: string, file: ReferencedFile, { changelog, schema }: EngineCollection): Promise<Bytes> {
    if ("column" in file) return this.#chunk(digest, file);
    return pageSource(changelog.store, schema).bytes(digest, new Map(), this.#signal);
  }

  async #chunk(digest: string, chunk: ReferencedChunk): Promise<Bytes> {
    for (const reload of [false, true]) {
      const bytes = await fetchChunk(this.#store, digest, { signal: this.#signal, reload });
      if (bytes && (await this.#isIntact(bytes, digest, chunk, reload))) return bytes;
    }
    const where = `${hashedPath(digest)} (column "${chunk.column.name}") in ${this.#store.uri}`;
    throw new LakotaError(
      "corrupt",
      `Chunk ${where} is missing, or does not match its digest, so the copy was stopped. Restore it from another copy.`,
    );
  }

  async #isIntact(
    bytes: Bytes,
    digest: string,
    { column: { name, dtype, codecs }, rows, exact }: ReferencedChunk,
    isSecondTry: boolean,
  ): Promise<boolean> {
    try {
      const { verdict } = await this.#decode(
        { bytes, name, type: dtype.name, codecs, rows, digest, exact },
        this.#signal,
      );
      // Digests of times that Python rounded to another unit cannot be verified.
      return verdict === "good" || (isSecondTry && verdict === "unknown");
    } catch (error) {
      if (!(error instanceof LakotaError)) throw error;
      if (error.code === "unsupported-codec") return true; // copying does not need the codec
      if (error.code === "corrupt") return false;
      throw error;
    }
  }
}
