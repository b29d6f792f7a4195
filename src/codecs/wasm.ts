import { type Decoder, loadDecoder, loadDecoderModule } from "numcodecs-wasm/decoder";
import { lazy } from "../async/lazy.ts";

/**
 * Returns the WebAssembly decoder, loaded once per thread.
 *
 * @param module the module that another thread has compiled
 * @throws `unsupported` if the platform cannot run it, or the page does not allow it; `offline`, `network`
 */
export const wasmDecoder = (module?: WebAssembly.Module): Promise<Decoder> =>
  loadDecoder(module).catch(cannotLoad);

/** Returns the compiled decoder, to be sent to other threads; undefined if it cannot be loaded. */
export const wasmDecoderModule = (): Promise<WebAssembly.Module | undefined> =>
  loadDecoderModule().catch(() => undefined);

const failures = lazy(() => import("./load-failure.ts"));

/** Explains why the code of codecs could not be loaded. @throws `unsupported`, `offline`, `network` */
export async function cannotLoad(cause: unknown): Promise<never> {
  throw (await failures()).loadFailure(cause);
}
