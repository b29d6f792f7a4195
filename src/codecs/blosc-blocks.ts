import type { BloscInfo } from "numcodecs-wasm";
import type { Bytes } from "../model/bytes.ts";
import { LakotaError } from "../model/errors.ts";
import { checkClaim, maxEncoded } from "./limits.ts";
import { sha1 } from "./sha1.ts";
import { wasmDecoder } from "./wasm.ts";

/**
 * Where the blocks of a Blosc chunk are, and their digests: enough to fetch, verify and decode some blocks without the
 * others.
 */
export interface ChunkBlocks {
  /** The bytes before the blocks: the header, and where each block starts. */
  readonly head: Bytes;
  /** The SHA-1 of the bytes of each block, in the order of their content. */
  readonly digests: readonly string[];
}

/** Bytes `from` (included) to `to` (excluded) of a chunk. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Bytes of the header of a chunk. */
const HEADER_BYTES = 16;

/** Describes the blocks of a chunk. Undefined if it has a single one. @throws CodecError for what is no Blosc chunk */
export async function describeBlocks(chunk: Bytes): Promise<ChunkBlocks | undefined> {
  const info = (await wasmDecoder()).bloscInfo(chunk);
  const extents = extentsOf(chunk, info);
  if (extents.length < 2) return undefined;
  const digests: string[] = [];
  for (const { from, to } of extents) digests.push(await sha1(chunk.slice(from, to)));
  return { head: chunk.slice(0, headBytes(info)), digests };
}

/** A chunk of which only some blocks are present. */
export class PartialChunk {
  /** Where each block is. */
  readonly extents: readonly Extent[];
  /** Bytes of content of each block but the last. */
  readonly blockBytes: number;
  /** Bytes of the whole chunk. */
  readonly size: number;
  readonly #bytes: Bytes;
  readonly #digests: readonly string[];

  private constructor(bytes: Bytes, info: BloscInfo, digests: readonly string[]) {
    this.#bytes = bytes;
    this.#digests = digests;
    this.extents = extentsOf(bytes, info);
    this.blockBytes = info.blocksize;
    this.size = bytes.length;
  }

  /**
   * Returns a chunk without any block.
   *
   * @param content bytes that the chunk must have, decoded
   * @throws `corrupt` or CodecError for a description that is not of such a chunk
   */
  static async open({ head, digests }: ChunkBlocks, content: number): Promise<PartialChunk> {
    const size = head.length < HEADER_BYTES ? 0 : viewOf(head).getUint32(12, true);
    checkClaim(size, maxEncoded(content));
    const bytes = new Uint8Array(size);
    bytes.set(head.subarray(0, size));
    const info = (await wasmDecoder()).bloscInfo(bytes);
    const isSame =
      info.nbytes === content && headBytes(info) === head.length && blockCount(info) === digests.length;
    if (!isSame) throw new LakotaError("corrupt", "These blocks are those of another chunk.");
    return new PartialChunk(bytes, info, digests);
  }

  /** Adds a block. Returns false for bytes that are not those of the block, and adds nothing. */
  async add(block: number, bytes: Bytes): Promise<boolean> {
    const { from, to } = this.extents[block]!;
    if (bytes.length !== to - from || (await sha1(bytes)) !== this.#digests[block]) return false;
    this.#bytes.set(bytes, from);
    return true;
  }

  /** Returns bytes of the content, whose blocks must have been added. @throws CodecError `corrupt` */
  async decode(from: number, to: number): Promise<Bytes> {
    const content = new Uint8Array(to - from);
    (await wasmDecoder()).bloscDecode(this.#bytes, content, from);
    return content;
  }
}

const viewOf = (bytes: Bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const blockCount = ({ nbytes, blocksize }: BloscInfo) => (nbytes === 0 ? 0 : Math.ceil(nbytes / blocksize));

/** Chunks that could not be compressed do not say where their blocks start: they have none, but can be cut like others. */
const headBytes = (info: BloscInfo) => HEADER_BYTES + (info.stored ? 0 : 4 * blockCount(info));

/** Returns where the blocks are. Threads may have written them in any order. @throws `corrupt` */
function extentsOf(chunk: Bytes, info: BloscInfo): Extent[] {
  const { stored, cbytes, blocksize } = info;
  const view = viewOf(chunk);
  const starts = Array.from({ length: blockCount(info) }, (_, block) =>
    stored ? HEADER_BYTES + block * blocksize : view.getUint32(HEADER_BYTES + 4 * block, true),
  );
  const ends = [...starts, cbytes].sort((a, b) => a - b);
  const endOf = new Map(ends.map((start, i) => [start, ends[i + 1] ?? start]));
  const extents = starts.map((from) => ({ from, to: endOf.get(from)! }));
  const isPossible = ({ from, to }: Extent) => from >= headBytes(info) && from < to && to <= cbytes;
  if (extents.every(isPossible)) return extents;
  throw new LakotaError("corrupt", "The blocks of a Blosc chunk are not within it.");
}
