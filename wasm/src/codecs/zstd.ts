import { loadDecoder } from "../decoder.ts";
import { loadEncoder } from "../encoder.ts";
import { CodecError } from "../errors.ts";
import type { Codec } from "./codec.ts";

export interface ZstdConfig {
  id?: string;
  /** −131072 to 22, default 1; 0 means zstd's own default, 3. */
  level?: number;
  /** Default false. */
  checksum?: boolean;
}

/** One zstd frame with its content size, with the interface of npm `numcodecs`. */
export class Zstd implements Codec {
  static readonly codecId = "zstd";
  static readonly DEFAULT_CLEVEL = 1;
  static readonly MAX_CLEVEL = 22;

  readonly kind = "bytes_to_bytes";
  readonly #level: number;
  readonly #checksum: boolean;

  private constructor(level: number, checksum: boolean) {
    this.#level = level;
    this.#checksum = checksum;
  }

  /** @example const codec = Zstd.fromConfig({ level: 3 }); */
  static fromConfig(config?: ZstdConfig): Zstd;
  static fromConfig(config: unknown): Zstd;
  static fromConfig({ level = Zstd.DEFAULT_CLEVEL, checksum = false }: ZstdConfig = {}): Zstd {
    return new Zstd(level, checksum);
  }

  async encode(data: Uint8Array): Promise<Uint8Array> {
    return (await loadEncoder()).zstdEncode(data, this.#level, this.#checksum);
  }

  async decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array> {
    const decoder = await loadDecoder();
    if (!out) return decoder.zstdDecodeAll(data);
    const size = decoder.zstdSize(data);
    if (size !== undefined && size !== out.length) {
      throw new CodecError("invalid", `The output has ${out.length} bytes, but the frame's content ${size}.`);
    }
    decoder.zstdDecode(data, out);
    return out;
  }
}
