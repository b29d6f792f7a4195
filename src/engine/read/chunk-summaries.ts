import type { Bytes } from "../../model/bytes.ts";
import type { ColumnData } from "../../model/column.ts";
import { BLOCK, Summary } from "../../query/downsample/summary.ts";
import { ByteLru } from "../../stores/cache/byte-lru.ts";
import type { DerivedCache } from "../../stores/store.ts";
import type { ChunkSummary } from "../overviews/chunk-summary.ts";
import type { SharedOverviews } from "../overviews/overview-files.ts";
import { type PackedKey, packKey, unpackKey } from "../overviews/packed-key.ts";

/** Bytes of summaries kept in memory. */
const SUMMARY_BYTES = 32 << 20;
/** Bytes of decoded chunks kept in memory. */
const DECODED_BYTES = 64 << 20;
/** Folder of the summaries in the cache. */
const FOLDER = "summaries/";

/**
 * Summaries of chunks, with {@link BLOCK} rows per block, by the digests of the chunks. Kept in memory and, if the repo
 * has a cache, in the cache.
 */
export class ChunkSummaries {
  readonly #cache: DerivedCache | undefined;
  readonly #memory = new ByteLru<ChunkSummary>(SUMMARY_BYTES);
  /** Decoded chunks that were needed row by row: panning and zooming need mostly the same rows again. */
  readonly decoded = new ByteLru<ColumnData>(DECODED_BYTES);

  constructor(cache: DerivedCache | undefined) {
    this.#cache = cache;
  }

  /** Returns a summary that is in memory. */
  held(name: string): ChunkSummary | undefined {
    return this.#memory.get(name);
  }

  async get(name: string): Promise<ChunkSummary | undefined> {
    const held = this.held(name);
    if (held) return held;
    const bytes = await this.#cache?.get(FOLDER + name);
    const summary = bytes && unpack(bytes);
    if (summary) this.#remember(name, summary);
    return summary;
  }

  set(name: string, summary: ChunkSummary): void {
    this.#remember(name, summary);
    this.#cache?.set(FOLDER + name, pack(summary));
  }

  #remember(name: string, summary: ChunkSummary): void {
    this.#memory.set(name, summary, summary.blocks.data.byteLength);
  }
}

/** Where the collections of a repo share their summaries. */
export interface SharedSummaries extends SharedOverviews {
  /** Created on first use: most readers never need it. */
  summaries?: ChunkSummaries;
}

/** Returns the shared summaries, creating them on first use. */
export function sharedSummaries(shared: SharedSummaries): ChunkSummaries {
  shared.summaries ??= new ChunkSummaries(shared.store.local?.derived);
  return shared.summaries;
}

/** To be increased when {@link Summary} changes. Cached summaries of another version are ignored. */
const VERSION = 1;

/**
 * Serialises a summary: the length of the header (uint32), the header as JSON, then the numbers (float64).
 */
function pack({ first, last, blocks }: ChunkSummary): Bytes {
  const header = JSON.stringify({
    version: VERSION,
    blocks: blocks.length,
    first: packKey(first),
    last: packKey(last),
  });
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(4 + text.length + blocks.data.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(new Uint8Array(blocks.data.buffer), 4 + text.length);
  return bytes;
}

interface Header {
  version: number;
  blocks: number;
  first: PackedKey;
  last: PackedKey;
}

/** Parses a serialised summary. Undefined if it is damaged or of another version. */
function unpack(bytes: Bytes): ChunkSummary | undefined {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header;
    const data = new Float64Array(bytes.slice(4 + length).buffer);
    if (header.version !== VERSION || !Summary.fits(data, header.blocks)) return undefined;
    return {
      first: unpackKey(header.first),
      last: unpackKey(header.last),
      rowsPerBlock: BLOCK,
      blocks: new Summary(header.blocks, data),
    };
  } catch {
    return undefined;
  }
}
