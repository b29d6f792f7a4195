import { CodecError } from "./errors.ts";
import { compileModule, type ModuleSource, once } from "./module.ts";

/** Parameters of a Blosc chunk. */
export interface BloscOptions {
  cname: "blosclz" | "lz4" | "lz4hc" | "zstd";
  /** 0 (store) to 9. */
  clevel: number;
  shuffle: "none" | "byte" | "bit";
  /** Size of one element in bytes, 1 to 255. */
  typesize: number;
  /** Bytes of content per block; 0 lets Blosc choose. */
  blocksize: number;
}

/** Encodes Blosc chunks, zstd frames and raw lz4 blocks. All calls are synchronous and throw CodecError `invalid`. */
export interface Encoder {
  /** Returns a Blosc 1 chunk, byte for byte as c-blosc writes it with one thread. */
  bloscEncode(src: Uint8Array, options: BloscOptions): Uint8Array<ArrayBuffer>;
  /** Returns a zstd frame with content size; `level` is −131072 to 22. A checksum adds 4 bytes. */
  zstdEncode(src: Uint8Array, level: number, checksum?: boolean): Uint8Array<ArrayBuffer>;
  /** Returns a raw lz4 block; `acceleration` is 1 (smallest) to 65537 (fastest). */
  lz4Encode(src: Uint8Array, acceleration: number): Uint8Array<ArrayBuffer>;
}

/** The exports of encoder.wasm (glue/encoder.c). */
interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  allocate(size: number): number;
  release(pointer: number): void;
  blosc_encode(
    src: number,
    size: number,
    dst: number,
    compressor: number,
    level: number,
    shuffle: number,
    typeSize: number,
    blockSize: number,
  ): number;
  zstd_bound(size: number): number;
  zstd_encode(
    src: number,
    size: number,
    dst: number,
    dstSize: number,
    level: number,
    checksum: number,
  ): number;
  lz4_bound(size: number): number;
  lz4_encode(src: number, size: number, dst: number, dstSize: number, acceleration: number): number;
}

const BLOSC_OVERHEAD = 16;
const MAX_BLOSC_SIZE = 2 ** 31 - 1 - BLOSC_OVERHEAD;
const MAX_LZ4_SIZE = 0x7e000000;
const MAX_ZSTD_SIZE = 2 ** 31 - 2 ** 24;
const CNAMES: readonly string[] = ["blosclz", "lz4", "lz4hc", "zstd"];
const SHUFFLES: readonly string[] = ["none", "byte", "bit"];
const MIN_ZSTD_LEVEL = -131072;
const MAX_ZSTD_LEVEL = 22;
const MAX_LZ4_ACCELERATION = 65537;
/** Once its memory exceeds this, the instance is replaced after the call: a WebAssembly memory cannot shrink. */
const MEMORY_TO_KEEP = 64 * 2 ** 20;

const imports: WebAssembly.Imports = { env: { emscripten_notify_memory_growth() {} } };

/**
 * Returns the encoder of this thread: the first call loads the module, later calls return the same encoder.
 *
 * @param source where the module is, for the first call; by default `encoder.wasm` beside this file.
 * @throws CodecError `unsupported` where WebAssembly SIMD is missing. A load that failed is tried again.
 */
export const loadEncoder: (source?: ModuleSource) => Promise<Encoder> = once(
  async (source?: ModuleSource) => {
    const module = await compileModule(source ?? new URL("./encoder.wasm", import.meta.url));
    return new WasmEncoder(module, await WebAssembly.instantiate(module, imports));
  },
);

class WasmEncoder implements Encoder {
  readonly #module: WebAssembly.Module;
  #wasm!: Exports;

  constructor(module: WebAssembly.Module, instance: WebAssembly.Instance) {
    this.#module = module;
    this.#adopt(instance);
  }

  bloscEncode(src: Uint8Array, options: BloscOptions): Uint8Array<ArrayBuffer> {
    const { clevel, typesize, blocksize } = options;
    const compressor = indexOf("cname", CNAMES, options.cname);
    const shuffle = indexOf("shuffle", SHUFFLES, options.shuffle);
    checkInteger("clevel", clevel, 0, 9);
    checkInteger("typesize", typesize, 1, 255);
    checkInteger("blocksize", blocksize, 0, 2 ** 31 - 1);
    checkInteger("the size of the data", src.length, 0, MAX_BLOSC_SIZE);
    return this.#encode(src, src.length + BLOSC_OVERHEAD, (from, to) =>
      this.#wasm.blosc_encode(from, src.length, to, compressor, clevel, shuffle, typesize, blocksize),
    );
  }

  zstdEncode(src: Uint8Array, level: number, checksum = false): Uint8Array<ArrayBuffer> {
    checkInteger("level", level, MIN_ZSTD_LEVEL, MAX_ZSTD_LEVEL);
    checkInteger("the size of the data", src.length, 0, MAX_ZSTD_SIZE);
    const bound = this.#wasm.zstd_bound(src.length);
    return this.#encode(src, bound, (from, to) =>
      this.#wasm.zstd_encode(from, src.length, to, bound, level, checksum ? 1 : 0),
    );
  }

  lz4Encode(src: Uint8Array, acceleration: number): Uint8Array<ArrayBuffer> {
    checkInteger("acceleration", acceleration, 1, MAX_LZ4_ACCELERATION);
    checkInteger("the size of the data", src.length, 0, MAX_LZ4_SIZE);
    const bound = this.#wasm.lz4_bound(src.length);
    return this.#encode(src, bound, (from, to) =>
      this.#wasm.lz4_encode(from, src.length, to, bound, acceleration),
    );
  }

  /** Copies `src` into memory, calls `run` with the addresses of input and output, and copies the result out. */
  #encode(
    src: Uint8Array,
    bound: number,
    run: (from: number, to: number) => number,
  ): Uint8Array<ArrayBuffer> {
    const from = this.#allocate(src.length + bound);
    const to = from + src.length;
    let encoded: Uint8Array<ArrayBuffer> | undefined;
    try {
      new Uint8Array(this.#wasm.memory.buffer, from, src.length).set(src);
      const size = run(from, to);
      if (size > 0) encoded = new Uint8Array(this.#wasm.memory.buffer, to, size).slice();
    } catch (cause) {
      // A trap leaves the instance in an unknown state.
      this.#restart();
      throw new CodecError("memory", `The encoder trapped on ${src.length} bytes.`, { cause });
    }
    this.#wasm.release(from);
    if (this.#wasm.memory.buffer.byteLength > MEMORY_TO_KEEP) this.#restart();
    if (!encoded) throw new CodecError("memory", `The encoder ran out of memory on ${src.length} bytes.`);
    return encoded;
  }

  #allocate(size: number): number {
    const pointer = this.#wasm.allocate(size) >>> 0;
    if (pointer === 0) throw new CodecError("memory", `WebAssembly cannot get ${size} bytes of memory.`);
    return pointer;
  }

  #restart(): void {
    this.#adopt(new WebAssembly.Instance(this.#module, imports));
  }

  #adopt(instance: WebAssembly.Instance): void {
    this.#wasm = instance.exports as unknown as Exports;
    this.#wasm._initialize();
  }
}

function indexOf(name: string, allowed: readonly string[], value: string): number {
  const index = allowed.indexOf(value);
  if (index < 0) throw new CodecError("invalid", `${name} is "${value}", not one of ${allowed.join(", ")}.`);
  return index;
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new CodecError("invalid", `${name} is ${value}, not an integer from ${min} to ${max}.`);
  }
}
