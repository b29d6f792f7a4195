import { AbortGroup } from "../../async/abort-group.ts";
import { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { decodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import { digestOf, encodeColumn } from "../../codecs/encode.ts";
import type { WriteOptions } from "../../model/api/series.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { LakotaError } from "../../model/errors.ts";
import {
  after,
  type Cut,
  compareKeys,
  contains,
  type Interval,
  interval,
  isEmpty,
  keyAt,
} from "../../model/key.ts";
import type { Column, Schema } from "../../model/schema.ts";
import type { Store } from "../../stores/store.ts";
import type { RepoContext } from "../collection/repo-context.ts";
import { hashedPath } from "../../model/layout.ts";
import { checkClosed, toKey } from "../read/range.ts";
import { indexOf, type Rows } from "./rows.ts";

/** Encoded columns shorter than this go into the commit itself. */
const EMBED_BELOW = 1024;

/**
 * Rows of the longest segment: 4 MiB of float64. A read fetches whole chunks, so long ones make the last rows of a series dear, and
 * short ones cost a request each. Most reads want the last rows: from the end of a write back, segments
 * are {@link LAST_SEGMENT_ROWS}, twice that, and so on up to this.
 */
export const MAX_SEGMENT_ROWS = 524_288;
export const LAST_SEGMENT_ROWS = 32_768;

/** New segments whose chunks are stored, waiting for the commit that makes them visible. */
export interface StoredSegments {
  segments: Segment[];
  embedded: Map<string, Bytes>;
  /** Encoded bytes of all chunks. */
  bytes: number;
}

/** Milliseconds for which a file that was stored or seen is taken to be there still: far less than a garbage collection waits. */
const BELIEVED = 60_000;

/** The writer that the collections of a repo share, made when it is first needed. */
export function writerOf(workshop: RepoContext): ChunkWriter {
  workshop.writer ??= new ChunkWriter(workshop.store, workshop.concurrency);
  return workshop.writer;
}

/** Encodes rows and stores their chunks. */
export class ChunkWriter {
  readonly #store: Store;
  readonly #slots: FairSemaphore;
  /** Files that were written or checked by this writer, and when. */
  readonly #present = new Map<string, number>();

  constructor(store: Store, concurrency: number) {
    this.#store = store;
    this.#slots = new FairSemaphore(concurrency);
  }

  /**
   * @param range the keys that the rows replace; see {@link writeRange}
   * @param lengths rows of each segment
   */
  async store(
    schema: Schema,
    label: string,
    rows: Rows,
    range: Interval,
    signal?: AbortSignal,
    lengths?: number[],
  ): Promise<StoredSegments> {
    const stored: StoredSegments = { segments: [], embedded: new Map(), bytes: 0 };
    const group = new AbortGroup(signal);
    const storeColumn = (i: number, from: number, to: number) =>
      this.#slots.run(() => {
        const column = schema.columns[i]!;
        const part = sliceRows(rows.columns[i]!, column.dtype, from, to);
        return group.run((own) => this.#storeChunk(column, part, stored, own));
      });
    try {
      const parts = splitRows(schema, rows, range, lengths).map(
        async ({ from, to, lo, hi }): Promise<Segment> => {
          const digests = await Promise.all(schema.columns.map((_, i) => storeColumn(i, from, to)));
          return { label, lo, hi, length: to - from, digests };
        },
      );
      return { ...stored, segments: await Promise.all(parts), bytes: stored.bytes };
    } finally {
      group.end();
    }
  }

  async #storeChunk(
    column: Column,
    data: ColumnData,
    stored: StoredSegments,
    signal: AbortSignal,
  ): Promise<string> {
    const bytes = await encodeColumn(data, column);
    const digest = await digestOf(data, bytes, column);
    stored.bytes += bytes.length;
    if (bytes.length === 0) return digest;
    if (bytes.length < EMBED_BELOW) stored.embedded.set(digest, bytes);
    else await this.#put(digest, bytes, signal, (there) => isGood(there, bytes, column, digest));
    return digest;
  }

  /** Stores one column by itself. `embedded`: its bytes, where it is short enough to go into a commit. */
  async storeColumn(
    column: Column,
    data: ColumnData,
    signal: AbortSignal,
  ): Promise<{ digest: string; embedded: Bytes | undefined }> {
    const stored: StoredSegments = { segments: [], embedded: new Map(), bytes: 0 };
    const digest = await this.#slots.run(() => this.#storeChunk(column, data, stored, signal));
    return { digest, embedded: stored.embedded.get(digest) };
  }

  /** Stores a chunk that was embedded as a file. */
  putFile(digest: string, bytes: Bytes, signal: AbortSignal): Promise<void> {
    return this.#slots.run(() => this.#put(digest, bytes, signal, async (there) => sameBytes(there, bytes)));
  }

  /** Looks whether chunks are where they were stored. @throws `conflict` */
  async checkStored(stored: readonly StoredSegments[], signal: AbortSignal): Promise<void> {
    const files = new Set(
      stored.flatMap(({ segments, embedded }) =>
        segments
          .flatMap(({ digests }) => digests)
          .filter((digest) => digest !== EMPTY_DIGEST && !embedded.has(digest)),
      ),
    );
    const isThere = async (digest: string) => {
      const path = hashedPath(digest);
      const entries = await this.#store.list(path, { signal });
      const found = entries.some((entry) => entry.path === path);
      if (!found) this.#present.delete(digest);
      return found;
    };
    const found = await Promise.all([...files].map((digest) => this.#slots.run(() => isThere(digest))));
    if (found.every(Boolean)) return;
    throw new LakotaError(
      "conflict",
      "This batch took so long that a garbage collection took chunks that it had stored. Nothing was written: " +
        "write it again, and end it within a few minutes.",
    );
  }

  /** A file that is there already may be torn (Python writes in place): it is checked, and mended if need be. */
  async #put(
    digest: string,
    bytes: Bytes,
    signal: AbortSignal,
    isWell: (there: Bytes) => Promise<boolean>,
  ): Promise<void> {
    if (Date.now() - (this.#present.get(digest) ?? 0) < BELIEVED) return;
    const path = hashedPath(digest);
    if (!(await this.#store.put(path, bytes, { signal }))) {
      const there = await this.#store.get(path, { signal, reload: true });
      const well = there !== undefined && (await isWell(there));
      if (!well) await this.#store.put(path, bytes, { signal, overwrite: true });
    }
    this.#present.set(digest, Date.now());
  }
}

const sameBytes = (a: Bytes, b: Bytes): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);

async function isGood(there: Bytes, wanted: Bytes, column: Column, digest: string): Promise<boolean> {
  if (sameBytes(there, wanted)) return true;
  const { name, dtype, codecs } = column;
  const decoded = await decodeChunk({ bytes: there, name, type: dtype.name, codecs, digest }).catch(
    (error: unknown) => {
      if (error instanceof LakotaError && error.code === "corrupt") return undefined;
      throw error;
    },
  );
  return decoded?.verdict === "good";
}

/**
 * The keys that a write replaces: `start` to `stop`, by default from its first row to its last.
 *
 * @throws `invalid-argument` for a range that is empty or not told; `invalid-frame` for a row outside it.
 */
export function writeRange(schema: Schema, rows: Rows, options: WriteOptions): Interval {
  const index = indexOf(schema, rows);
  const first = rows.length > 0 ? keyAt(index, 0) : undefined;
  const last = rows.length > 0 ? keyAt(index, rows.length - 1) : undefined;
  const start = toKey(schema, options.start) ?? first;
  const stop = toKey(schema, options.stop) ?? last;
  if (!start || !stop) {
    throw new LakotaError(
      "invalid-argument",
      "A write without rows needs both start and stop: the range that it empties.",
    );
  }
  for (const key of [start, stop]) {
    if (key.length === schema.index.length) continue;
    const names = schema.index.map(({ name }) => name).join(", ");
    throw new LakotaError(
      "invalid-argument",
      `start and stop of a write need a value for each index column (${names}).`,
    );
  }
  const range = interval(start, stop, checkClosed(options.closed ?? "both"));
  if (isEmpty(range))
    throw new LakotaError("invalid-argument", "The range of this write is empty: start lies after stop.");
  for (const [row, key] of [
    [0, first],
    [rows.length - 1, last],
  ] as const) {
    if (key && !contains(range, key)) {
      throw new LakotaError(
        "invalid-frame",
        `Row ${row} (${key.map(String).join(", ")}) lies outside the range that this write replaces. Widen start and stop, or leave it out.`,
      );
    }
  }
  return range;
}

interface Part extends Interval {
  from: number;
  to: number;
}

/** The lengths of segments, first to last, in which `rows` rows are stored. */
export function segmentLengths(rows: number, last = LAST_SEGMENT_ROWS, most = MAX_SEGMENT_ROWS): number[] {
  const lengths: number[] = [];
  for (let left = rows, next = last; left > 0; next = Math.min(2 * next, most)) {
    // A rest that would make a short segment is part of its neighbour.
    const length = left < 1.5 * next ? left : next;
    lengths.unshift(length);
    left -= length;
  }
  return lengths.length > 0 ? lengths : [0];
}

/** Runs of rows that together cover the range; rows of one key stay together. */
export function splitRows(
  schema: Schema,
  rows: Rows,
  range: Interval,
  lengths = segmentLengths(rows.length),
): Part[] {
  const index = indexOf(schema, rows);
  const parts: Part[] = [];
  let from = 0;
  let planned = 0;
  let lo: Cut = range.lo;
  for (const length of lengths.slice(0, -1)) {
    planned += length;
    let to = Math.max(from, planned);
    while (to > from && to < rows.length && compareKeys(keyAt(index, to - 1), keyAt(index, to)) === 0) to++;
    if (to === from || to === rows.length) continue;
    const hi = after(keyAt(index, to - 1));
    parts.push({ from, to, lo, hi });
    [from, lo] = [to, hi];
  }
  parts.push({ from, to: rows.length, lo, hi: range.hi });
  return parts;
}
