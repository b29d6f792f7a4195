import { LakotaError } from "./errors.ts";

// The codecs that can be written. `codecs/decoders.ts` and `codecs/encoders.ts` implement them all.
const VALUE_NAMES = ["msgpack2", "json2", "vlen-utf8"] as const;
const BYTES_NAMES = ["blosc", "zstd", "lz4", "gzip", "zlib", "shuffle"] as const;

/** A codec from a column of values to bytes: it can only come first. */
export type ValueCodecName = (typeof VALUE_NAMES)[number];
/** A codec from bytes to bytes. */
export type BytesCodecName = (typeof BYTES_NAMES)[number];

export const VALUE_CODECS: readonly string[] = VALUE_NAMES;
const BYTES_CODECS: readonly string[] = BYTES_NAMES;
/** Known to the format and refused: the browser has no decoder, or decoding would be unsafe. */
const REFUSED_CODECS = ["bz2", "lzma", "base64", "pickle"];

/** Codecs of one column at most. */
export const MAX_CODECS = 8;

/** @throws `unsupported-codec`, naming the column, the codec and those that are supported */
export function checkCodec(codec: string, column: string): void {
  if (VALUE_CODECS.includes(codec) || BYTES_CODECS.includes(codec)) return;
  const known = [...VALUE_CODECS, ...BYTES_CODECS].join(", ");
  const why = REFUSED_CODECS.includes(codec) ? "is not supported in browsers" : "is unknown";
  throw new LakotaError(
    "unsupported-codec",
    `Column "${column}": the codec ${codec} ${why}. Supported: ${known}.`,
  );
}
