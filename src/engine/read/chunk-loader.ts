import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST, type Verdict } from "../../codecs/digest.ts";
import { type Bytes, sameBytes } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { hashedPath, setAsidePrefix } from "../../model/layout.ts";
import { type Column, checkCodec } from "../../model/schema.ts";
import type { GetOptions, Store } from "../../stores/store.ts";

/** One chunk to load. */
export interface ChunkRequest {
  digest: string;
  column: Column;
  /** The series, for messages. */
  label?: string;
  /** Number of rows that its commit states. */
  rows: number;
  /** Its encoded bytes, if the commit embeds them. */
  embedded: Bytes | undefined;
  /** Whether its digest is certain to be of what it holds. */
  exact?: boolean | undefined;
  /** Whether a chunk whose digest cannot be checked may be what was written. Default: no chunk may. */
  isPlausible?: (data: ColumnData) => boolean;
  /** Whether a chunk that cannot be verified is an error in any case: its rows are to be stored as verified ones. */
  verifiedOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onBytes?: (bytes: number, cached: boolean) => void;
}

/** Fetches, decodes and verifies chunks. Never returns unverified data. */
export class ChunkLoader {
  readonly #store: Store;
  readonly #decode: DecodeChunk;
  readonly allowUnverified: boolean;
  readonly #warn: (message: string) => void;
  /** Verdicts on chunks loaded in this session. A copy of one from the cache is not verified again. */
  readonly #verdicts = new Map<string, Verdict>();

  /**
   * @param allowUnverified whether to return chunks that cannot be verified; see
   *   `EngineOptions.allowUnverified`
   */
  constructor(store: Store, decode: DecodeChunk, warn: (message: string) => void, allowUnverified = false) {
    this.allowUnverified = allowUnverified;
    this.#store = store;
    this.#decode = decode;
    this.#warn = warn;
  }

  /**
   * Returns the decoded column.
   *
   * @throws `not-found`, `corrupt`, `unsupported-codec`, and the store's errors, naming chunk and column
   */
  async load(request: ChunkRequest): Promise<ColumnData> {
    const { digest, column, rows, embedded, signal } = request;
    for (const codec of column.codecs) checkCodec(codec, column.name);
    if (digest === EMPTY_DIGEST) return zeros(column.dtype, 0);
    // Embedded chunks were verified with their commit.
    if (embedded) return (await this.#decode(task(embedded, column, rows), signal)).column;
    let cached = false;
    const bytes = await fetchChunk(this.#store, digest, {
      signal,
      onBytes: (count, near) => {
        cached = near;
        request.onBytes?.(count, near);
      },
    });
    if (!bytes) throw missing(request, this.#store.uri);
    const verdict = cached && this.#verdicts.get(verifiedKey(request));
    if (verdict) {
      const decoded = await this.#decode(task(bytes, column, rows), signal);
      return this.#accepted(decoded.column, verdict, request);
    }
    return this.#checked(bytes, request);
  }

  async #checked(bytes: Bytes, request: ChunkRequest): Promise<ColumnData> {
    const { digest, column, rows, signal, exact = false } = request;
    const decode = (encoded: Bytes) =>
      this.#decode({ ...task(encoded, column, rows), digest, exact }, signal);
    let found = await decode(bytes).catch(corruptOnly);
    if (found instanceof LakotaError || found.verdict !== "good") {
      const again = await fetchChunk(this.#store, digest, { signal, reload: true });
      if (!again) found = missing(request, this.#store.uri);
      else if (!sameBytes(again, bytes)) found = await decode(again).catch(corruptOnly);
      if (found instanceof LakotaError && found.code === "unsupported-codec") throw found;
      if (found instanceof LakotaError || found.verdict === "bad") throw this.#corrupt(request, found);
    }
    const data = this.#accepted(found.column, found.verdict, request);
    if (found.verdict === "unknown")
      this.#warn(
        `${nameOf(request)} in ${this.#store.uri} cannot be verified: its digest is of ` +
          "other bytes. Python Lakota writes such chunks for times that it had to round to the column's unit.",
      );
    this.#verdicts.set(verifiedKey(request), found.verdict);
    return data;
  }

  /** Returns the rows of a chunk that is not damaged. @throws `corrupt` if they must be verified, and cannot be */
  #accepted(data: ColumnData, verdict: Verdict, request: ChunkRequest): ColumnData {
    if (verdict === "good") return data;
    const { verifiedOnly, isPlausible } = request;
    if (!verifiedOnly && (this.allowUnverified || isPlausible?.(data))) return data;
    throw new LakotaError(
      "corrupt",
      `${nameOf(request)} in ${this.#store.uri} cannot be verified, and may be damaged: its ` +
        "digest is of other bytes, as Python Lakota writes them for times that it had to round to the column's unit. " +
        "Restore it from a copy of the repository, write the range again, or use the rows all the same with the option allowUnverified (--allow-unverified).",
    );
  }

  #corrupt(request: ChunkRequest, why: unknown): LakotaError {
    const detail = why instanceof LakotaError ? ` ${why.message}` : "";
    const message =
      `${nameOf(request)} in ${this.#store.uri} does not match its digest, ` +
      `even after it was fetched again.${detail} Restore it from a copy of the repository, or write the range again.`;
    return new LakotaError("corrupt", message, { cause: why });
  }
}

/** Names a chunk in messages. */
const nameOf = ({ digest, column, label }: ChunkRequest): string =>
  `Chunk ${hashedPath(digest)} (column "${column.name}"${label === undefined ? "" : ` of series "${label}"`})`;

/** A chunk that was accepted without being verified must not count as verified where its digest is exact. */
const verifiedKey = ({ digest, exact, column }: ChunkRequest): string =>
  `${digest} ${exact ? "exact" : column.name}`;

/**
 * Returns the encoded bytes of a chunk: its file, or the copy that a garbage collection has set aside.
 * Undefined if there is neither.
 */
export async function fetchChunk(
  store: Store,
  digest: string,
  options: GetOptions,
): Promise<Bytes | undefined> {
  const path = hashedPath(digest);
  const bytes = await store.get(path, options);
  if (bytes) return bytes;
  const aside = await store.list(setAsidePrefix(path), { signal: options.signal }).catch(nothingListed);
  for (const entry of aside) {
    const found = await store.get(entry.path, options);
    if (found) return found;
  }
  return undefined;
}

const task = (bytes: Bytes, { name, dtype, codecs }: Column, rows: number) => ({
  bytes,
  name,
  type: dtype.name,
  codecs,
  rows,
});

/**
 * Returns an error that fetching the chunk again may fix: damage, which may also show as an unknown codec.
 * Throws any other.
 */
function corruptOnly(error: unknown): LakotaError {
  const known = asLakotaError(error);
  if (known.code === "corrupt" || known.code === "unsupported-codec") return known;
  throw known;
}

/** Plain web hosts cannot list. There, a chunk without its file is missing. */
function nothingListed(error: unknown): [] {
  if (error instanceof LakotaError && error.code === "unsupported") return [];
  throw error;
}

function missing(request: ChunkRequest, uri: string): LakotaError {
  return new LakotaError(
    "not-found",
    `${nameOf(request)} is missing from ${uri}. ` +
      "The copy is incomplete, or a garbage collection deleted it: read again, or pull from another copy.",
  );
}
