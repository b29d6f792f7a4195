import { CodecError, type Decoder, loadDecoder, loadDecoderModule } from "numcodecs-wasm/decoder";
import { LakotaError } from "../model/errors.ts";

/**
 * The WebAssembly decoder, loaded once a thread.
 *
 * @param module what another thread has compiled
 * @throws `unsupported` where the platform cannot run it.
 */
export const wasmDecoder = (module?: WebAssembly.Module): Promise<Decoder> =>
  loadDecoder(module).catch(cannotLoad);

/** The decoder's compiled code, for other threads to share; undefined where there can be none. */
export const wasmDecoderModule = (): Promise<WebAssembly.Module | undefined> =>
  loadDecoderModule().catch(() => undefined);

/** What to throw where a module cannot be had. */
export function cannotLoad(cause: unknown): never {
  if (cause instanceof CodecError && cause.code === "unsupported") {
    throw new LakotaError("unsupported", cause.message, { cause });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  throw new LakotaError("network", `The WebAssembly codecs could not be loaded: ${message}`, { cause });
}
