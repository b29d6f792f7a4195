import { CodecError, type Decoder, type Encoder, loadDecoder, loadEncoder } from "numcodecs-wasm";
import { LakotaError } from "../model/errors.ts";

/** The WebAssembly decoder, loaded once a thread. @throws `unsupported` where the platform cannot run it. */
export const wasmDecoder = (): Promise<Decoder> => loadDecoder().catch(fail);

/** The encoder, fetched on the first write. */
export const wasmEncoder = (): Promise<Encoder> => loadEncoder().catch(fail);

function fail(cause: unknown): never {
  if (cause instanceof CodecError && cause.code === "unsupported") {
    throw new LakotaError("unsupported", cause.message, { cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new LakotaError("network", `The WebAssembly codecs could not be loaded: ${message}`, { cause });
}
