/** The interface of npm `numcodecs`. */
export interface Codec {
  encode(data: Uint8Array): Promise<Uint8Array>;
  /** Decodes into `out`, which must then be as long as the content, or into a new array. */
  decode(data: Uint8Array, out?: Uint8Array): Promise<Uint8Array>;
}
