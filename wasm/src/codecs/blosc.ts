import { loadDecoder } from "../decoder.ts";
import { type BloscOptions, loadEncoder } from "../encoder.ts";
import { CodecError } from "../errors.ts";
import type { ArrayMeta, Codec } from "./codec.ts";
import { itemSize } from "./item-size.ts";

export interface BloscConfig {
  id?: string;
  /** Default `lz4`. */
  cname?: string;
  /** 0 to 9, default 5. */
  clevel?: number;
  /** 0 none, 1 bytes (default), 2 bits, −1 by element size; or a name as in Zarr 3, such as `noshuffle`. */
  shuffle?: number | string;
  /** Default 0: automatic. */
  blocksize?: number;
  /** Element size in bytes. Default: that of the array's data type if known, else 4. */
  typesize?: number;
}

const NAMED_SHUFFLES: Record<string, number> = { noshuffle: 0, shuffle: 1, bitshuffle: 2 };
const FILTERS = ["none", "byte", "bit"] as const;
const CNAMES = ["blosclz", "lz4", "lz4hc", "zstd"] as const;
const DEFAULT_TYPESIZE = 4;

/** Blosc chunks, with the interface and defaults of npm `numcodecs`. */
export class Blosc implements Codec {
  static readonly codecId = "blosc";
  static readonly COMPRESSORS: readonly string[] = CNAMES;
  static readonly NOSHUFFLE = 0;
  static readonly SHUFFLE = 1;
  static readonly BITSHUFFLE = 2;
  static readonly AUTOSHUFFLE = -1;

  readonly kind = "bytes_to_bytes";
  readonly #options: BloscOptions;

  private constructor(options: BloscOptions) {
    this.#options = options;
  }

  /**
   * @param meta the array metadata that zarrita passes: its data type gives the default element size.
   * @throws CodecError `invalid`, or `unsupported` for a compressor that is not built in.
   * @example const codec = Blosc.fromConfig({ cname: "zstd", clevel: 5, shuffle: 2, typesize: 8 });
   */
  static fromConfig(config?: BloscConfig, meta?: ArrayMeta): Blosc;
  static fromConfig(config: unknown, meta?: ArrayMeta): Blosc;
  static fromConfig(config: BloscConfig = {}, meta?: ArrayMeta): Blosc {
    const { cname = "lz4", clevel = 5, shuffle = Blosc.SHUFFLE, blocksize = 0 } = config;
    const typesize = config.typesize ?? itemSize(meta?.dataType) ?? DEFAULT_TYPESIZE;
    return new Blosc({
      cname: knownCname(cname),
      clevel,
      shuffle: filterOf(shuffle, typesize),
      typesize,
      blocksize,
    });
  }

  async encode(data: Uint8Array): Promise<Uint8Array> {
    return (await loadEncoder()).bloscEncode(data, this.#options);
  }

  async decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array> {
    const decoder = await loadDecoder();
    const { nbytes } = decoder.bloscInfo(data);
    if (out && out.length !== nbytes) {
      throw new CodecError(
        "invalid",
        `The output has ${out.length} bytes, but the chunk's content ${nbytes}.`,
      );
    }
    const content = out ?? new Uint8Array(nbytes);
    decoder.bloscDecode(data, content);
    return content;
  }
}

function knownCname(cname: string): BloscOptions["cname"] {
  const known = CNAMES.find((name) => name === cname);
  if (known) return known;
  if (cname === "snappy" || cname === "zlib") {
    throw new CodecError(
      "unsupported",
      `Blosc compressor "${cname}" is not built in; use ${CNAMES.join(", ")}.`,
    );
  }
  throw new CodecError("invalid", `Unknown Blosc compressor "${cname}"; use ${CNAMES.join(", ")}.`);
}

function filterOf(shuffle: number | string, typesize: number): BloscOptions["shuffle"] {
  const number = typeof shuffle === "string" ? NAMED_SHUFFLES[shuffle] : shuffle;
  const chosen = number === Blosc.AUTOSHUFFLE ? (typesize === 1 ? Blosc.BITSHUFFLE : Blosc.SHUFFLE) : number;
  const filter = FILTERS[chosen ?? Number.NaN];
  if (!filter) throw new CodecError("invalid", `Unknown Blosc shuffle ${JSON.stringify(shuffle)}.`);
  return filter;
}
