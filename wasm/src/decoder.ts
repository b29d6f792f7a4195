import { type BloscInfo, corrupt, HEADER_SIZE, readBloscHeader } from "./blosc-header.ts";
import { CodecError } from "./errors.ts";
import { compileModule, type ModuleSource, once } from "./module.ts";

export { CodecError };

/** Decodes Blosc chunks, zstd frames and raw lz4 blocks. All calls are synchronous. */
export interface Decoder {
  /** Returns the header of a Blosc chunk, validated. Throws `corrupt` or `unsupported`. */
  bloscInfo(src: Uint8Array): BloscInfo;
  /**
   * Decodes bytes `offset` to `offset + dst.length` of the content of a Blosc chunk straight into `dst`.
   * Only the blocks that are needed are decoded.
   *
   * @throws CodecError `invalid` if the range is outside the content; `corrupt`; `unsupported` for the compressors
   * snappy and zlib. What `dst` holds after an error is undefined.
   */
  bloscDecode(src: Uint8Array, dst: Uint8Array, offset?: number): void;
  /** Returns the content size in the header of a zstd frame, or undefined if it has none. Throws `corrupt`. */
  zstdSize(src: Uint8Array): number | undefined;
  /** Decodes a zstd frame whose content is exactly as long as `dst`. Throws `corrupt`. */
  zstdDecode(src: Uint8Array, dst: Uint8Array): void;
  /** Decodes zstd frames with or without a content size in the header. Throws `corrupt`. */
  zstdDecodeAll(src: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Decodes a raw lz4 block whose content is exactly as long as `dst`. Throws `corrupt`. */
  lz4Decode(src: Uint8Array, dst: Uint8Array): void;
}

/** The exports of decoder.wasm (glue/decoder.c). */
interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  scratch_start(): number;
  zstd_content_size(src: number, srcSize: number): number;
  zstd_decoded_bound(src: number, srcSize: number): number;
  zstd_decode(src: number, srcSize: number, dst: number, dstSize: number): number;
  lz4_decode(src: number, srcSize: number, dst: number, dstSize: number): number;
  blosc_decode_block(
    src: number,
    srcSize: number,
    out: number,
    shuffled: number,
    blockSize: number,
    streamCount: number,
    format: number,
    filter: number,
    typeSize: number,
  ): number;
}

const UNSUPPORTED = -2;
const UNKNOWN_SIZE = -1;
const FORMATS = { blosclz: 0, lz4: 1, snappy: 2, zlib: 3, zstd: 4 } as const;
const FILTERS = { none: 0, byte: 1, bit: 2 } as const;

const PAGE = 65536;
const ALIGNMENT = 64;
/** Maximum length of a zstd frame header. */
const ZSTD_HEADER_SIZE = 18;
/** No codec expands one byte to more; a block that claims more is rejected before memory is allocated for it. */
const MAX_EXPANSION = 65536;
/** The module counts bytes in signed 32-bit integers. */
const MAX_SIZE = 2 ** 31 - 1;
/** Once its memory exceeds this, the instance is replaced after the call: a WebAssembly memory cannot shrink. */
const MEMORY_TO_KEEP = 64 * 2 ** 20;

/**
 * Returns the compiled module of {@link loadDecoder}. Pass it to `loadDecoder` on other threads, to share the
 * optimised code instead of compiling it on each thread.
 */
export const loadDecoderModule: (source?: ModuleSource) => Promise<WebAssembly.Module> = once(
  (source?: ModuleSource) => compileModule(source ?? new URL("./decoder.wasm", import.meta.url)),
);

/**
 * Returns the decoder of this thread: the first call loads the module, later calls return the same decoder.
 *
 * @param source where the module is, for the first call; by default `decoder.wasm` beside this file.
 * @throws CodecError `unsupported` where WebAssembly SIMD is missing. A load that failed is tried again.
 */
export const loadDecoder: (source?: ModuleSource) => Promise<Decoder> = once(
  async (source?: ModuleSource) => {
    const module = await loadDecoderModule(source);
    return new WasmDecoder(module, await WebAssembly.instantiate(module));
  },
);

class WasmDecoder implements Decoder {
  readonly #module: WebAssembly.Module;
  #wasm!: Exports;
  /** A view of the whole memory, recreated when the memory grows. */
  #heap!: Uint8Array<ArrayBuffer>;
  #scratch = 0;

  constructor(module: WebAssembly.Module, instance: WebAssembly.Instance) {
    this.#module = module;
    this.#adopt(instance);
  }

  bloscInfo(src: Uint8Array): BloscInfo {
    return readBloscHeader(src);
  }

  bloscDecode(src: Uint8Array, dst: Uint8Array, offset = 0): void {
    const info = readBloscHeader(src);
    const stop = offset + dst.length;
    if (!Number.isInteger(offset) || offset < 0 || stop > info.nbytes) {
      throw new CodecError(
        "invalid",
        `Bytes ${offset} to ${stop} are outside the ${info.nbytes} bytes of the Blosc chunk.`,
      );
    }
    if (dst.length === 0) return;
    if (info.stored) {
      dst.set(src.subarray(HEADER_SIZE + offset, HEADER_SIZE + stop));
      return;
    }
    if (info.compressor === "snappy" || info.compressor === "zlib") {
      throw new CodecError(
        "unsupported",
        `Blosc chunk compressed with ${info.compressor}, which is not built in.`,
      );
    }
    const view = new DataView(src.buffer, src.byteOffset, src.byteLength);
    const last = Math.floor((stop - 1) / info.blocksize);
    this.#trimming(() => {
      for (let block = Math.floor(offset / info.blocksize); block <= last; block++) {
        this.#decodeBlock(src, view, info, block, dst, offset);
      }
    });
  }

  zstdSize(src: Uint8Array): number | undefined {
    const start = this.#scratch;
    const head = src.subarray(0, ZSTD_HEADER_SIZE);
    this.#reserve(head.length);
    this.#heap.set(head, start);
    const size = this.#run(() => this.#wasm.zstd_content_size(start, head.length));
    if (size === UNKNOWN_SIZE) return undefined;
    if (size < 0) throw new CodecError("corrupt", "These bytes are not a zstd frame.");
    return size;
  }

  zstdDecode(src: Uint8Array, dst: Uint8Array): void {
    const size = this.zstdSize(src);
    if (size !== undefined && size !== dst.length) {
      throw new CodecError(
        "corrupt",
        `The zstd frame has ${size} bytes of content; ${dst.length} were expected.`,
      );
    }
    this.#trimming(() => dst.set(this.#whole("zstd", src, dst.length, true)));
  }

  zstdDecodeAll(src: Uint8Array): Uint8Array<ArrayBuffer> {
    return this.#trimming(() => {
      const start = this.#scratch;
      this.#reserve(src.length);
      this.#heap.set(src, start);
      const bound = this.#run(() => this.#wasm.zstd_decoded_bound(start, src.length));
      if (bound < 0) throw new CodecError("corrupt", "These bytes are not a zstd frame, or it is truncated.");
      return this.#whole("zstd", src, bound, false).slice();
    });
  }

  lz4Decode(src: Uint8Array, dst: Uint8Array): void {
    this.#trimming(() => dst.set(this.#whole("lz4", src, dst.length, true)));
  }

  /** Decodes `src` as a whole and returns a view of the content in WebAssembly's memory. */
  #whole(codec: "zstd" | "lz4", src: Uint8Array, size: number, exact: boolean): Uint8Array<ArrayBuffer> {
    if (size > src.length * MAX_EXPANSION) {
      throw new CodecError(
        "corrupt",
        `${src.length} bytes of ${codec} cannot hold ${size} bytes of content.`,
      );
    }
    if (size > MAX_SIZE || src.length > MAX_SIZE) {
      throw new CodecError(
        "memory",
        `${src.length} bytes of ${codec} with ${size} bytes of content exceed 2 GiB.`,
      );
    }
    const from = this.#scratch;
    const to = from + align(src.length);
    this.#reserve(to - from + size);
    this.#heap.set(src, from);
    const decode = codec === "zstd" ? this.#wasm.zstd_decode : this.#wasm.lz4_decode;
    const decoded = this.#run(() => decode(from, src.length, to, size));
    if (decoded < 0 || (exact && decoded !== size)) {
      throw new CodecError(
        "corrupt",
        `Corrupt ${codec} data: ${src.length} bytes that should decode to ${size}.`,
      );
    }
    return this.#heap.subarray(to, to + decoded);
  }

  /**
   * Decodes one block through scratch memory that stays in the processor's cache, and copies the part that overlaps
   * `dst`, whose first byte is byte `offset` of the content.
   */
  #decodeBlock(
    src: Uint8Array,
    view: DataView,
    info: BloscInfo,
    block: number,
    dst: Uint8Array,
    offset: number,
  ): void {
    const start = block * info.blocksize;
    const size = Math.min(info.blocksize, info.nbytes - start);
    const streams = info.split && size === info.blocksize ? info.typesize : 1;
    const { from, to } = extentOfStreams(view, view.getUint32(HEADER_SIZE + 4 * block, true), streams);
    if (size > (to - from) * MAX_EXPANSION) throw corrupt(`block ${block} of ${size} bytes in ${to - from}`);

    const input = this.#scratch;
    const output = input + align(to - from);
    const shuffled = output + align(size);
    this.#reserve(shuffled - input + size);
    this.#heap.set(src.subarray(from, to), input);
    const result = this.#run(() =>
      this.#wasm.blosc_decode_block(
        input,
        to - from,
        output,
        shuffled,
        size,
        streams,
        FORMATS[info.compressor],
        FILTERS[info.shuffle],
        info.typesize,
      ),
    );
    if (result === UNSUPPORTED) throw new CodecError("unsupported", `Blosc compressor ${info.compressor}.`);
    if (result < 0) throw corrupt(`block ${block} does not decode to its ${size} bytes`);

    const first = Math.max(0, offset - start);
    const last = Math.min(size, offset + dst.length - start);
    dst.set(this.#heap.subarray(output + first, output + last), start + first - offset);
  }

  /** Grows the memory to hold `size` bytes of scratch. */
  #reserve(size: number): void {
    const missing = this.#scratch + size - this.#heap.length;
    if (missing <= 0) return;
    try {
      this.#wasm.memory.grow(Math.ceil(missing / PAGE));
    } catch (cause) {
      throw new CodecError("memory", `WebAssembly cannot get ${missing} more bytes of memory.`, { cause });
    }
    this.#heap = new Uint8Array(this.#wasm.memory.buffer);
  }

  /** Calls into the module. A trap leaves the instance in an unknown state, so it is replaced. */
  #run(call: () => number): number {
    try {
      return call();
    } catch (cause) {
      this.#restart();
      throw new CodecError("corrupt", "The decoder trapped on invalid data.", { cause });
    }
  }

  /** Calls `decode`, and then frees the memory that it took if that is much, also after an error. */
  #trimming<T>(decode: () => T): T {
    try {
      return decode();
    } finally {
      if (this.#heap.length > MEMORY_TO_KEEP) this.#restart();
    }
  }

  #restart(): void {
    this.#adopt(new WebAssembly.Instance(this.#module));
  }

  #adopt(instance: WebAssembly.Instance): void {
    this.#wasm = instance.exports as unknown as Exports;
    this.#wasm._initialize();
    this.#heap = new Uint8Array(this.#wasm.memory.buffer);
    this.#scratch = align(this.#wasm.scratch_start());
  }
}

function align(size: number): number {
  return Math.ceil(size / ALIGNMENT) * ALIGNMENT;
}

/** Returns the extent of `count` streams, each of which is a length followed by that many bytes. */
function extentOfStreams(view: DataView, from: number, count: number): { from: number; to: number } {
  let to = from;
  for (let i = 0; i < count; i++) {
    if (to + 4 > view.byteLength) throw corrupt(`a stream at byte ${to} of ${view.byteLength}`);
    to += 4 + view.getUint32(to, true);
    if (to > view.byteLength) throw corrupt(`a stream that ends at byte ${to} of ${view.byteLength}`);
  }
  return { from, to };
}
