/** The interface of npm `numcodecs`, and what zarrita wants to know besides. */
export interface Codec {
  readonly kind: "bytes_to_bytes";
  encode(data: Uint8Array): Promise<Uint8Array>;
  /** Decodes into `out`, which must then be as long as the content, or into a new array. */
  decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array>;
}

/** What zarrita tells a codec about the array, as far as it matters here. */
export interface ArrayMeta {
  dataType?: string;
}
