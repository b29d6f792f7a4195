import { FairSemaphore } from "../../async/fair-semaphore.ts";
import { MemoryBudget } from "../../async/memory-budget.ts";
import type { Segment } from "../../changelog/segment-table.ts";
import type { ReadProgress } from "../../model/api/read.ts";
import type { Bytes } from "../../model/bytes.ts";
import type { Interval } from "../../model/key.ts";
import type { Schema } from "../../model/schema.ts";
import type { SharedOverviews } from "../overviews/overview-files.ts";
import type { ChunkLoader } from "./chunk-loader.ts";
import type { Cost } from "./plan.ts";

/**
 * Decoded bytes up to which a read counts as small. Small reads have a memory budget of their own and never
 * wait for large ones.
 */
const SMALL_READ = 4 << 20;
const SMALL_READS_BUDGET = 64 << 20;
const LARGE_READS_BUDGET = 256 << 20;

/** What all reads of a repo share: the chunk loader, and the limits on concurrency and memory. */
export class ReadSource {
  readonly chunks: ChunkLoader;
  /** Index chunks have slots of their own: values cannot be placed before the index is known. */
  readonly indexSlots: FairSemaphore;
  readonly valueSlots: FairSemaphore;
  readonly #large = new MemoryBudget(LARGE_READS_BUDGET);
  readonly #small = new MemoryBudget(SMALL_READS_BUDGET);

  /** @param concurrency chunks loaded at a time; a single read gets at most three quarters of them */
  constructor(chunks: ChunkLoader, concurrency: number) {
    const share = Math.ceil((3 * concurrency) / 4);
    this.chunks = chunks;
    this.indexSlots = new FairSemaphore(concurrency, share);
    this.valueSlots = new FairSemaphore(concurrency, share);
  }

  /** Returns the memory budget that a read of this cost is charged to. */
  memoryBudget({ bytes }: Cost): MemoryBudget {
    return bytes <= SMALL_READ ? this.#small : this.#large;
  }
}

/** A series in its current state, of which overviews and block indexes may exist. */
export interface CurrentSeries {
  readonly schema: Schema;
  /** All segments of the series, in order. */
  readonly segments: readonly Segment[];
  readonly shared: SharedOverviews;
}

/** What one read needs besides its plan. */
export interface ReadContext {
  source: ReadSource;
  /** Chunks embedded in the commit, by digest. */
  embedded: ReadonlyMap<string, Bytes>;
  /** See `ChunkRequest.verifiedOnly`. */
  verifiedOnly?: boolean | undefined;
  /** The series that is read. Undefined if it is read in an earlier state, or if its chunks are to be read as a whole. */
  current?: CurrentSeries | undefined;
  /** Whether parts of chunks are used only if they are cached, because the rest of the chunk will be read, too. */
  cachedPartsOnly?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ReadProgress) => void) | undefined;
  numbers?: boolean | undefined;
}

/** A range of one series in one state of the collection: what queries and charts are computed over. */
export interface SeriesRange {
  /** All segments of the series, in order. */
  segments: readonly Segment[];
  range: Interval;
  context: ReadContext;
}
