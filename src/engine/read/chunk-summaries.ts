import type { ColumnData } from "../../model/column.ts";
import type { Key } from "../../model/key.ts";
import { Summary } from "../../query/downsample/summary.ts";
import { ByteLru } from "../../stores/cache/byte-lru.ts";
import { CacheStore, type DerivedCache } from "../../stores/cache/cache-store.ts";
import type { RepoContext } from "../collection/repo-context.ts";

/** What is known of a stored chunk without decoding it. */
export interface ChunkSummary {
  /** Keys of its first and last row. */
  readonly first: Key;
  readonly last: Key;
  readonly blocks: Summary;
}

/** Bytes of summaries held in memory, and of decoded chunks. */
const MOST = 32 << 20;
const MOST_DECODED = 64 << 20;
/** The folder that they are kept in. */
const FOLDER = "summaries/";

/** Summaries of chunks, by the digests of what they were made from: in memory, and where there is a cache, in that. */
export class ChunkSummaries {
  readonly #keepsakes: DerivedCache | undefined;
  readonly #held = new ByteLru<ChunkSummary>(MOST);
  /** Columns that were needed row by row, for the next time: who pans or zooms wants much the same rows again. */
  readonly decoded = new ByteLru<ColumnData>(MOST_DECODED);

  constructor(keepsakes: DerivedCache | undefined) {
    this.#keepsakes = keepsakes;
  }

  async get(name: string): Promise<ChunkSummary | undefined> {
    const held = this.#held.get(name);
    if (held) return held;
    const bytes = await this.#keepsakes?.recall(FOLDER + name);
    const summary = bytes && unpack(bytes);
    if (summary) this.#hold(name, summary);
    return summary;
  }

  set(name: string, summary: ChunkSummary): void {
    this.#hold(name, summary);
    this.#keepsakes?.keep(FOLDER + name, pack(summary));
  }

  #hold(name: string, summary: ChunkSummary): void {
    this.#held.set(name, summary, summary.blocks.data.byteLength);
  }
}

/** The summaries that the collections of a repo share, made when they are first needed. */
export function summariesOf(workshop: RepoContext): ChunkSummaries {
  const { store } = workshop;
  workshop.summaries ??= new ChunkSummaries(store instanceof CacheStore ? store.keepsakes : undefined);
  return workshop.summaries;
}

/** Raised when {@link Summary} changes: what was kept before is made anew. */
const VERSION = 1;

/** The length of the head, the head in JSON, then the numbers. */
function pack({ first, last, blocks }: ChunkSummary): Uint8Array<ArrayBuffer> {
  const head = JSON.stringify({
    version: VERSION,
    blocks: blocks.length,
    first: first.map(packValue),
    last: last.map(packValue),
  });
  const text = new TextEncoder().encode(head);
  const bytes = new Uint8Array(4 + text.length + blocks.data.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(new Uint8Array(blocks.data.buffer), 4 + text.length);
  return bytes;
}

interface Head {
  version: number;
  blocks: number;
  first: PackedValue[];
  last: PackedValue[];
}

/** Undefined for what another version of the library has kept. */
function unpack(bytes: Uint8Array<ArrayBuffer>): ChunkSummary | undefined {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
    const data = new Float64Array(bytes.slice(4 + length).buffer);
    if (head.version !== VERSION || !Summary.fits(data, head.blocks)) return undefined;
    return {
      first: head.first.map(unpackValue),
      last: head.last.map(unpackValue),
      blocks: new Summary(head.blocks, data),
    };
  } catch {
    return undefined;
  }
}

/** JSON has no bigint, nor NaN and its like. */
type PackedValue = string | { bigint: string } | { number: string };

const packValue = (value: Key[number]): PackedValue =>
  typeof value === "string"
    ? value
    : typeof value === "bigint"
      ? { bigint: `${value}` }
      : { number: `${value}` };

const unpackValue = (value: PackedValue): Key[number] =>
  typeof value === "string" ? value : "bigint" in value ? BigInt(value.bigint) : Number(value.number);
