import { untilAborted } from "../../async/abort.ts";
import { AbortGroup } from "../../async/abort-group.ts";
import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { mapLimit } from "../../async/map-limit.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import { decodeChunk } from "../../codecs/chunk.ts";
import { digestOf, encodeColumn, rawDigestOf } from "../../codecs/encode.ts";
import { isTyped } from "../../codecs/typed-raw.ts";
import { type Bytes, sameBytes } from "../../model/bytes.ts";
import { type ColumnData, rowsOf } from "../../model/column.ts";
import { sliceRows } from "../../model/column-rows.ts";
import { LakotaError, throwIfAborted } from "../../model/errors.ts";
import type { Interval } from "../../model/key.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { originOf, type Store } from "../../stores/store.ts";
import { byPrefix } from "./listing-prefixes.ts";
import type { Rows } from "./rows.ts";
import { splitRows } from "./segment-layout.ts";

/** Encoded bytes below which a chunk may be embedded in the commit. */
const MAX_EMBEDDED_BYTES = 1024;
/** Rows up to which a chunk is encoded at once. Longer ones wait for a turn first, which bounds memory. */
const MAX_UNQUEUED_ROWS = 4_096;

/** New segments whose chunks are stored. They become visible with the commit that refers to them. */
export interface StoredSegments {
  segments: Segment[];
  /** Chunks short enough to be embedded, by digest. They are not stored as files yet. */
  embedded: Map<string, Bytes>;
  /** Encoded bytes of all chunks. */
  bytes: number;
}

/**
 * Milliseconds for which a stored or checked file is assumed to exist: far less than the grace of a garbage
 * collection.
 */
const PRESENCE_TTL = 60_000;

/** Milliseconds after which a garbage collection may have deleted files that no revision refers to yet. */
export const MAX_UNREFERENCED_AGE = 300_000;

/** Checks of many files, one after the other, of which the last must find nothing that is due again. */
const MAX_CHECKS = 3;

/** Files of which a writer remembers that they are stored. */
const MAX_PRESENT = 16_384;
/** Short chunks that are kept, so that they are not encoded again. */
const MAX_RECENT = 64;

/** What the writers of a repo share. */
export interface WriterContext {
  readonly store: Store;
  /** Files stored at a time. */
  readonly concurrency: number;
  /** Created on first use: readers never load it. */
  stored?: StoredFiles;
}

/** What all writers of a repo have stored. */
interface StoredFiles {
  readonly slots: FairSemaphore;
  /** When each file was last written or checked, in epoch milliseconds. */
  readonly present: Map<string, number>;
}

/** Runs what stores the file of a chunk. */
type SendChunk = (put: (signal: AbortSignal) => Promise<void>) => Promise<void>;

/** Encodes columns and stores their chunks, and the other files of one revision. */
export class ChunkWriter {
  /** When it was made, in epoch milliseconds. */
  readonly began = Date.now();
  readonly #store: Store;
  readonly #slots: FairSemaphore;
  readonly #present: Map<string, number>;
  /** The files of this revision, as far as known, and when each was last written or checked. */
  readonly #own = new Map<string, number>();
  /** The short chunks that were encoded last, by digest and dtype. */
  readonly #recent = new Map<string, Bytes>();

  constructor(context: WriterContext) {
    context.stored ??= { slots: new FairSemaphore(context.concurrency), present: new Map() };
    this.#store = context.store;
    this.#slots = context.stored.slots;
    this.#present = context.stored.present;
  }

  /**
   * Stores rows as segments.
   *
   * @param range the keys that the rows replace; see {@link writeRange}
   * @param lengths rows of each segment. Default: {@link segmentLengths}
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
    const storeColumn = async (i: number, from: number, to: number) => {
      const column = schema.columns[i]!;
      const part = () => sliceRows(rows.columns[i]!, column.dtype, from, to);
      const inTurn = <T>(work: (own: AbortSignal) => Promise<T>) =>
        this.#inTurn(signal, () => group.run(work));
      if (to - from > MAX_UNQUEUED_ROWS)
        return inTurn((own) => this.#storeChunk(column, part(), stored, (put) => put(own)));
      throwIfAborted(signal);
      return this.#storeChunk(column, part(), stored, inTurn);
    };
    try {
      const parts = splitRows(schema, rows, range, lengths).map(
        async ({ from, to, lo, hi }): Promise<Segment> => {
          const digests = await Promise.all(schema.columns.map((_, i) => storeColumn(i, from, to)));
          return { label, lo, hi, length: to - from, digests, exact: true };
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
    send: SendChunk,
  ): Promise<string> {
    const { digest, bytes } = await this.#encode(column, data);
    stored.bytes += bytes.length;
    if (bytes.length === 0) return digest;
    if (bytes.length < MAX_EMBEDDED_BYTES) stored.embedded.set(digest, bytes);
    else
      await send((signal) =>
        this.#put(digest, bytes, signal, (found) =>
          isIntact(found, bytes, column, rowsOf(data, column.dtype), digest),
        ),
      );
    return digest;
  }

  /** Encodes a column. Of many series with the same times, these are encoded once. */
  async #encode(column: Column, data: ColumnData): Promise<{ digest: string; bytes: Bytes }> {
    const isShort = isTyped(column.dtype) && data.length <= MAX_UNQUEUED_ROWS;
    const rawDigest = isShort ? await rawDigestOf(data, column) : undefined;
    const key = rawDigest && `${rawDigest} ${column.dtype.name}`;
    const known = key && this.#recent.get(key);
    const bytes = known || (await encodeColumn(data, column));
    if (key && bytes.length < MAX_EMBEDDED_BYTES) keepRecent(this.#recent, key, bytes, MAX_RECENT);
    return { digest: rawDigest ?? (await digestOf(data, bytes, column)), bytes };
  }

  /**
   * Stores a single column. Returns its digest and, if it is short enough to be embedded, its encoded bytes
   * instead of storing a file.
   */
  async storeColumn(
    column: Column,
    data: ColumnData,
    signal: AbortSignal,
  ): Promise<{ digest: string; embedded: Bytes | undefined }> {
    const stored: StoredSegments = { segments: [], embedded: new Map(), bytes: 0 };
    const digest = await this.#inTurn(signal, () =>
      this.#storeChunk(column, data, stored, (put) => put(signal)),
    );
    return { digest, embedded: stored.embedded.get(digest) };
  }

  /** Stores an embedded chunk as a file. */
  putFile(digest: string, bytes: Bytes, signal: AbortSignal): Promise<void> {
    const isSame = async (found: Bytes) => sameBytes(found, bytes);
    return this.#inTurn(signal, () => this.#put(digest, bytes, signal, isSame));
  }

  /** Records that the revision refers to none of the files stored so far but these: they need not be kept. */
  retain(digests: ReadonlySet<string>): void {
    for (const digest of this.#own.keys()) if (!digests.has(digest)) this.#own.delete(digest);
  }

  /**
   * Checks that what was stored a while ago is still there. Must be called before the revision is stored.
   *
   * @throws `conflict` if a garbage collection has set any of it aside, or deleted it; `offline` or `network` if that cannot
   *   be found out
   */
  async checkStored(signal: AbortSignal): Promise<void> {
    const origin = originOf(this.#store); // a cache may list what was there
    // A check of many files may take so long that the first ones are due again at its end.
    for (let round = 0; round < MAX_CHECKS; round++) {
      const due = await this.#due();
      if (due.length === 0) return;
      const found = new Set<string>();
      const find = async ([prefix, digests]: readonly [string, readonly string[]]) => {
        const now = Date.now();
        const listed = new Set((await origin.list(prefix, { signal })).map(({ path }) => path));
        for (const digest of digests) {
          if (!listed.has(hashedPath(digest))) continue;
          found.add(digest);
          this.#own.set(digest, now);
        }
      };
      await mapLimit(byPrefix(due), (group) => this.#inTurn(signal, () => find(group)));
      const gone = due.filter((digest) => !found.has(digest));
      for (const digest of gone) this.#present.delete(digest);
      if (gone.length > 0) break;
    }
    if ((await this.#due()).length === 0) return;
    throw new LakotaError(
      "conflict",
      "This took so long that a garbage collection removed files that it had stored. Nothing was written: do it again, " +
        "and finish it within a few minutes, or while no garbage collection runs.",
    );
  }

  /** Returns the files that were stored or checked so long ago that they may be gone. */
  async #due(): Promise<string[]> {
    // Files that wait for a network are on this device, where nothing collects them.
    const waiting = new Set(await this.#store.local?.pending());
    const now = Date.now();
    return [...this.#own].flatMap(([digest, at]) =>
      now - at > MAX_UNREFERENCED_AGE && !waiting.has(hashedPath(digest)) ? [digest] : [],
    );
  }

  /** Runs `work` once there is a slot. @throws `aborted`, also while it is queued behind the chunks of others */
  #inTurn<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const run = async () => {
      throwIfAborted(signal);
      return work();
    };
    return untilAborted(this.#slots.run(run), signal);
  }

  /**
   * Stores a file. One that exists may be torn, since Python writes in place: it is checked, and
   * overwritten if damaged.
   */
  async #put(
    digest: string,
    bytes: Bytes,
    signal: AbortSignal,
    isIntact: (stored: Bytes) => Promise<boolean>,
  ): Promise<void> {
    const known = this.#present.get(digest);
    if (known !== undefined && Date.now() - known < PRESENCE_TTL) {
      this.#own.set(digest, known);
      return;
    }
    const path = hashedPath(digest);
    const began = Date.now();
    if (!(await this.#store.put(path, bytes, { signal }))) {
      const stored = await this.#store.get(path, { signal, reload: true });
      if (!stored || !(await isIntact(stored)))
        await this.#store.put(path, bytes, { signal, overwrite: true });
    }
    keepRecent(this.#present, digest, began, MAX_PRESENT);
    this.#own.set(digest, began);
  }
}

/** Adds an entry to a map as its newest one, and removes the oldest ones above a number. */
function keepRecent<T>(map: Map<string, T>, key: string, value: T, limit: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= limit) break;
    map.delete(oldest);
  }
}

/** Returns whether a stored chunk has the content of `expected`, whichever way it is encoded. */
async function isIntact(
  stored: Bytes,
  expected: Bytes,
  column: Column,
  rows: number,
  digest: string,
): Promise<boolean> {
  if (sameBytes(stored, expected)) return true;
  const { name, dtype, codecs } = column;
  const decoded = await decodeChunk({
    bytes: stored,
    name,
    type: dtype.name,
    codecs,
    rows,
    digest,
    exact: true,
  }).catch((error: unknown) => {
    if (error instanceof LakotaError && error.code === "corrupt") return undefined;
    throw error;
  });
  return decoded?.verdict === "good";
}
