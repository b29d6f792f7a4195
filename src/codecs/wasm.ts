import { CodecError, type Decoder, loadDecoder, loadDecoderModule } from "numcodecs-wasm/decoder";
import { codeOfNoNetwork } from "../async/lazy.ts";
import { LakotaError } from "../model/errors.ts";

/**
 * Returns the WebAssembly decoder, loaded once per thread.
 *
 * @param module the module that another thread has compiled
 * @throws `unsupported` if the platform cannot run it, `offline`, `network`
 */
export const wasmDecoder = (module?: WebAssembly.Module): Promise<Decoder> =>
  loadDecoder(module).catch(cannotLoad);

/** Returns the compiled decoder, to be sent to other threads; undefined if it cannot be loaded. */
export const wasmDecoderModule = (): Promise<WebAssembly.Module | undefined> =>
  loadDecoderModule().catch(() => undefined);

/** Converts the failure to load the code of codecs. @throws `unsupported`, `offline`, `network` */
export function cannotLoad(cause: unknown): never {
  if (cause instanceof CodecError && cause.code === "unsupported") {
    throw new LakotaError("unsupported", cause.message, { cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new LakotaError(codeOfNoNetwork(), `The codecs could not be loaded: ${message}`, { cause });
}
