import type { FairSemaphore } from "../../async/fair-semaphore.ts";
import type { LoadedSegments, Segment } from "../../changelog/segment-table.ts";
import type { DecodeChunk } from "../../codecs/chunk.ts";
import { EMPTY_DIGEST } from "../../codecs/digest.ts";
import type { Problem } from "../../model/api/maintenance.ts";
import type { Bytes } from "../../model/bytes.ts";
import { rowsOf } from "../../model/column.ts";
import { asLakotaError, LakotaError } from "../../model/errors.ts";
import { hashedPath } from "../../model/layout.ts";
import type { Column } from "../../model/schema.ts";
import { fetchChunk } from "../../stores/fetch-chunk.ts";
import type { Store } from "../../stores/store.ts";
import { plausibilityOf } from "../read/load.ts";
import type { VerifyProgress } from "./verify-progress.ts";

/** What {@link ChunkVerifier} needs of the repo. */
export interface ChunkSource {
  readonly store: Store;
  readonly decode: DecodeChunk;
  /** Whether reads return every chunk that cannot be verified. */
  readonly allowUnverified: boolean;
}

/** Where a chunk is referred to. */
interface Reference {
  collection: string;
  segment: Segment;
  column: Column;
  isFirstIndex: boolean;
  revision: string;
}

/** What reading a chunk has shown. */
type Finding =
  | {
      /** `reported`: it is damaged or missing, which was reported at once. */
      readonly kind: "intact" | "reported";
    }
  | {
      /** Its digest is neither of its bytes nor of its rows. */
      readonly kind: "inexact";
      /** Whether the digest is that of its times in another unit. */
      readonly isConverted: boolean;
      readonly isPlausible: (segment: Segment) => boolean;
      /** What was reported of it, since segments that refer to it differ. */
      readonly reported: Set<string>;
    };

/** A chunk that is read once for all revisions that refer to it. `finding` is set when it was read. */
interface ChunkCheck {
  reading: Promise<Finding>;
  finding: Finding | undefined;
}

const INTACT: Finding = { kind: "intact" };
const REPORTED: Finding = { kind: "reported" };

/** Checks chunks, each once for all segments that refer to it. */
export class ChunkVerifier {
  readonly #source: ChunkSource;
  readonly #progress: VerifyProgress;
  readonly #slots: FairSemaphore;
  readonly #signal: AbortSignal;
  /** Chunks by digest, length and encoding, files and embedded ones. */
  readonly #checks = new Map<string, ChunkCheck>();

  constructor(source: ChunkSource, progress: VerifyProgress, slots: FairSemaphore, signal: AbortSignal) {
    this.#source = source;
    this.#progress = progress;
    this.#slots = slots;
    this.#signal = signal;
  }

  /** Checks the chunks of segments. */
  async check(
    collection: string,
    columns: readonly Column[],
    revision: string,
    { segments, embedded: chunks }: LoadedSegments,
  ): Promise<void> {
    const firstIndex = columns.find(({ index }) => index);
    const work: Promise<void>[] = [];
    for (const segment of segments) {
      segment.digests.forEach((digest, i) => {
        if (digest === EMPTY_DIGEST) return;
        const column = columns[i]!;
        const embedded = chunks.get(digest);
        const key = [digest, !embedded, segment.length, column.dtype.name, ...column.codecs].join();
        const place = { collection, segment, column, revision, isFirstIndex: column === firstIndex };
        const known = this.#checks.get(key);
        if (known?.finding) this.#judge(known.finding, digest, place);
        else if (known) work.push(known.reading.then((finding) => this.#judge(finding, digest, place)));
        else work.push(this.#checkNew(key, digest, embedded, place));
      });
    }
    await Promise.all(work);
  }

  /** Reads a chunk that no other segment has referred to before. */
  async #checkNew(key: string, digest: string, embedded: Bytes | undefined, place: Reference): Promise<void> {
    this.#progress.expect(1);
    const check: ChunkCheck = {
      reading: this.#slots.run(() => this.#chunk(digest, embedded, place)),
      finding: undefined,
    };
    this.#checks.set(key, check);
    check.finding = await check.reading;
    this.#judge(check.finding, digest, place);
  }

  async #chunk(digest: string, embedded: Bytes | undefined, place: Reference): Promise<Finding> {
    const { collection, segment } = place;
    const bytes =
      embedded ?? (await fetchChunk(this.#source.store, digest, { signal: this.#signal, reload: true }));
    this.#progress.report.chunks++;
    this.#progress.read(collection, embedded ? 0 : bytes?.length);
    const where = nameOf(digest, place);
    if (!bytes) {
      const message = `${where} is missing. Pull it from another copy, or write the range again.`;
      this.#report("missing", message, digest, place);
      return REPORTED;
    }
    const outcome = await this.#decoded(bytes, place, embedded ? undefined : digest);
    if (outcome === "unchecked") {
      this.#progress.report.unchecked++;
      return INTACT;
    }
    if (outcome instanceof LakotaError)
      this.#report("corrupt", `${where} cannot be decoded: ${outcome.message}`, digest, place);
    else if (outcome === "bad") this.#report("corrupt", mismatch(where), digest, place);
    else if (typeof outcome === "object") return outcome;
    else if (outcome === segment.length) return INTACT;
    else {
      const message = `${where} has ${outcome} rows, but its segment has ${segment.length}.`;
      this.#report("corrupt", message, digest, place);
    }
    return REPORTED;
  }

  /**
   * Returns the number of rows of an intact chunk.
   *
   * @param digest undefined for an embedded chunk, which was verified with its revision
   */
  async #decoded(
    bytes: Bytes,
    { column: { name, dtype, codecs }, segment: { length: rows } }: Reference,
    digest: string | undefined,
  ): Promise<number | "bad" | "unchecked" | LakotaError | Extract<Finding, { kind: "inexact" }>> {
    try {
      const task = { bytes, name, type: dtype.name, codecs, rows, ...(digest && { digest }) };
      const { column, verdict } = await this.#source.decode({ ...task, exact: true }, this.#signal);
      if (verdict === "good") return rowsOf(column, dtype);
      if (dtype.kind !== "datetime") return "bad";
      const other = await this.#source.decode(task, this.#signal);
      if (other.verdict === "bad") return "bad";
      const isPlausible = plausibilityOf({ dtype }, other.column);
      return { kind: "inexact", isConverted: other.verdict === "good", isPlausible, reported: new Set() };
    } catch (error) {
      const known = asLakotaError(error);
      if (known.code === "unsupported-codec") return "unchecked";
      if (known.code === "corrupt") return known;
      throw known;
    }
  }

  /** Reports what a chunk means for a segment that refers to it. */
  #judge(finding: Finding, digest: string, place: Reference): void {
    if (finding.kind !== "inexact") return;
    const { isConverted, isPlausible, reported } = finding;
    const { segment, isFirstIndex } = place;
    if (!segment.exact && isConverted) return;
    const isRead = this.#source.allowUnverified || (isFirstIndex && isPlausible(segment));
    const what = segment.exact ? "corrupt" : isRead ? "plausible" : "refused";
    if (reported.has(what)) return;
    reported.add(what);
    const where = nameOf(digest, place);
    if (segment.exact) this.#report("corrupt", mismatch(where), digest, place);
    else this.#report("unverified", unverifiedMessage(where, isRead), digest, place, isRead);
  }

  /** @param isWarning whether it is listed apart, as no problem */
  #report(
    kind: Problem["kind"],
    message: string,
    digest: string,
    { collection, segment, column, revision }: Reference,
    isWarning = false,
  ): void {
    const place = { collection, series: segment.label, column: column.name, revision };
    const problem = { kind, path: hashedPath(digest), ...place, message };
    if (isWarning) this.#progress.report.unverified.push(problem);
    else this.#progress.add(problem);
  }
}

/** Names a chunk in messages. */
const nameOf = (digest: string, { column, collection, segment }: Reference): string =>
  `Chunk ${hashedPath(digest)} (column "${column.name}" of ${collection}/${segment.label})`;

const mismatch = (where: string): string =>
  `${where} does not match its digest. Restore it from another copy, or write the range again.`;

/** @param isRead whether reads return the rows of the chunk all the same */
function unverifiedMessage(where: string, isRead: boolean): string {
  const advice = isRead
    ? "Python Lakota may have rounded its times to the column's unit. Reads return them, with a warning. If they are " +
      "right, write the range again."
    : "It may be damaged, or Python Lakota may have rounded its times to the column's unit. Reads refuse it without " +
      "the option allowUnverified (--allow-unverified). Restore it from another copy, or write the range again.";
  return `${where} cannot be verified: its digest is of other bytes. ${advice}`;
}
