import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { type Column, checkCodec } from "../../model/schema.ts";
import type { GetOptions, Store } from "../../stores/store.ts";

/** Where a digest lives: `ab/cd/` and the other 36 digits. */
export const hashedPath = (digest: string): string =>
  `${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}`;

/** One chunk that a read wants. */
export interface ChunkRequest {
  digest: string;
  column: Column;
  /** Its bytes, where the commit holds them. */
  embedded: Bytes | undefined;
  signal?: AbortSignal | undefined;
  onBytes?: (bytes: number, cached: boolean) => void;
}

/** Finds, decodes and verifies chunks. Nothing unverified leaves it. */
export class ChunkLoader {
  readonly #store: Store;
  readonly #decode: DecodeChunk;
  readonly #warn: (message: string) => void;
  /** Digests checked before: a copy from the cache need not be checked twice. */
  readonly #verified = new Set<string>();

  constructor(store: Store, decode: DecodeChunk, warn: (message: string) => void) {
    this.#store = store;
    this.#decode = decode;
    this.#warn = warn;
  }

  /** @throws `not-found`, `corrupt`, `unsupported-codec`, and the store's errors, naming the chunk and its column. */
  async load(request: ChunkRequest): Promise<ColumnData> {
    const { digest, column, embedded, signal } = request;
    for (const codec of column.codecs) checkCodec(codec, column.name);
    if (digest === EMPTY_DIGEST) return zeros(column.dtype, 0);
    // Embedded bytes are part of a commit that was verified as a whole.
    if (embedded) return (await this.#decode(task(embedded, column), signal)).column;
    let cached = false;
    const bytes = await fetchChunk(this.#store, digest, {
      signal,
      onBytes: (count, near) => {
        cached = near;
        request.onBytes?.(count, near);
      },
    });
    if (!bytes) throw missing(digest, column, this.#store.uri);
    if (cached && this.#verified.has(digest)) return (await this.#decode(task(bytes, column), signal)).column;
    return this.#checked(bytes, request);
  }

  async #checked(bytes: Bytes, { digest, column, signal }: ChunkRequest): Promise<ColumnData> {
    const decode = (encoded: Bytes) => this.#decode({ ...task(encoded, column), digest }, signal);
    const first = await decode(bytes).catch(corruptOnly);
    if (first instanceof LakotaError || first.verdict !== "good") {
      const again = await fetchChunk(this.#store, digest, { signal, reload: true });
      const second = again
        ? await decode(again).catch(corruptOnly)
        : missing(digest, column, this.#store.uri);
      if (second instanceof LakotaError && second.code === "unsupported-codec") throw second;
      if (second instanceof LakotaError || second.verdict === "bad")
        throw this.#corrupt(digest, column, second);
      if (second.verdict === "unknown") {
        this.#warn(
          `Chunk ${digest} of column "${column.name}" in ${this.#store.uri} cannot be checked: its digest is of other bytes. ` +
            "This is so where times were written in another unit than the column's and rounded.",
        );
      }
      this.#verified.add(digest);
      return second.column;
    }
    this.#verified.add(digest);
    return first.column;
  }

  #corrupt(digest: string, column: Column, why: unknown): LakotaError {
    const detail = why instanceof LakotaError ? ` ${why.message}` : "";
    const message =
      `Chunk ${hashedPath(digest)} (column "${column.name}") in ${this.#store.uri} is not what its digest says, ` +
      `nor was it when fetched again.${detail} Restore it from a copy of the repository, or write the range again.`;
    return new LakotaError("corrupt", message, { cause: why });
  }
}

/** The file of a chunk, or the copy of it that a garbage collection has set aside. */
export async function fetchChunk(
  store: Store,
  digest: string,
  options: GetOptions,
): Promise<Bytes | undefined> {
  const path = hashedPath(digest);
  const bytes = await store.get(path, options);
  if (bytes) return bytes;
  const aside = await store.list(`${path}.`, { signal: options.signal }).catch(nothingListed);
  for (const entry of aside) {
    const found = await store.get(entry.path, options);
    if (found) return found;
  }
  return undefined;
}

const task = (bytes: Bytes, { name, dtype, codecs }: Column) => ({ bytes, name, type: dtype.name, codecs });

/** A chunk that cannot be decoded may be well when fetched again (a damaged header may name any codec); other errors are final. */
function corruptOnly(error: unknown): LakotaError {
  const known = asLakotaError(error);
  if (known.code === "corrupt" || known.code === "unsupported-codec") return known;
  throw known;
}

/** Plain web hosts cannot list; there, what is not in its place is not there. */
function nothingListed(error: unknown): [] {
  if (error instanceof LakotaError && error.code === "unsupported") return [];
  throw error;
}

function missing(digest: string, column: Column, uri: string): LakotaError {
  return new LakotaError(
    "not-found",
    `Chunk ${hashedPath(digest)} (column "${column.name}") is missing from ${uri}. ` +
      "The copy is incomplete, or a garbage collection took it: read again, or pull it from another copy.",
  );
}
