import { loadDecoder } from "../decoder.ts";
import { loadEncoder } from "../encoder.ts";
import { CodecError } from "../errors.ts";
import type { Codec } from "./codec.ts";

export interface LZ4Config {
  id?: string;
  /** 1 (smallest, the default) to 65537 (fastest); less than 1 means 1. */
  acceleration?: number;
}

/** Bytes of the content size, which precedes the block. */
const HEADER_SIZE = 4;
/** lz4 expands one byte to at most this many. */
const MAX_EXPANSION = 255;

/** The content size (uint32, little-endian) followed by a raw lz4 block, with the interface of npm `numcodecs`. */
export class LZ4 implements Codec {
  static readonly codecId = "lz4";
  static readonly DEFAULT_ACCELERATION = 1;
  static readonly max_buffer_size = 0x7e000000;

  readonly kind = "bytes_to_bytes";
  readonly #acceleration: number;

  private constructor(acceleration: number) {
    this.#acceleration = Math.max(LZ4.DEFAULT_ACCELERATION, acceleration);
  }

  /** @example const codec = LZ4.fromConfig({ acceleration: 1 }); */
  static fromConfig(config?: LZ4Config): LZ4;
  static fromConfig(config: unknown): LZ4;
  static fromConfig({ acceleration = LZ4.DEFAULT_ACCELERATION }: LZ4Config = {}): LZ4 {
    return new LZ4(acceleration);
  }

  async encode(data: Uint8Array): Promise<Uint8Array> {
    const block = (await loadEncoder()).lz4Encode(data, this.#acceleration);
    const encoded = new Uint8Array(HEADER_SIZE + block.length);
    new DataView(encoded.buffer).setUint32(0, data.length, true);
    encoded.set(block, HEADER_SIZE);
    return encoded;
  }

  async decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array> {
    const decoder = await loadDecoder();
    if (data.length < HEADER_SIZE) throw new CodecError("corrupt", "These bytes are too short for lz4 data.");
    const size = new DataView(data.buffer, data.byteOffset, data.byteLength).getUint32(0, true);
    const block = data.subarray(HEADER_SIZE);
    if (size > block.length * MAX_EXPANSION) {
      throw new CodecError(
        "corrupt",
        `An lz4 block of ${block.length} bytes cannot hold ${size} bytes of content.`,
      );
    }
    if (out && out.length !== size) {
      throw new CodecError("invalid", `The output has ${out.length} bytes, but the block's content ${size}.`);
    }
    const content = out ?? new Uint8Array(size);
    decoder.lz4Decode(block, content);
    return content;
  }
}
