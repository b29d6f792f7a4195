import { CodecError } from "./errors.ts";

/** The compressors that the Blosc 1 format knows; lz4hc writes what lz4 reads. */
export type BloscCompressor = "blosclz" | "lz4" | "snappy" | "zlib" | "zstd";

/** The filter that a chunk's bytes went through before compression. */
export type BloscShuffle = "none" | "byte" | "bit";

/** The validated 16-byte header of a Blosc chunk. */
export interface BloscInfo {
  /** Size of the content, in bytes. */
  nbytes: number;
  /** Size of one element, 1 to 255 bytes. */
  typesize: number;
  /** Size of all blocks but the last, in bytes of content. */
  blocksize: number;
  /** Size of the chunk, header included, in bytes. */
  cbytes: number;
  compressor: BloscCompressor;
  shuffle: BloscShuffle;
  /** The content follows the header uncompressed. */
  stored: boolean;
  /** Full blocks are split into one stream per byte of the element. */
  split: boolean;
}

export const HEADER_SIZE = 16;
const MAX_NBYTES = 2 ** 31 - 1 - HEADER_SIZE;
const MAX_SPLITS = 16;
const MIN_SPLIT_STREAM = 128;

const COMPRESSORS: readonly BloscCompressor[] = ["blosclz", "lz4", "snappy", "zlib", "zstd"];

const FLAG_BYTE_SHUFFLE = 0x01;
const FLAG_STORED = 0x02;
const FLAG_BIT_SHUFFLE = 0x04;
const FLAG_EXTENDED = 0x08;
const FLAG_DO_NOT_SPLIT = 0x10;

/**
 * Reads a chunk's header, and checks that it is consistent and matches the length of the chunk.
 *
 * @throws CodecError `corrupt`, or `unsupported` for chunks of Blosc 2.
 */
export function readBloscHeader(src: Uint8Array): BloscInfo {
  if (src.length < HEADER_SIZE) throw corrupt(`${src.length} bytes are shorter than a header`);
  const view = new DataView(src.buffer, src.byteOffset, HEADER_SIZE);
  const [version, compressorVersion, flags, typesize] = [src[0]!, src[1]!, src[2]!, src[3]!];
  const nbytes = view.getUint32(4, true);
  const blocksize = view.getUint32(8, true);
  const cbytes = view.getUint32(12, true);

  // First, since bytes of another kind, such as an error page, have a version and flags too.
  if (cbytes !== src.length) throw corrupt(`the header says ${cbytes} bytes, there are ${src.length}`);
  if (version > 2)
    throw new CodecError("unsupported", `Blosc chunk of format version ${version}; 2 is understood.`);
  if (version < 2) throw corrupt(`format version ${version}`);
  if (flags & FLAG_EXTENDED)
    throw new CodecError("unsupported", "Blosc chunk with the extended header of Blosc 2.");
  const compressor = COMPRESSORS[flags >> 5];
  if (!compressor || compressorVersion !== 1)
    throw corrupt(`compressor ${flags >> 5}, version ${compressorVersion}`);
  if (nbytes > MAX_NBYTES) throw corrupt(`content of ${nbytes} bytes`);

  const stored = (flags & FLAG_STORED) !== 0;
  if (stored && cbytes !== nbytes + HEADER_SIZE) throw corrupt(`${nbytes} stored bytes in ${cbytes}`);
  if (nbytes > 0) {
    if (typesize === 0) throw corrupt("element size 0");
    if (blocksize === 0 || blocksize > nbytes) throw corrupt(`blocks of ${blocksize} bytes in ${nbytes}`);
    const indexSize = 4 * Math.ceil(nbytes / blocksize);
    if (!stored && HEADER_SIZE + indexSize > cbytes)
      throw corrupt("it is too short for the index of its blocks");
  }

  return {
    nbytes,
    typesize,
    blocksize,
    cbytes,
    compressor,
    shuffle: shuffleOf(flags, typesize, blocksize),
    stored,
    split:
      !(flags & FLAG_DO_NOT_SPLIT) &&
      typesize <= MAX_SPLITS &&
      Math.floor(blocksize / typesize) >= MIN_SPLIT_STREAM,
  };
}

/** Byte shuffle takes precedence over bit shuffle, and has no effect on elements of one byte. */
function shuffleOf(flags: number, typesize: number, blocksize: number): BloscShuffle {
  if (flags & FLAG_BYTE_SHUFFLE && typesize > 1) return "byte";
  if (flags & FLAG_BIT_SHUFFLE && blocksize >= typesize) return "bit";
  return "none";
}

export function corrupt(what: string): CodecError {
  return new CodecError("corrupt", `Corrupt Blosc chunk: ${what}.`);
}
