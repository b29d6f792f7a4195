/**
 * Why a codec failed:
 * - `corrupt`: the encoded bytes are malformed, truncated, or do not decode to the size they should;
 * - `invalid`: the caller's arguments are invalid (a level out of range, a buffer of the wrong length);
 * - `unsupported`: valid, but not supported by this package or this browser;
 * - `memory`: WebAssembly could not get the memory that the data needs.
 */
export type CodecErrorCode = "corrupt" | "invalid" | "unsupported" | "memory";

/** The error class of this package. */
export class CodecError extends Error {
  override readonly name = "CodecError";
  readonly code: CodecErrorCode;

  constructor(code: CodecErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
