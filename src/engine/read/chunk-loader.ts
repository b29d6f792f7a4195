import { lazy } from "../../async/lazy.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST, type Verdict } from "../../codecs/digest.ts";
import type { Bytes } from "../../model/bytes.ts";
import { checkCodec } from "../../model/codec-names.ts";
import type { ColumnData } from "../../model/column.ts";
import { zeros } from "../../model/column-rows.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { ChunkRequest } from "./chunk-request.ts";

/** Loaded on demand: nearly all chunks are there, and are what their digest says. */
const suspects = lazy(() => import("./suspect-chunk.ts"));

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

  /** Prepares for chunks of so many decoded bytes together. */
  expect(bytes: number): void {
    this.#decode.expect?.(bytes);
  }

  /**
   * Returns the decoded column.
   *
   * @throws `not-found`, `corrupt`, `unsupported-codec`, and the store's errors, naming chunk and column
   */
  load(request: ChunkRequest): Promise<ColumnData> {
    const load = () => this.#load(request);
    return this.#store.local?.whileQuiet(load) ?? load();
  }

  async #load(request: ChunkRequest): Promise<ColumnData> {
    const { digest, column, rows, embedded, exact = false, signal } = request;
    for (const codec of column.codecs) checkCodec(codec, column.name);
    if (digest === EMPTY_DIGEST) return zeros(column.dtype, 0);
    // Embedded chunks were verified with their commit.
    if (embedded) return (await this.#decode(task(embedded, column, rows), signal)).column;
    let cached = false;
    const onBytes = (count: number, near: boolean) => {
      cached = near;
      request.onBytes?.(count, near);
    };
    // What other codecs decode to may share the buffer.
    const readOnly = column.codecs.at(-1) === "blosc";
    const bytes = await this.#store.get(hashedPath(digest), { readOnly, signal, onBytes });
    const known = cached ? this.#verdicts.get(verifiedKey(request)) : undefined;
    const decode = (encoded: Bytes, isVerified = false) =>
      this.#decode({ ...task(encoded, column, rows), ...(!isVerified && { digest, exact }) }, signal).catch(
        damageOnly,
      );
    const found = bytes && (await decode(bytes, known !== undefined));
    const isGood = found && !(found instanceof LakotaError) && (known ?? found.verdict) === "good";
    if (isGood) request.onVerified?.(bytes);
    const { column: data, verdict } = isGood
      ? found
      : await (await suspects()).judge(request, {
          bytes,
          found,
          known,
          decode,
          store: this.#store,
          allowUnverified: this.allowUnverified,
          warn: this.#warn,
        });
    this.#verdicts.set(verifiedKey(request), verdict);
    return data;
  }
}

/** A chunk that was accepted without being verified must not count as verified where its digest is exact. */
const verifiedKey = ({ digest, exact, column }: ChunkRequest): string =>
  `${digest} ${exact ? "exact" : column.name}`;

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
function damageOnly(error: unknown): LakotaError {
  const known = asLakotaError(error);
  if (known.code === "corrupt" || known.code === "unsupported-codec") return known;
  throw known;
}
