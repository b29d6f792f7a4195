/** The interface of npm `numcodecs`, with the `kind` that zarrita needs. */
export interface Codec {
  readonly kind: "bytes_to_bytes";
  encode(data: Uint8Array): Promise<Uint8Array>;
  /** Decodes into `out`, which must be as long as the content, or into a new array if it is omitted. */
  decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array>;
}

/** The part of zarrita's array metadata that the codecs use. */
export interface ArrayMeta {
  dataType?: string;
}
