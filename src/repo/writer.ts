import type { Segment } from "../changelog/segments.ts";
import { decodeChunk } from "../codecs/chunk.ts";
import { digestOf, encodeColumn } from "../codecs/encode.ts";
import type { WriteOptions } from "../model/api.ts";
import type { ColumnData } from "../model/column.ts";
import { sliceRows } from "../model/column-rows.ts";
import { LakotaError } from "../model/errors.ts";
import {
  after,
  type Cut,
  compareKeys,
  contains,
  type Interval,
  interval,
  isEmpty,
  keyAt,
} from "../model/key.ts";
import type { Column, Schema } from "../model/schema.ts";
import type { Store } from "../stores/store.ts";
import { AbortGroup } from "./abort-group.ts";
import { checkClosed, toKey } from "./bounds.ts";
import { hashedPath } from "./chunks.ts";
import { Limiter } from "./limiter.ts";
import { indexOf, type Rows } from "./rows.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Encoded columns shorter than this go into the commit itself. */
const EMBED_BELOW = 1024;

/**
 * Rows of the longest segment: 4 MiB of float64. A read fetches whole chunks, so long ones make the last rows of a series dear, and
 * short ones cost a request each. Most reads want the last rows: from the end of a write back, segments
 * are {@link LAST_ROWS}, twice that, and so on up to this.
 */
export const MOST_ROWS = 524_288;
export const LAST_ROWS = 32_768;

/** New segments whose chunks are stored, waiting for the commit that makes them visible. */
export interface Stored {
  segments: Segment[];
  embedded: Map<string, Bytes>;
}

/** Encodes rows and stores their chunks. */
export class Writer {
  readonly #store: Store;
  readonly #slots: Limiter;
  /** Digests of files that were written or checked by this writer. */
  readonly #present = new Set<string>();

  constructor(store: Store, concurrency: number) {
    this.#store = store;
    this.#slots = new Limiter(concurrency);
  }

  /** @param range the keys that the rows replace; see {@link writeRange}. */
  async store(
    schema: Schema,
    label: string,
    rows: Rows,
    range: Interval,
    signal?: AbortSignal,
  ): Promise<Stored> {
    const embedded = new Map<string, Bytes>();
    const group = new AbortGroup(signal);
    const storeColumn = (i: number, from: number, to: number) =>
      this.#slots.run(() => {
        const column = schema.columns[i]!;
        const part = sliceRows(rows.columns[i]!, column.dtype, from, to);
        return group.run((own) => this.#storeChunk(column, part, embedded, own));
      });
    try {
      const parts = split(schema, rows, range).map(async ({ from, to, lo, hi }): Promise<Segment> => {
        const digests = await Promise.all(schema.columns.map((_, i) => storeColumn(i, from, to)));
        return { label, lo, hi, length: to - from, digests };
      });
      return { segments: await Promise.all(parts), embedded };
    } finally {
      group.end();
    }
  }

  async #storeChunk(
    column: Column,
    data: ColumnData,
    embedded: Map<string, Bytes>,
    signal: AbortSignal,
  ): Promise<string> {
    const bytes = await encodeColumn(data, column);
    const digest = await digestOf(data, bytes, column);
    if (bytes.length === 0) return digest;
    if (bytes.length < EMBED_BELOW) embedded.set(digest, bytes);
    else if (!this.#present.has(digest)) {
      await this.#putChunk(column, digest, bytes, signal);
      this.#present.add(digest);
    }
    return digest;
  }

  /** A file that is there already may be torn (Python writes in place): it is checked, and mended if need be. */
  async #putChunk(
    column: Column,
    digest: string,
    bytes: Bytes,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const path = hashedPath(digest);
    if (await this.#store.put(path, bytes, { signal })) return;
    const there = await this.#store.get(path, { signal, reload: true });
    if (there && (await isGood(there, bytes, column, digest))) return;
    await this.#store.put(path, bytes, { signal, overwrite: true });
  }
}

async function isGood(there: Bytes, wanted: Bytes, column: Column, digest: string): Promise<boolean> {
  if (there.length === wanted.length && there.every((byte, i) => byte === wanted[i])) return true;
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
export function segmentLengths(rows: number, last = LAST_ROWS, most = MOST_ROWS): number[] {
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
export function split(
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
