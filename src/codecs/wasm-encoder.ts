import { type Encoder, loadEncoder } from "numcodecs-wasm/encoder";
import { lazy } from "../async/lazy.ts";
import { cannotLoad } from "./wasm.ts";

/**
 * Returns the WebAssembly encoder. It is fetched on the first write; readers never load it. @throws
 * `unsupported`, `network`
 */
export const wasmEncoder = lazy((): Promise<Encoder> => loadEncoder().catch(cannotLoad));
